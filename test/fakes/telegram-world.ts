import { telegram } from '../../bot/channels/telegram.ts'
import type { Fields } from '../../retrieval/base/log.ts'
import type { ChannelWorld } from '../contracts/channel.ts'
import { channelHost } from './channel-host.ts'
import { type TelegramServer, telegramServer } from './telegram-server.ts'

export const webhookSecret = 'a-secret_of-the-webhook'
export const deskChat = -1002000000009

export type TelegramWorld = ChannelWorld & {
  readonly server: TelegramServer
  /** Where the webhook listens. */
  http(): string
  readonly log: { readonly event: string; readonly fields: Fields }[]
}

/** The channel against a loopback Bot API. `by`: how updates reach it. */
export async function telegramWorld(options: {
  by: 'polling' | 'webhook'
  desk?: boolean
  slash?: boolean
}): Promise<TelegramWorld> {
  const server = await telegramServer()
  const host = channelHost(telegram, 'telegram')
  const open = () => {
    const env = {
      TELEGRAM_BOT_TOKEN: server.token,
      TELEGRAM_API_ROOT: `${server.root}${options.slash === true ? '/' : ''}`,
      ...(options.by === 'webhook' ? { TELEGRAM_WEBHOOK_SECRET: webhookSecret } : {}),
      ...(options.desk === true ? { TELEGRAM_DESK_CHAT: String(deskChat) } : {}),
    }
    return host.open(env, options.by === 'webhook')
  }
  return {
    server,
    log: host.log,
    channel: await open(),
    http: host.url,
    chat: 'telegram:42',
    say: (text) => void server.say(text),
    seen: () => server.sent.filter((each) => each.chat === 42).map((each) => each.text),
    trouble(kind) {
      server.fail('sendMessage', troubles[kind])
    },
    reopen: open,
    async close() {
      await host.close()
      await server.close()
    },
  }
}

const troubles = {
  rate_limited: { status: 429, description: 'Too Many Requests: retry after 35', parameters: { retry_after: 35 } },
  unavailable: 'reset',
  chat_gone: { status: 403, description: 'Forbidden: bot was blocked by the user' },
} as const
