import { toError } from '../../../retrieval/base/errors.ts'
import { number, object, text } from '../base/loose.ts'
import { type ChannelCheck, ChannelError } from '../channel.ts'
import type { Call } from './api.ts'
import { privacyHint } from './introduce.ts'

const soon = { withinMs: 8_000 }

/** Checks the bot itself, and the brokers' forum when one is set. */
export async function checks(call: Call, desk: string | null): Promise<ChannelCheck[]> {
  const bot = await checked('telegram', () => botCheck(call))
  return desk === null || !bot.ok ? [bot] : [bot, await checked('telegram desk', () => deskCheck(call, desk))]
}

async function botCheck(call: Call): Promise<ChannelCheck> {
  const me = object(await call('getMe', {}, soon))
  const seesGroups = me?.['can_read_all_group_messages'] === true
  return {
    name: 'telegram',
    ok: true,
    code: seesGroups ? null : 'privacy_mode',
    message: `@${text(me?.['username']) ?? '?'} answers`,
    hint: seesGroups ? null : privacyHint,
  }
}

async function deskCheck(call: Call, desk: string): Promise<ChannelCheck> {
  const name = 'telegram desk'
  const chat = object(await call('getChat', { chat_id: Number(desk) }, soon))
  const me = object(await call('getMe', {}, soon))
  const member = object(await call('getChatMember', { chat_id: Number(desk), user_id: number(me?.['id']) }, soon))
  const manages = member?.['status'] === 'creator' || member?.['can_manage_topics'] === true
  const hint =
    chat?.['is_forum'] === true
      ? manages
        ? null
        : 'Make the bot an administrator with the right to manage topics.'
      : 'Switch topics on in the desk group.'
  return { name, ok: hint === null, code: hint === null ? null : 'desk_not_ready', message: text(chat?.['title']) ?? desk, hint }
}

async function checked(name: string, work: () => Promise<ChannelCheck>): Promise<ChannelCheck> {
  return work().catch((error: unknown) => {
    const known = error instanceof ChannelError ? error : null
    const hint = known?.hint ?? 'Check the network, and TELEGRAM_API_ROOT if it is set.'
    return { name, ok: false, code: known?.code ?? 'unexpected', message: toError(error).message, hint }
  })
}
