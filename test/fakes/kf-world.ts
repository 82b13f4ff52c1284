import { wecomKf } from '../../bot/channels/wecom-kf.ts'
import type { Env } from '../../retrieval/base/env.ts'
import type { Fields } from '../../retrieval/base/log.ts'
import type { ChannelWorld } from '../contracts/channel.ts'
import { channelHost } from './channel-host.ts'
import { type KfServer, kfServer } from './kf-server.ts'

export type KfWorld = ChannelWorld & {
  readonly server: KfServer
  readonly log: { readonly event: string; readonly fields: Fields }[]
}

export const customer = 'wmAJ2GCAAATestCustomer00000001'

/** What a channel on this server is configured with. */
export function kfEnv(server: KfServer): Env {
  return {
    WECOM_CORP_ID: server.corpId,
    WECOM_API_ROOT: server.root,
    WECOM_KF_IDS: server.account,
    WECOM_KF_SECRET: server.secret,
    WECOM_KF_TOKEN: server.keys.token,
    WECOM_KF_AES_KEY: server.keys.aesKey,
  }
}

/** The channel against a loopback 微信客服. */
export async function kfWorld(options: { seed?: number } = {}): Promise<KfWorld> {
  const server = await kfServer(options)
  const host = channelHost(wecomKf, 'kf')
  const open = async () => {
    const channel = await host.open(kfEnv(server))
    server.callback = `${host.url()}/wecom/callback`
    return channel
  }
  return {
    server,
    log: host.log,
    channel: await open(),
    chat: `kf:${server.account}:${customer}`,
    say: (text) => void server.say(customer, text),
    seen: () => server.seen.filter((each) => each.user === customer).map((each) => each.text),
    files: () => server.seen.flatMap(({ file }) => (file === null ? [] : (server.media.get(file) ?? []))),
    trouble(kind) {
      server.fail('kf/send_msg', troubles[kind])
    },
    reopen: open,
    async close() {
      await host.close()
      await server.close()
    },
  }
}

const troubles = {
  rate_limited: { errcode: 45009, errmsg: 'api freq out of limit' },
  unavailable: 'reset',
  chat_gone: { errcode: 84061, errmsg: 'not external contact' },
} as const
