import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Service } from '../../bot/service.ts'
import { type AibotServer, aibotServer } from '../fakes/aibot-server.ts'
import { aibotEnv } from '../fakes/aibot-world.ts'
import { sealed } from '../fakes/kf/bell.ts'
import { type KfServer, kfServer } from '../fakes/kf-server.ts'
import { kfEnv } from '../fakes/kf-world.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'
import { senderTo, wecomEnv, wecomKeys } from '../fakes/wecom-world.ts'

let kf: KfServer
let aibot: AibotServer
let world: TestPark
let service: Service
let platform: ReturnType<typeof senderTo>
const log: string[] = []

beforeAll(async () => {
  kf = await kfServer()
  aibot = await aibotServer()
  world = await openTestPark({ ...wecomEnv(kf), ...kfEnv(kf), ...aibotEnv(aibot), DEMO: '1' })
  service = (await startService(world, (event) => void log.push(event))).service
  kf.callback = `${service.url}wecom/callback`
  platform = senderTo(kf, () => service.url.replace(/\/$/, ''))
})
afterAll(async () => {
  await platform.close()
  await service.stop()
  await world.close()
  await kf.close()
  await aibot.close()
})

const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const count = async (where: string) =>
  (await world.database.pool.query<{ n: number }>(`select count(*)::int as n from inbox where ${where}`)).rows[0]?.n
const appKeys = { token: wecomKeys.WECOM_TOKEN, aesKey: wecomKeys.WECOM_AES_KEY, corpId: 'wwTEST0123456789ab' }

/** Posts to the callback address as it is given. @returns the status, or what happened to the line */
function post(query: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/xml'): Promise<number | string> {
  return fetch(`${service.url}wecom/callback?${query}`, { method: 'POST', body, headers: { 'content-type': type } }).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.status
    },
    () => 'cut',
  )
}

/** Whatever was thrown at it: it goes on answering. */
async function stillWell(): Promise<void> {
  expect((await fetch(`${service.url}readyz`)).status).toBe(200)
}

const corpus = (name: string) => {
  const file = new URL(`../../../shared/attacks/webhook/${name}.jsonl`, import.meta.url)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return lines.map((line) => Buffer.from((JSON.parse(line) as { body_b64: string }).body_b64, 'base64').toString())
}
const broken = [
  ...['', ' ', '{', '[]', 'null', '"x"', '<xml>', '<xml></xml>', '<a/>', '<xml><MsgType>text</MsgType></xml>'],
  '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/hostname">]><xml><MsgType>&x;</MsgType></xml>',
  `<xml>${'<a>'.repeat(2_000)}`,
  `<xml>${'<a/>'.repeat(6_000)}</xml>`,
  '<xml><__proto__>x</__proto__><constructor>y</constructor></xml>',
]

test('whatever lies in an envelope sealed with the right keys, of the app or of 微信客服: no row, no error, 200 or 403', async () => {
  const before = await count('true')
  for (const inner of [...broken, ...corpus('wecom_bodies'), ...corpus('telegram_bodies')].filter((each) => each.length < 60_000))
    for (const keys of [appKeys, kf.keys]) {
      const { query, body } = sealed(inner, keys)
      expect([200, 403], inner.slice(0, 80)).toContain(await post(query, body))
    }
  expect(await count('true')).toBe(before)
  await stillWell()
})

test('two of the same element or parameter are nobody’s word', async () => {
  const twice = (fields: string) => `<xml><ToUserName>wwTEST0123456789ab</ToUserName><AgentID>1000002</AgentID>${fields}</xml>`
  const said = '<MsgType>text</MsgType><CreateTime>1700000000</CreateTime>'
  const doubles = [
    twice(
      `${said}<FromUserName>zhangsan</FromUserName><FromUserName>lisi</FromUserName><Content>两个人</Content><MsgId>71</MsgId>`,
    ),
    twice(`${said}<MsgType>event</MsgType><FromUserName>zhangsan</FromUserName><Content>两种</Content><MsgId>72</MsgId>`),
  ]
  for (const inner of doubles) {
    const { query, body } = sealed(inner, appKeys)
    expect(await post(query, body)).toBe(200)
  }
  const good = sealed(twice(`${said}<FromUserName>zhangsan</FromUserName><Content>好</Content><MsgId>73</MsgId>`), appKeys)
  const encrypt = /<Encrypt>.*?<\/Encrypt>/.exec(good.body)?.[0] ?? ''
  expect(await post(good.query, `<xml>${encrypt}${encrypt}</xml>`)).toBe(403)
  for (const name of ['msg_signature', 'timestamp', 'nonce']) expect(await post(`${good.query}&${name}=1`, good.body)).toBe(403)
  expect(await count(`payload->>'text' in ('两个人', '两种', '好')`)).toBe(0)
})

