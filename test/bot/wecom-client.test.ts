import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type WecomClient, wecomClient } from '../../bot/channels/wecom/client.ts'
import { errcodeOf, wecomError } from '../../bot/channels/wecom/errcodes.ts'
import { channelMemory } from '../fakes/channel-memory.ts'
import { type WecomServer, wecomServer } from '../fakes/wecom-server.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function world(proxy?: string): Promise<{ server: WecomServer; another: (secret?: string) => WecomClient }> {
  const server = await wecomServer({ echo: ({ body }) => ({ said: body['text'] }) })
  closing.push(() => server.close())
  const { state } = channelMemory()('wecom-tokens')
  const another = (secret = 'app-secret') => wecomClient({ corpId: server.corpId, secret, apiRoot: server.root, proxy, state })
  return { server, another }
}

const tokensAsked = (server: WecomServer) => server.calls.filter((each) => each.method === 'gettoken').length

test('many processes and many calls at once ask for one token', async () => {
  const { server, another } = await world()
  const clients = [another(), another(), another()]
  const said = await Promise.all(clients.flatMap((each) => [each.post('echo', { text: 1 }), each.post('echo', { text: 2 })]))
  expect(said.map((each) => each['said'])).toEqual([1, 2, 1, 2, 1, 2])
  expect(tokensAsked(server)).toBe(1)
})

test('a token that ends at random costs one more question, never an error', async () => {
  const { server, another } = await world()
  const clients = [another(), another()]
  let calls = 0
  server.knobs.expire = () => {
    calls += 1
    return calls % 7 === 0
  }
  for (let round = 0; round < 30; round += 1)
    await Promise.all(
      clients.map(async (each) => expect(await each.post('echo', { text: round })).toMatchObject({ said: round })),
    )
  expect(tokensAsked(server)).toBeGreaterThan(3)
})

test('a token is renewed before it ends', async () => {
  const { server, another } = await world()
  server.knobs.tokenLivesMs = 1_000
  const client = another()
  await client.post('echo', {})
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await client.post('echo', {})
  expect(tokensAsked(server)).toBe(2)
  expect(server.calls.filter((each) => each.method === 'echo')).toHaveLength(2)
})

test('a wrong secret is asked once, whoever asks, and said with what to do', async () => {
  const { server, another } = await world()
  for (const client of [another('wrong'), another('wrong')])
    await expect(client.post('echo', {})).rejects.toMatchObject({
      code: 'misconfigured',
      hint: expect.stringContaining('secret'),
      retry: false,
    })
  expect(tokensAsked(server)).toBe(1)
})

test('no error carries the address, in which tokens stand', async () => {
  const { server, another } = await world()
  const client = another()
  await client.post('echo', {})
  for (const fault of ['reset', { status: 502 }, { errcode: 45009, errmsg: 'api freq out of limit' }] as const) {
    server.fail('echo', fault)
    const error: unknown = await client.post('echo', {}).catch((each: unknown) => each)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/access_token|http:|127\.0\.0\.1/)
  }
})

test('an address that is not trusted is named', async () => {
  const { server, another } = await world()
  server.knobs.allowed = false
  const error: unknown = await another()
    .post('echo', {})
    .catch((each: unknown) => each)
  expect(error).toMatchObject({ code: 'misconfigured', hint: expect.stringContaining('203.0.113.7') })
  expect(errcodeOf(error)).toBe(60020)
})

test.each([
  [{ code: 500, message: 'gateway error' }, 'unavailable'],
  [{}, 'unavailable'],
  [{ errcode: null, errmsg: 'ok' }, 'unavailable'],
  [{ errcode: '45009', errmsg: 'api freq out of limit' }, 'rate_limited'],
  [{ errcode: '40058', errmsg: 'invalid parameter' }, 'refused'],
] as const)('200 with %j is not taken for a message that was sent', async (body, code) => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    const token = { errcode: 0, errmsg: 'ok', access_token: 'token', expires_in: 7200 }
    response.end(JSON.stringify(request.url?.startsWith('/cgi-bin/gettoken') ? token : body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => server.close())
  const { state } = channelMemory()('wecom-tokens')
  const apiRoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
  const client = wecomClient({ corpId: 'ww1', secret: 'app-secret', apiRoot, proxy: undefined, state })
  await expect(client.sendMessage({ touser: 'lisi' })).rejects.toMatchObject({ code })
})

test.each([
  [-1, 'unavailable', true],
  [45009, 'rate_limited', true],
  [45033, 'rate_limited', true],
  [40013, 'misconfigured', false],
  [60011, 'misconfigured', false],
  [48002, 'misconfigured', false],
  [95014, 'misconfigured', false],
  [81013, 'chat_gone', false],
  [60111, 'chat_gone', false],
  [40058, 'refused', false],
  [99999, 'refused', false],
] as const)('%i means %s', (errcode, code, retry) => {
  const error = wecomError('m', errcode, 'words, hint: [123], more info at https://x')
  expect(error).toMatchObject({ code, retry })
  expect(error.message).toBe(`m: ${errcode} words`)
  if (code === 'misconfigured') expect(error.hint).toMatch(/\S/)
  if (code === 'rate_limited') expect(error.retryAfterMs).toBeGreaterThan(0)
})

test('files go up and come down, none larger than allowed', async () => {
  const { server, another } = await world()
  const client = another()
  const bytes = Buffer.from('政策文件'.repeat(500))
  const id = await client.upload('file', { name: '办法.txt', bytes })
  expect(server.media.get(id)?.name).toBe('办法.txt')
  expect(Buffer.from(await client.download(id, { mostBytes: 100_000 })).equals(bytes)).toBe(true)
  await expect(client.download(id, { mostBytes: 100 })).rejects.toMatchObject({ code: 'refused' })
  await expect(client.download('gone', { mostBytes: 100 })).rejects.toMatchObject({ code: 'refused' })
})

test('through a proxy everything goes by CONNECT', async () => {
  const asked: string[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`)
    const [host = '', port] = (request.url ?? '').split(':')
    const through = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      through.pipe(socket).pipe(through)
    })
    for (const each of [through, socket]) each.on('error', () => each.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  closing.push(async () => proxy.close())
  const { server, another } = await world(`http://user:pass@127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  expect(await another().post('echo', { text: 'through' })).toMatchObject({ said: 'through' })
  expect(asked[0]).toBe(`${server.root.slice('http://'.length)} Basic ${Buffer.from('user:pass').toString('base64')}`)
})

test('receivers who got nothing are told apart from those who did', async () => {
  const { server, another } = await world()
  server.members.set('wangwu', 'unlicensed')
  const message = { touser: 'zhangsan|LiSi|wangwu', agentid: 1000002, msgtype: 'text', text: { content: '你好' } }
  expect(await another().sendMessage(message)).toMatchObject({ invalidUsers: ['lisi'], unlicensedUsers: ['wangwu'] })
  expect(server.sent.map((each) => [each.to, each.text])).toEqual([['zhangsan', '你好']])
})
