import { setTimeout as wait } from 'node:timers/promises'
import { type CallbackKeys, callbackCrypto } from '../../bot/channels/wecom/crypto.ts'

export type Delivery = { readonly xml: string; readonly status: readonly (number | 'cut')[] }

/** WeCom's side of a callback address: signs, seals, waits five seconds, tries three more times, then gives up. */
export function callbackSender(keys: CallbackKeys, url: () => string) {
  const crypto = callbackCrypto(keys)
  const queues = new Map<string, Promise<unknown>>()
  const deliveries: Delivery[] = []
  const answerWithin = 5_000
  const pausesMs = [200, 800, 3_000]
  let lastId = 7_254_378_429_384_720_000n
  let stopped = false

  async function tryOnce(xml: string): Promise<number | 'cut'> {
    const sealed = crypto.seal(xml)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const nonce = String(lastId % 1_000_000_007n)
    const msg_signature = crypto.signatureOf(timestamp, nonce, sealed)
    const query = new URLSearchParams({ msg_signature, timestamp, nonce })
    const body = `<xml><ToUserName><![CDATA[${keys.receiveId}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt><AgentID><![CDATA[1000002]]></AgentID></xml>`
    return fetch(`${url()}/wecom/callback?${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml' },
      signal: AbortSignal.timeout(answerWithin),
    }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.status
      },
      () => 'cut' as const,
    )
  }

  async function deliver(xml: string): Promise<Delivery> {
    const status: (number | 'cut')[] = []
    for (const pause of [0, ...pausesMs]) {
      await wait(pause)
      if (stopped) break
      status.push(await tryOnce(xml))
      if (status.at(-1) === 200) break
    }
    const delivery = { xml, status }
    deliveries.push(delivery)
    return delivery
  }

  /** One member's messages go one after the other. */
  function queued(user: string, xml: string): Promise<Delivery> {
    const next = (queues.get(user) ?? Promise.resolve()).then(() => deliver(xml))
    queues.set(user, next)
    return next
  }

  const element = (name: string, value: string | number) =>
    typeof value === 'number'
      ? `<${name}>${value}</${name}>`
      : `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
  const xmlOf = (user: string, fields: Readonly<Record<string, string | number>>) =>
    `<xml>${Object.entries({
      ToUserName: keys.receiveId ?? '',
      FromUserName: user,
      CreateTime: Math.floor(Date.now() / 1000),
      AgentID: 1000002,
      ...fields,
    })
      .map(([name, value]) => element(name, value))
      .join('')}</xml>`

  return {
    deliveries,
    /** One delivery as it is, signed and sealed. */
    post: tryOnce,
    xmlOf,
    message(user: string, fields: Readonly<Record<string, string | number>>): Promise<Delivery> {
      lastId += 1n
      return queued(user, xmlOf(user, { MsgId: String(lastId), ...fields }))
    },
    event(user: string, event: string, fields: Readonly<Record<string, string | number>> = {}): Promise<Delivery> {
      return queued(user, xmlOf(user, { MsgType: 'event', Event: event, ...fields }))
    },
    say(user: string, text: string): Promise<Delivery> {
      return this.message(user, { MsgType: 'text', Content: text })
    },
    async close() {
      stopped = true
      await Promise.allSettled(queues.values())
    },
  }
}
