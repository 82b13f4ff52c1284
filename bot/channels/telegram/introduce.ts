import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { number, object, text } from '../base/loose.ts'
import { ChannelError, type ChannelState } from '../channel.ts'
import type { Call } from './api.ts'
import type { Self } from './incoming.ts'
import { allowedUpdates } from './poll.ts'

/** The answer of getMe; `seesGroups`: privacy mode is off. */
export type Me = Self & { readonly seesGroups: boolean }

export const privacyHint =
  'In groups the bot sees only commands and replies to it. @BotFather → /setprivacy → Disable, then remove and add the bot again; or make it an administrator.'

/** Where updates come from. */
export type Reception = { readonly webhook: { readonly url: string; readonly secret: string } | null }

/**
 * Asks who we are, publishes our commands, and chooses how updates arrive. Safe to repeat.
 * @throws ChannelError `misconfigured` when the token or the webhook address is refused
 */
export async function introduce(
  call: Call,
  deps: { readonly log: Log; readonly state: ChannelState; readonly signal: AbortSignal },
  reception: Reception,
): Promise<Me> {
  const { signal } = deps
  const told = object(await call('getMe', {}, { signal }))
  const id = number(told?.['id'])
  if (id === null) throw new ChannelError('unavailable', 'getMe: no bot in the answer')
  const me = { id, username: text(told?.['username']) ?? '', seesGroups: told?.['can_read_all_group_messages'] === true }
  await deps.state.set('bot', me)
  await offerCommands(call, deps)
  if (reception.webhook === null) await call('deleteWebhook', { drop_pending_updates: false }, { signal })
  else await receiveAt(call, reception.webhook, signal)
  return me
}

async function receiveAt(call: Call, webhook: { url: string; secret: string }, signal: AbortSignal): Promise<void> {
  const payload = { url: webhook.url, secret_token: webhook.secret, allowed_updates: allowedUpdates, max_connections: 20 }
  await call('setWebhook', payload, { signal }).catch((error: unknown) => {
    if (!(error instanceof ChannelError) || error.retry || error.code === 'misconfigured') throw error
    throw new ChannelError('misconfigured', error.message, {
      cause: error.cause,
      hint: 'PUBLIC_URL must be an https address that Telegram can reach, on port 443, 80, 88 or 8443.',
    })
  })
}

/** The menu is a convenience: the bot works without it. */
async function offerCommands(call: Call, { log, signal }: { log: Log; signal: AbortSignal }): Promise<void> {
  for (const [language, commands] of Object.entries(menu)) {
    const payload = language === 'en' ? { commands } : { commands, language_code: language }
    await call('setMyCommands', payload, { signal }).catch((error: unknown) => log('telegram_menu_not_set', errorFields(error)))
  }
}

const menu = {
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
