import { fastify } from 'fastify'
import type { Channel } from '../../bot/channels/channel.ts'
import { wecomAibot } from '../../bot/channels/wecom-aibot.ts'
import type { Fields } from '../../retrieval/base/log.ts'
import type { ChannelWorld } from '../contracts/channel.ts'
import { type AibotServer, aibotServer } from './aibot-server.ts'
import { channelMemory } from './channel-memory.ts'

export type AibotWorld = ChannelWorld & {
  readonly server: AibotServer
  readonly log: { readonly event: string; readonly fields: Fields }[]
  /** Another process of the same deployment. */
  another(): Channel
}

/** The settings of the AI bot for a loopback platform. */
export function aibotEnv(server: AibotServer) {
  return { WECOM_AIBOT_ID: server.botId, WECOM_AIBOT_SECRET: server.secret, WECOM_AIBOT_URL: server.url }
}

/** The AI bot against a loopback platform. */
export async function aibotWorld(): Promise<AibotWorld> {
  const server = await aibotServer()
  const memory = channelMemory()
  const log: AibotWorld['log'] = []
  const opened: Channel[] = []

  function open(): Channel {
    const deps = { log: (event: string, fields: Fields = {}) => void log.push({ event, fields }), ...memory('wecom-aibot') }
    const channel = wecomAibot.open(aibotEnv(server), { ...deps, http: fastify(), publicUrl: null })
    opened.push(channel)
    return channel
  }

  const channel = open()
  const early: string[] = []
  /** The platform keeps nothing while nobody is connected, as documented; here people write as soon as the bot is there. */
  const say = (text: string) => {
    if (early.length > 0 || server.say('zhangsan', text) === null) early.push(text)
    if (early.length === 1) void sayEarly()
  }
  async function sayEarly(): Promise<void> {
    while (early.length > 0) {
      if (server.say('zhangsan', early[0] ?? '') !== null) early.shift()
      else await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  return {
    server,
    log,
    channel,
    chat: 'wecom-aibot:zhangsan',
    another: open,
    say,
    seen: () => server.shown.filter((each) => each.chat === 'zhangsan').map((each) => each.text),
    files: () => server.shown.flatMap(({ file }) => (file === null ? [] : (server.media.get(file) ?? []))),
    trouble(kind) {
      for (const cmd of ['aibot_respond_msg', 'aibot_send_msg']) server.fail(cmd, troubles[kind])
    },
    reopen: async () => open(),
    async close() {
      early.length = 0
      for (const each of opened) await each.stop()
      await server.close()
    },
  }
}

const troubles = { rate_limited: 45009, unavailable: 6000, chat_gone: 93006 } as const