test('another content type is no obstacle and no way in; another method is none', async () => {
  for (const type of [
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'text/xml; charset=gbk',
  ]) {
    const inner = platform.xmlOf('zhangsan', { MsgType: 'text', Content: `类型 ${type}`, MsgId: `9${type.length}` })
    const { query, body } = sealed(inner, appKeys)
    expect(await post(query, body, type), type).toBe(200)
    expect(
      await post(
        query.replace(/(?<=msg_signature=)[\da-f]/, (first) => (first === '0' ? '1' : '0')),
        body,
        type,
      ),
      type,
    ).toBe(403)
    expect(await count(`payload->>'text' = '类型 ${type}'`), type).toBe(1)
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect((await fetch(`${service.url}wecom/callback`, { method })).status).toBe(404)
})

test('a thousand at once are stored once each, replayed three hundred times more change nothing', async () => {
  // Events that need no answer: what is measured is the way in.
  const inner = (index: number) =>
    platform.xmlOf(`m${index % 50}`, { MsgType: 'event', Event: 'subscribe', EventKey: `key${index}` })
  const envelopes = Array.from({ length: 1_000 }, (_, index) => sealed(inner(index), appKeys))
  const all = await Promise.all(envelopes.map(({ query, body }) => post(query, body)))
  expect([...new Set(all)]).toEqual([200])
  const replays = await Promise.all(
    Array.from({ length: 300 }, (_, index) => post(envelopes[index % 3]?.query ?? '', envelopes[index % 3]?.body ?? '')),
  )
  expect([...new Set(replays)]).toEqual([200])
  expect(await count(`payload->>'kind' = 'unblocked'`)).toBe(1_000)
  await stillWell()
}, 60_000)

test('forty who send nothing more after their first bytes keep nobody else waiting', async () => {
  const { port, hostname } = new URL(service.url)
  const { query, body } = sealed(platform.xmlOf('zhangsan', { MsgType: 'text', Content: '慢', MsgId: '81' }), appKeys)
  const slow = Array.from({ length: 40 }, (_, index) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    const head = `POST /wecom/callback?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n`
    socket.write(index % 2 === 0 ? head : `${head}\r\n${body.slice(0, 40)}`)
    return socket
  })
  const quick = sealed(platform.xmlOf('zhangsan', { MsgType: 'text', Content: '快', MsgId: '82' }), appKeys)
  expect(await post(quick.query, quick.body)).toBe(200)
  expect(await count(`payload->>'text' = '快'`)).toBe(1)
  expect(await count(`payload->>'text' = '慢'`)).toBe(0)
  for (const socket of slow) socket.destroy()
})

test('chunks without an end and a length that lies are cut off, and nothing of them is read', async () => {
  const { port, hostname } = new URL(service.url)
  const { query } = sealed('<xml/>', appKeys)
  const answer = (head: string, body: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname)
      let said = ''
      socket.on('error', () => resolve(said.slice(9, 12) || 'cut'))
      socket.on('close', () => resolve(said.slice(9, 12) || 'cut'))
      socket.on('data', (data) => {
        said += data.toString()
        socket.destroy()
      })
      socket.write(`POST /wecom/callback?${query} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`)
      for (let at = 0; at < 40; at += 1) socket.write(body)
    })
  expect(await answer('Transfer-Encoding: chunked', `2000\r\n${'x'.repeat(0x2000)}\r\n`)).toBe('413')
  expect(await answer('Content-Length: 99999999999999', 'x'.repeat(8_192))).toMatch(/413|400/)
  expect(await answer('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n')).toBe('400')
  expect(await answer('Content-Length: -1', '')).toBe('400')
  await stillWell()
})

test('微信客服 itself tells nonsense: what can be read is read, once, and the account goes on', async () => {
  const odd = [
    { msgtype: 'text' },
    { msgtype: 'text', text: { content: { toString: 'x' } } },
    { msgtype: '__proto__', __proto__: { content: 'x' } },
    { msgtype: 'merged_msg', merged_msg: { title: 7, item: 'no list' } },
    { msgtype: 'event', event: { event_type: 'session_status_change', change_type: 'x' } },
    { msgtype: 'text', text: { content: '\u0000\ud800 /help' }, send_time: '99999999999999999' },
  ]
  for (const item of odd) kf.say('wmOdd', '', { item })
  kf.say('wmOdd', '/help')
  await until(() => kf.seen.filter((each) => each.user === 'wmOdd' && each.text.includes('投诉')).length).toBeGreaterThan(0)
  await stillWell()
})

test('the AI bot’s line tells nonsense: it holds, and the next word is answered', async () => {
  await until(() => aibot.connected()).toBe(1)
  for (const body of [
    { from: 'lisi', msgtype: 'text', text: 'no object' },
    { from: { userid: '../etc' }, msgtype: 'text', text: { content: '路径' } },
    { from: { userid: 'lisi' }, msgtype: 'mixed', mixed: { msg_item: { length: 9 } } },
    { from: { userid: 'lisi' }, msgtype: 'event', event: { eventtype: 'template_card_event', template_card_event: [] } },
    {
      from: { userid: 'lisi' },
      msgtype: 'event',
      event: { eventtype: 'feedback_event', feedback_event: { id: 'f:1', type: {} } },
    },
    { from: { userid: 'lisi' }, msgtype: 'file', file: { url: 'file:///etc/passwd', aeskey: 5 } },
    { from: { userid: 'lisi' }, msgtype: 'text', text: { content: 'x'.repeat(1_000_000) } },
  ])
    aibot.deliver(body)
  aibot.say('lisi', '/help')
  await until(
    () => aibot.shown.filter((each) => each.chat === 'lisi' && /^(?:您可以|You can)[：:]\n/.test(each.text)).length,
  ).toBe(1)
  expect(aibot.connected()).toBe(1)
  expect(log.filter((each) => each === 'worker_failed' || each === 'http_failed')).toEqual([])
})
