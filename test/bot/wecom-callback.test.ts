import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { fastify } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { receiveCallbacks } from '../../bot/channels/wecom/callback.ts'
import { type CallbackKeys, callbackCrypto } from '../../bot/channels/wecom/crypto.ts'
import { type Xml, xmlText } from '../../bot/channels/wecom/xml.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { channelMemory } from '../fakes/channel-memory.ts'

const app: CallbackKeys = { token: 'app-token', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', receiveId: 'ww01' }
const other: CallbackKeys = { token: 'kf-token', aesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg', receiveId: 'ww01' }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Taken = { readonly by: string; readonly callback: Xml }

/** The address with an app and 微信客服 behind it. */
async function opened(options: { kf?: CallbackKeys; take?: (taken: Taken) => Promise<void>; closed?: boolean } = {}) {
  const taken: Taken[] = []
  const memory = channelMemory()
  const http = fastify({ logger: false })
  const kfEvent = (callback: Xml) => xmlText(callback, 'Event') === 'kf_msg_or_event'
  const taker = (by: string) => () =>
    options.closed === true
      ? null
      : async (callback: Xml) => {
          await options.take?.({ by, callback })
          taken.push({ by, callback })
        }
  receiveCallbacks(http, silentLog, {
    name: 'wecom',
    state: memory('wecom').state,
    keys: app,
    wants: (callback) => !kfEvent(callback),
    taker: taker('app'),
  })
  receiveCallbacks(http, silentLog, {
    name: 'kf',
    state: memory('kf').state,
    keys: options.kf ?? app,
    wants: kfEvent,
    taker: taker('kf'),
  })
  const root = await http.listen({ host: '127.0.0.1', port: 0 })
  closing.push(() => http.close())
  return { memory, taken, url: `${root}/wecom/callback` }
}

function signed(keys: CallbackKeys, sealed: string, change: Readonly<Record<string, string>> = {}): string {
  const of = { timestamp: '1700000000', nonce: 'n1' }
  const msg_signature = callbackCrypto(keys).signatureOf(of.timestamp, of.nonce, sealed)
  return new URLSearchParams({ msg_signature, ...of, ...change }).toString()
}

function posted(url: string, keys: CallbackKeys, xml: string, change?: Readonly<Record<string, string>>): Promise<Response> {
  const sealed = callbackCrypto(keys).seal(xml)
  return fetch(`${url}?${signed(keys, sealed, change)}`, {
    method: 'POST',
    body: `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><AgentID>1000002</AgentID></xml>`,
  })
}

const said = '<xml><MsgType>text</MsgType><Content>你好</Content></xml>'
const doorbell = '<xml><MsgType>event</MsgType><Event>kf_msg_or_event</Event></xml>'

test('the address is verified with the plain text, and only for whoever knows the keys', async () => {
  const { url } = await opened({ kf: other })
  for (const keys of [app, other]) {
    const echostr = callbackCrypto(keys).seal('1616140317555161061')
    const answer = await fetch(`${url}?${signed(keys, echostr, { echostr })}`)
    expect([answer.status, await answer.text()]).toEqual([200, '1616140317555161061'])
    const forged = await fetch(`${url}?${signed(keys, echostr, { echostr, nonce: 'n2' })}`)
    expect([forged.status, await forged.text()]).toEqual([403, ''])
  }
  expect((await fetch(url)).status).toBe(403)
})

test('what came goes to whom it is for, with keys of their own or in common', async () => {
  for (const kf of [app, other]) {
    const { url, taken } = await opened({ kf })
    expect((await posted(url, app, said)).status).toBe(200)
    expect((await posted(url, kf, doorbell)).status).toBe(200)
    expect(taken.map((each) => each.by)).toEqual(['app', 'kf'])
    expect(xmlText(taken[0]?.callback ?? { text: '', children: new Map() }, 'Content')).toBe('你好')
  }
})

test('what nobody wants or can read is done with; what could not be stored comes again', async () => {
  const { url, taken } = await opened({ kf: other })
  expect((await posted(url, other, said)).status).toBe(200)
  expect((await posted(url, app, 'no xml')).status).toBe(200)
  expect(taken).toEqual([])
  const failing = await opened({ take: () => Promise.reject(new Error('database is down')) })
  expect((await posted(failing.url, app, said)).status).toBe(503)
  const closed = await opened({ closed: true })
  expect((await posted(closed.url, app, said)).status).toBe(503)
})

test('a signature of another time, another receiver or a stranger opens nothing', async () => {
  const { url, taken } = await opened()
  expect((await posted(url, app, said, { timestamp: '1700000001' })).status).toBe(403)
  expect((await posted(url, { ...app, receiveId: 'ww02' }, said)).status).toBe(403)
  expect((await posted(url, { ...app, token: 'guess' }, said)).status).toBe(403)
  expect((await posted(url, { ...app, aesKey: other.aesKey }, said)).status).toBe(403)
  expect(taken).toEqual([])
})

test('inside it is known which key did not fit', async () => {
  const { url, memory } = await opened()
  const noted = async () => Object.keys((await memory('wecom').state.get('callbacks')) ?? {}).sort()
  await posted(url, app, said)
  await posted(url, { ...app, token: 'guess' }, said)
  await posted(url, { ...app, aesKey: other.aesKey }, said)
  await posted(url, { ...app, receiveId: 'ww02' }, said)
  await expect.poll(noted).toEqual(['aes_key', 'corp_id', 'taken', 'token'])
})

test('a body beyond every callback is not read to its end', async () => {
  const { url, taken } = await opened()
  const { port, hostname } = new URL(url)
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString())
    })
    const query = signed(app, 'x')
    socket.write(`POST /wecom/callback?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n<xml>`)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413/)
  expect(taken).toEqual([])
})

const attacks = new URL('../../../shared/attacks/webhook/wecom_bodies.jsonl', import.meta.url)

describe.skipIf(!existsSync(attacks))('forged and broken bodies', () => {
  test('each is refused, unsigned and with a signature made up for it, and nothing is stored', async () => {
    const { url, taken } = await opened()
    const lines = readFileSync(attacks, 'utf8').trim().split('\n')
    for (const line of lines) {
      const { id, body_b64 } = JSON.parse(line) as { id: string; body_b64: string }
      for (const query of ['', '?msg_signature=&timestamp=&nonce=', `?${signed({ ...app, token: 'guess' }, 'x')}`])
        expect([id, query, await statusOf(`${url}${query}`, Buffer.from(body_b64, 'base64'))]).toEqual([
          id,
          query,
          expect.toSatisfy((status: number) => status >= 400 && status < 500),
        ])
    }
    expect(taken).toEqual([])
  })
})

/** Reads the status even when the server answers before the body is complete. */
function statusOf(url: string, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(
      url,
      { method: 'POST', headers: { 'content-type': 'text/xml', 'content-length': body.length } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    asked.on('error', () => undefined)
    asked.end(body)
  })
}
