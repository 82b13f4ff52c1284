import { z } from 'zod'
import { plugin } from '../../retrieval/base/plugin.ts'
import { untilItWorks } from './base/start.ts'
import { type Channel, type ChannelDeps, ChannelError } from './channel.ts'
import { groupMoves } from './telegram/address.ts'
import { apiOf } from './telegram/api.ts'
import { checks } from './telegram/check.ts'
import { fileFetcher } from './telegram/download.ts'
import { introduce, type Me, type Reception } from './telegram/introduce.ts'
import { partsOf, textLimit } from './telegram/outgoing.ts'
import { poll } from './telegram/poll.ts'
import { type OnMessage, receiver } from './telegram/receive.ts'
import { send } from './telegram/send.ts'
import { previews } from './telegram/stream.ts'
import { webhookRoute } from './telegram/webhook.ts'

const settings = z.object({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^[\w:-]+$/, 'is not a bot token')
    .describe('from @BotFather, like 123456:ABC…'),
  TELEGRAM_API_ROOT: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) address' })
    .default('https://api.telegram.org')
    .describe('change only for a local Bot API server'),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'may hold up to 256 letters, digits, _ and -')
    .optional()
    .describe('with PUBLIC_URL: updates come by webhook, and must carry this secret'),
  TELEGRAM_DESK_CHAT: z
    .string()
    .regex(/^-\d+$/, 'is a negative number')
    .optional()
    .describe('id of the forum supergroup where brokers get a topic per ticket'),
})
type Settings = z.infer<typeof settings>

/** Telegram by long polling, or by webhook when PUBLIC_URL and the secret are set. */
export const telegram = plugin('telegram', settings, telegramChannel)

function telegramChannel(config: Settings, deps: ChannelDeps): Channel {
  const call = apiOf(config.TELEGRAM_BOT_TOKEN, config.TELEGRAM_API_ROOT)
  const desk = config.TELEGRAM_DESK_CHAT ?? null
  const moves = groupMoves(deps.state, desk)
  const reception = receptionOf(config, deps)
  const incoming = receiver({ call, moves, desk, deps })
  const stream = previews({ call, moves, state: deps.state })
  const stopping = new AbortController()
  let open: { me: Me; onMessage: OnMessage } | null = null
  let running: Promise<void> = Promise.resolve()
  let trouble: ChannelError | null = null
  const noted = (error: unknown) => {
    trouble = error instanceof ChannelError ? error : null
  }

  async function run(onMessage: OnMessage): Promise<void> {
    const introduction = async () => {
      await moves.load()
      return introduce(call, { ...deps, signal: stopping.signal }, reception)
    }
    const me = await untilItWorks(introduction, {
      log: deps.log,
      event: 'telegram_not_started',
      stopping: stopping.signal,
      noted,
    })
    if (me === null) return
    open = { me, onMessage }
    if (desk !== null) incoming.warnOfPrivacy(me)
    deps.log('telegram_started', { by: reception.webhook === null ? 'polling' : 'webhook', bot: me.id })
    if (reception.webhook !== null) return
    const take = (update: unknown) => incoming.take(update, me, onMessage)
    const durable = () => deps.state.set('probe', new Date().toISOString())
    await poll({ call, log: deps.log, take, durable, noted, stopping: stopping.signal })
  }

  if (reception.webhook !== null) {
    const { secret } = reception.webhook
    webhookRoute(deps.http, {
      log: deps.log,
      secret,
      taker: () => {
        const now = stopping.signal.aborted ? null : open
        return now === null ? null : (update) => incoming.take(update, now.me, now.onMessage)
      },
    })
  }

  return {
    name: 'telegram',
    limit: { size: textLimit, unit: 'utf16' },
    desk: desk === null ? null : `telegram:${desk}`,
    async start(onMessage) {
      running = run(onMessage)
    },
    parts: (outgoing) => (outgoing.kind === 'text' ? partsOf(outgoing) : [outgoing]),
    send: (chat, outgoing) => send(call, moves, chat, outgoing),
    fetchFile: fileFetcher(call, config.TELEGRAM_BOT_TOKEN, config.TELEGRAM_API_ROOT),
    stream,
    check: () => checks(call, desk),
    problem: () => (trouble === null ? null : { code: trouble.code, message: trouble.message, hint: trouble.hint ?? null }),
    async stop() {
      stopping.abort()
      await running
      await incoming.settled()
    },
  }
}

function receptionOf(config: Settings, deps: ChannelDeps): Reception {
  const secret = config.TELEGRAM_WEBHOOK_SECRET
  if (deps.publicUrl === null || secret === undefined) return { webhook: null }
  return { webhook: { url: `${deps.publicUrl.replace(/\/+$/, '')}/telegram`, secret } }
}
