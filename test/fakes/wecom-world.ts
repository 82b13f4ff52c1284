import { wecomApp } from '../../bot/channels/wecom-app.ts'
import type { Fields } from '../../retrieval/base/log.ts'
import type { ChannelWorld } from '../contracts/channel.ts'
import { channelHost } from './channel-host.ts'
import { callbackSender } from './wecom-callbacks.ts'
import { type WecomServer, wecomServer } from './wecom-server.ts'

export const wecomKeys = { WECOM_TOKEN: 'callbackToken01', WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }

/** The settings of the self-built app for a loopback WeCom. */
export function wecomEnv(server: WecomServer) {
  return {
    WECOM_CORP_ID: server.corpId,
    WECOM_AGENT_ID: '1000002',
    WECOM_AGENT_SECRET: 'app-secret',
    WECOM_API_ROOT: server.root,
    ...wecomKeys,
  }
}

export function senderTo(server: Pick<WecomServer, 'corpId'>, url: () => string, keys = wecomKeys) {
  return callbackSender({ token: keys.WECOM_TOKEN, aesKey: keys.WECOM_AES_KEY, receiveId: server.corpId }, url)
}

export type WecomWorld = ChannelWorld & {
  readonly server: WecomServer
  readonly platform: ReturnType<typeof senderTo>
  readonly log: { readonly event: string; readonly fields: Fields }[]
  /** Where callbacks go. */
  http(): string
}

/** The self-built app against a loopback WeCom. */
export async function wecomAppWorld(): Promise<WecomWorld> {
  const server = await wecomServer()
  const host = channelHost(wecomApp, 'wecom')
  const platform = senderTo(server, host.url)
  const open = () => host.open(wecomEnv(server))
  return {
    server,
    platform,
    log: host.log,
    channel: await open(),
    http: host.url,
    chat: 'wecom:zhangsan',
    say: (text) => void platform.say('zhangsan', text),
    seen: () => server.sent.filter((each) => each.to === 'zhangsan').map((each) => each.text.replaceAll('\u{200b}', '')),
    files: () => server.sent.flatMap(({ file }) => (file === null ? [] : (server.media.get(file) ?? []))),
    trouble(kind) {
      server.fail('message/send', troubles[kind])
    },
    reopen: open,
    async close() {
      await platform.close()
      await host.close()
      await server.close()
    },
  }
}

const troubles = {
  rate_limited: { errcode: 45009, errmsg: 'api freq out of limit' },
  unavailable: 'reset',
  chat_gone: { errcode: 81013, errmsg: 'user & party & tag all invalid' },
} as const
