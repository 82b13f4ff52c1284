import { fastify } from 'fastify'
import type { Channel } from '../../bot/channels/channel.ts'
import { wecomKf } from '../../bot/channels/wecom-kf.ts'
import type { Env } from '../../retrieval/base/env.ts'
import type { Fields, Log } from '../../retrieval/base/log.ts'
import type { ChannelWorld } from '../contracts/channel.ts'
import { channelMemory } from './channel-memory.ts'
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
  const log: KfWorld['log'] = []
  const memory = channelMemory()
  const opened: { stop(): Promise<unknown> }[] = []

  async function open(): Promise<Channel> {
    const app = fastify()
    const note: Log = (event, fields = {}) => void log.push({ event, fields })
    const channel = wecomKf.open(kfEnv(server), { log: note, ...memory('kf'), http: app, publicUrl: null })
    server.callback = `${await app.listen({ host: '127.0.0.1', port: 0 })}/wecom/callback`
    opened.push({ stop: () => channel.stop() }, { stop: () => app.close() })
    return channel
  }

  const channel = await open()
  return {
    server,
    log,
    channel,
    chat: `kf:${server.account}:${customer}`,
    say: (text) => void server.say(customer, text),
    seen: () => server.seen.filter((each) => each.user === customer).map((each) => each.text),
    files: () => server.seen.flatMap(({ file }) => (file === null ? [] : (server.media.get(file) ?? []))),
    trouble(kind) {
      server.fail('kf/send_msg', troubles[kind])
    },
    reopen: open,
    async close() {
      for (const each of opened) await each.stop()
      await server.close()
    },
  }
}

const troubles = {
  rate_limited: { errcode: 45009, errmsg: 'api freq out of limit' },
  unavailable: 'reset',
  chat_gone: { errcode: 84061, errmsg: 'not external contact' },
} as const
