import { createCipheriv, createHash, randomBytes } from 'node:crypto'

export type BellKeys = { readonly token: string; readonly aesKey: string; readonly corpId: string }

const tries = 3
const withinMs = 5_000

/** Seals as WeCom does; written independently of the code under test, so that both cannot be wrong in the same way. */
export function sealed(xml: string, keys: BellKeys): { query: string; body: string } {
  const key = Buffer.from(`${keys.aesKey}=`, 'base64')
  const message = Buffer.from(xml)
  const length = Buffer.from(
    [message.length >>> 24, message.length >>> 16, message.length >>> 8, message.length].map((n) => n & 255),
  )
  const plain = Buffer.concat([randomBytes(16), length, message, Buffer.from(keys.corpId)])
  const pad = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  cipher.setAutoPadding(false)
  const encrypt = cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)]), undefined, 'base64') + cipher.final('base64')
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(6).toString('hex')
  const signature = createHash('sha1').update([keys.token, timestamp, nonce, encrypt].sort().join('')).digest('hex')
  return {
    query: `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
    body: `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><ToUserName><![CDATA[${keys.corpId}]]></ToUserName><AgentID></AgentID></xml>`,
  }
}

export type Rung = { readonly status: number | null; readonly ms: number }

/** Rings once: an answer other than 200, or none within 5 s, brings it again, three times in all. */
export async function ring(url: () => string | null, xml: string, keys: BellKeys): Promise<Rung[]> {
  const rung: Rung[] = []
  for (let tried = 0; tried < tries; tried += 1) {
    const { query, body } = sealed(xml, keys)
    const began = performance.now()
    const status = await fetch(`${url() ?? 'http://127.0.0.1:9'}?${query}`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(withinMs),
    }).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => null,
    )
    rung.push({ status, ms: performance.now() - began })
    if (status === 200) break
    await new Promise((go) => setTimeout(go, 200 * (tried + 1)))
  }
  return rung
}
