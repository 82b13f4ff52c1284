import { fastify } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Channel, ChannelCheck, ChannelDeps } from '../../bot/channels/channel.ts'
import { telegram } from '../../bot/channels/telegram.ts'
import { wecomClient } from '../../bot/channels/wecom/client.ts'
import { tokenMemory } from '../../bot/channels/wecom/settings.ts'
import { wecomAibot } from '../../bot/channels/wecom-aibot.ts'
import { wecomApp } from '../../bot/channels/wecom-app.ts'
import { wecomKf } from '../../bot/channels/wecom-kf.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { aibotServer } from '../fakes/aibot-server.ts'
import { aibotEnv } from '../fakes/aibot-world.ts'
import { channelMemory } from '../fakes/channel-memory.ts'
import { newChat } from '../fakes/telegram-methods.ts'
import { telegramServer } from '../fakes/telegram-server.ts'
import { no, type WecomServer, wecomServer } from '../fakes/wecom-server.ts'
import { senderTo, wecomEnv, wecomKeys } from '../fakes/wecom-world.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

type Opener = { open(env: Readonly<Record<string, string>>, deps: ChannelDeps): Channel }

/** A channel beside a running HTTP server, as `doctor` opens it. */
async function opened(plugin: Opener, env: Readonly<Record<string, string>>, publicUrl: string | null = null) {
  const http = fastify({ forceCloseConnections: true })
  const memory = channelMemory()
  const channel = plugin.open(env, { log: silentLog, ...memory('x'), http, publicUrl })
  const url = await http.listen({ host: '127.0.0.1', port: 0 })
  closing.push(
    () => channel.stop(),
    () => http.close(),
  )
  return { channel, url, memory }
}

const wrong = (checks: readonly ChannelCheck[] | undefined) =>
  (checks ?? []).filter((each) => !each.ok).map((each) => [each.name, each.code, each.hint ?? ''] as const)

async function wecom(
  change: Readonly<Record<string, string>> = {},
): Promise<{ server: WecomServer } & Awaited<ReturnType<typeof opened>>> {
  const server = await wecomServer()
  closing.push(() => server.close())
  return { server, ...(await opened(wecomApp, { ...wecomEnv(server), ...change })) }
}

test.each([
  [{ WECOM_CORP_ID: 'wwWRONG' }, 'wecom_40013', '企业ID'],
  [{ WECOM_AGENT_SECRET: 'wrong-secret' }, 'wecom_40001', 'secret'],
  [{ WECOM_API_ROOT: 'http://127.0.0.1:1' }, 'unavailable', 'WECOM_API_ROOT'],
] as const)('the app: %o is named', async (change, code, hint) => {
  const { channel } = await wecom(change)
  expect(wrong(await channel.check?.([]))[0]).toEqual(['wecom app', code, expect.stringContaining(hint)])
})

test('the app: an address that is not trusted is named with the address itself', async () => {
  const { server, channel } = await wecom()
  server.knobs.allowed = false
  expect(wrong(await channel.check?.([]))[0]).toEqual([
    'wecom app',
    'wecom_60020',
    expect.stringMatching(/203\.0\.113\.7.*企业可信IP/),
  ])
})

test('the app: registered people outside its range, and what was refused when something was sent', async () => {
  const { server, channel } = await wecom()
  server.fail('message/send', { errcode: 60011, errmsg: 'no privilege' })
  await expect(
    channel.send('wecom:zhangsan', { kind: 'text', blocks: [{ type: 'paragraph', spans: ['您好'] }] }),
  ).rejects.toThrow()
  expect(wrong(await channel.check?.(['wecom:zhangsan', 'wecom:gone', 'telegram:1'])).slice(0, 2)).toEqual([
    ['wecom members', 'outside_visible_range', expect.stringContaining('可见范围')],
    ['wecom sending', 'wecom_60011', expect.stringContaining('可见范围')],
  ])
})

