import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { errorFields } from '../../retrieval/base/log.ts'
import { plugin } from '../../retrieval/base/plugin.ts'
import { type Channel, type ChannelDeps, ChannelError, type IncomingMessage, type Outgoing, type Receipt } from './channel.ts'
import { alreadySo, apiOf, type Call, cannotParse } from './telegram/api.ts'
import { callbackIdOf, incomingOf, type Self } from './telegram/incoming.ts'
import { type Part, partsOf, targetOf, textLimit, topicName } from './telegram/outgoing.ts'
import { allowedUpdates, pollLoop } from './telegram/poll.ts'

const settings = z.object({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'is not a bot token')
    .describe('from @BotFather, like 123456:ABC…'),
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org').describe('change only for a local Bot API server'),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'may hold letters, digits, _ and -')
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

const bodyLimit = 1024 * 1024

function telegramChannel(config: Settings, deps: ChannelDeps): Channel {
  const call = apiOf(config.TELEGRAM_BOT_TOKEN, config.TELEGRAM_API_ROOT)
  const desk = config.TELEGRAM_DESK_CHAT ?? null
  const secret = deps.publicUrl === null ? undefined : config.TELEGRAM_WEBHOOK_SECRET
  let self: Self = { id: 0, username: '' }
  let onMessage: (message: IncomingMessage) => Promise<void> = async () => {}

  /** Stores, then tells Telegram. A button press is answered at once, or the person sees it spin. */
  const take = async (update: unknown): Promise<void> => {
    const message = incomingOf(update, self, desk)
    if (message !== null) await onMessage(message)
    const pressed = callbackIdOf(update)
    if (pressed !== null)
      await call('answerCallbackQuery', { callback_query_id: pressed }).catch((error: unknown) =>
        deps.log('telegram_callback_unanswered', errorFields(error)),
      )
  }
  const poll = pollLoop({ call, log: deps.log, take })
  if (secret !== undefined) webhookRoute(deps, secret, take)

  return {
    name: 'telegram',
    limit: { size: textLimit, unit: 'utf16' },
    desk: desk === null ? null : `telegram:${desk}`,
    async start(receive) {
      onMessage = receive
      self = await introduce(call, deps)
      if (secret === undefined) {
        await call('deleteWebhook', {})
        poll.start()
      } else
        await call('setWebhook', {
          url: new URL('/telegram', deps.publicUrl ?? '').href,
          secret_token: secret,
          allowed_updates: allowedUpdates,
        })
    },
    send: (chat, outgoing) => send(call, chat, outgoing),
    stop: () => (secret === undefined ? poll.stop() : Promise.resolve()),
  }
}

/** Asks who we are, and warns when Telegram will not show us what people say in groups. Retried: a start must survive a short outage. */
async function introduce(call: Call, deps: ChannelDeps): Promise<Self> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const me = (await call('getMe', {})) as { id?: number; username?: string; can_read_all_group_messages?: boolean } // loose; each field is optional
      if (me.can_read_all_group_messages !== true) {
        deps.log('telegram_privacy_mode_on', {
          hint: 'In groups the bot sees only commands and replies to it. @BotFather → /setprivacy → Disable, then remove and add the bot again, or make it an administrator.',
        })
      }
      await call('setMyCommands', { commands: commands.zh, language_code: 'zh' })
      await call('setMyCommands', { commands: commands.en })
      return { id: me.id ?? 0, username: me.username ?? '' }
    } catch (error) {
      if (!(error instanceof ChannelError && error.retry) || attempt >= 5) throw error
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? attempt * 1000))
    }
  }
}

const commands = {
  zh: [
    { command: 'start', description: '开始' },
    { command: 'help', description: '使用说明' },
    { command: 'human', description: '转人工' },
  ],
  en: [
    { command: 'start', description: 'Start' },
    { command: 'help', description: 'How to use it' },
    { command: 'human', description: 'Talk to a person' },
  ],
}

/** 200 only after the row is stored; a wrong secret learns nothing and stores nothing. */
function webhookRoute(deps: ChannelDeps, secret: string, take: (update: unknown) => Promise<void>): void {
  deps.http.post('/telegram', { bodyLimit }, async (request, reply) => {
    if (!sameSecret(String(request.headers['x-telegram-bot-api-secret-token'] ?? ''), secret)) return reply.code(403).send()
    const update = parsed(request.body)
    // A body that is no update would be sent again for a day: it is taken note of and done.
    if (update === undefined) deps.log('telegram_update_unreadable')
    else await take(update)
    return reply.code(200).send()
  })
}

/** Hashes have equal lengths, so the comparison takes the same time whatever was sent. */
function sameSecret(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}

function parsed(body: unknown): unknown {
  try {
    return Buffer.isBuffer(body) || typeof body === 'string' ? JSON.parse(body.toString()) : body
  } catch {
    return undefined
  }
}

async function send(call: Call, chat: string, outgoing: Outgoing): Promise<Receipt> {
  const target = targetOf(chat)
  switch (outgoing.kind) {
    case 'text': {
      const ids: string[] = []
      for (const [index, part] of partsOf(outgoing).entries())
        ids.push(await sendPart(call, target, part, index === 0 ? outgoing.replyTo : undefined))
      return { messageIds: ids }
    }
    case 'open_topic': {
      const topic = (await call('createForumTopic', { chat_id: target.chat_id, name: topicName(outgoing.name) })) as {
        message_thread_id?: number
      } // loose, checked below
      if (topic.message_thread_id === undefined) throw new ChannelError('refused', 'createForumTopic gave no topic')
      return { messageIds: [], chat: `telegram:${target.chat_id}#${topic.message_thread_id}` }
    }
    case 'close_topic':
      await call('closeForumTopic', target).catch((error: unknown) => {
        if (!alreadySo(error)) throw error
      })
      return { messageIds: [] }
    case 'typing':
      await call('sendChatAction', { ...target, action: 'typing' })
      return { messageIds: [] }
  }
}

/** Markup that Telegram cannot read is sent again as the plain words: said badly beats not said. */
async function sendPart(call: Call, target: { chat_id: number }, part: Part, replyTo: string | undefined): Promise<string> {
  const common = {
    ...target,
    link_preview_options: { is_disabled: true },
    ...(part.markup === undefined ? {} : { reply_markup: part.markup }),
    ...(replyTo === undefined ? {} : { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }),
  }
  const sent = await call('sendMessage', { ...common, text: part.html, parse_mode: 'HTML' }).catch((error: unknown) => {
    if (!cannotParse(error)) throw error
    return call('sendMessage', { ...common, text: part.plain })
  })
  return String((sent as { message_id?: number }).message_id ?? '') // loose: only kept for later edits
}