test('the callback: never called, called with another token, another key, another corp id, and right', async () => {
  const { server, channel, url } = await wecom()
  await channel.start(async () => undefined)
  const callback = async () => wrong(await channel.check?.([])).find(([name]) => name === 'wecom callback')
  expect(await callback()).toEqual(['wecom callback', 'no_callback_yet', expect.stringContaining('保存')])
  const from = (keys: { token?: string; aesKey?: string; corpId?: string }) => {
    const sender = senderTo({ ...server, corpId: keys.corpId ?? server.corpId }, () => url, {
      WECOM_TOKEN: keys.token ?? wecomKeys.WECOM_TOKEN,
      WECOM_AES_KEY: keys.aesKey ?? wecomKeys.WECOM_AES_KEY,
    })
    return sender.post(sender.xmlOf('zhangsan', { MsgType: 'text', Content: '一', MsgId: '1' }))
  }
  await from({ token: 'another' })
  await expect.poll(callback).toEqual(['wecom callback', 'callback_token', expect.stringContaining('Token')])
  await from({ aesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg' })
  await expect.poll(callback).toEqual(['wecom callback', 'callback_aes_key', expect.stringContaining('EncodingAESKey')])
  await from({ corpId: 'wwOTHER' })
  await expect.poll(callback).toEqual(['wecom callback', 'callback_corp_id', expect.stringContaining('企业ID')])
  await from({})
  await expect.poll(callback).toBeUndefined()
})

test('the public address is tried as WeCom would', async () => {
  const server = await wecomServer()
  closing.push(() => server.close())
  const running = await opened(wecomApp, wecomEnv(server))
  const address = async (env: Readonly<Record<string, string>>, publicUrl: string) => {
    const { channel } = await opened(wecomApp, env, publicUrl)
    return (await channel.check?.([]))?.find((each) => each.name === 'wecom address')?.code
  }
  expect(await address(wecomEnv(server), running.url)).toBeNull()
  expect(await address({ ...wecomEnv(server), WECOM_TOKEN: 'changed' }, running.url)).toBe('callback_wrong_answer')
  expect(await address(wecomEnv(server), 'http://127.0.0.1:1')).toBe('callback_unreachable')
})

test('微信客服: an unknown account, nobody to receive, servicers outside the range, an unverified company', async () => {
  const servicers: { userid: string; status: number }[] = []
  const server = await wecomServer({
    'kf/account/list': () => ({ account_list: [{ open_kfid: 'wk1', name: '园区客服', manage_privilege: true }] }),
    'kf/servicer/list': () => ({ servicer_list: servicers }),
    'kf/send_msg': () => no(95018, 'send msg session status invalid'),
  })
  closing.push(() => server.close())
  const { WECOM_AGENT_ID: _, ...env } = wecomEnv(server)
  const check = async (ids: string) => wrong(await (await opened(wecomKf, { ...env, WECOM_KF_IDS: ids })).channel.check?.([]))
  expect((await check('wk2'))[0]).toEqual(['kf accounts', 'unknown_account', expect.stringContaining('wk1')])
  expect((await check('wk1'))[0]).toEqual(['kf servicers', 'no_servicer', expect.stringContaining('接待人员')])
  servicers.push({ userid: 'zhangsan', status: 0 })
  const { channel, memory } = await opened(wecomKf, { ...env, WECOM_KF_IDS: 'wk1' })
  const state = memory('x').stateOf(tokenMemory)
  const options = { corpId: server.corpId, secret: 'app-secret', apiRoot: server.root, proxy: undefined, state }
  await expect(wecomClient(options).post('kf/send_msg', {})).rejects.toMatchObject({ code: 'refused' })
  await expect
    .poll(async () => wrong(await channel.check?.([]))[0])
    .toEqual(['kf sending', 'wecom_95018', expect.stringContaining('企业认证')])
  servicers.push({ userid: 'outside', status: 0 })
  expect((await check('wk1'))[0]).toEqual(['kf servicers', 'outside_visible_range', expect.stringContaining('可见范围')])
})

test('the AI bot: a wrong secret; and a running service is not pushed out', async () => {
  const server = await aibotServer()
  closing.push(() => server.close())
  const bad = await opened(wecomAibot, { ...aibotEnv(server), WECOM_AIBOT_SECRET: 'wrong-secret' })
  expect(wrong(await bad.channel.check?.([]))).toEqual([['aibot', 'wecom_40001', expect.stringContaining('WECOM_AIBOT_SECRET')]])
  const { channel } = await opened(wecomAibot, aibotEnv(server))
  expect(wrong(await channel.check?.([]))).toEqual([])
  await channel.start(async () => undefined)
  await expect.poll(() => server.connected()).toBe(1)
  expect(wrong(await channel.check?.([]))).toEqual([])
  expect(server.kicks()).toBe(0)
})

test('Telegram: a wrong token, and a desk that is no forum of ours', async () => {
  const server = await telegramServer()
  closing.push(() => server.close())
  const env = { TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.root, TELEGRAM_DESK_CHAT: '-1002000000009' }
  const { channel } = await opened(telegram, env)
  const chat = newChat('supergroup', { forum: false, manages: true })
  server.chats.set(-1002000000009, chat)
  expect(wrong(await channel.check?.([]))).toEqual([['telegram desk', 'desk_not_ready', expect.stringContaining('topics')]])
  server.chats.set(-1002000000009, newChat('supergroup', { forum: true, manages: true }))
  expect(wrong(await channel.check?.([]))).toEqual([])
  server.knobs.tokenRevoked = true
  expect(wrong(await channel.check?.([]))).toEqual([['telegram', 'misconfigured', expect.stringContaining('@BotFather')]])
})
