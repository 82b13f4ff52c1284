import type { IncomingMessage } from '../channel.ts'

/** Who the bot is, as getMe tells. */
export type Self = { readonly id: number; readonly username: string }

/** Platform JSON is trusted for nothing: every field is looked at before it is used. */
type Loose = Readonly<Record<string, unknown>>

/**
 * One update → what happened, or null when it is none of our business (channel posts, other bots, edits of what was answered already).
 * @param desk chat id of the brokers' forum, whose topics are always addressed to us
 */
export function incomingOf(update: unknown, self: Self, desk: string | null): IncomingMessage | null {
  const root = object(update)
  const id = number(root?.['update_id'])
  if (root === null || id === null) return null
  const externalId = String(id)
  const pressed = object(root['callback_query'])
  if (pressed !== null) return buttonOf(pressed, externalId)
  const member = object(root['my_chat_member'])
  if (member !== null) return presenceOf(member, externalId)
  const message = object(root['message'])
  return message === null ? null : messageOf(message, externalId, self, desk)
}

/** @returns the id with which a button press must be acknowledged, or null */
export function callbackIdOf(update: unknown): string | null {
  return text(object(object(update)?.['callback_query'])?.['id'])
}

function buttonOf(pressed: Loose, externalId: string): IncomingMessage | null {
  const message = object(pressed['message'])
  const chat = message === null ? null : chatOf(message)
  const from = senderOf(object(pressed['from']))
  const data = text(pressed['data'])
  if (message === null || chat === null || from === null || data === null) return null
  return {
    ...base(externalId, chat, from, message),
    kind: 'button',
    button: data,
    addressed: true,
    language: text(object(pressed['from'])?.['language_code']),
  }
}

/** The person stopped the bot, or started it again. Being added to groups says nothing. */
function presenceOf(member: Loose, externalId: string): IncomingMessage | null {
  const chat = object(member['chat'])
  const status = text(object(member['new_chat_member'])?.['status'])
  const from = senderOf(object(member['from']))
  const id = number(chat?.['id'])
  if (chat?.['type'] !== 'private' || from === null || id === null || status === null) return null
  return {
    ...base(externalId, `telegram:${id}`, from, member),
    kind: status === 'kicked' ? 'blocked' : 'unblocked',
    addressed: true,
  }
}

function messageOf(message: Loose, externalId: string, self: Self, desk: string | null): IncomingMessage | null {
  const chat = chatOf(message)
  const sender = object(message['from'])
  const from = senderOf(sender)
  if (chat === null || from === null) return null
  const group = object(message['chat'])?.['type'] !== 'private'
  const common = { ...base(externalId, chat, from, message), group, language: text(sender?.['language_code']) }
  if (message['forum_topic_closed'] !== undefined) return { ...common, kind: 'topic_closed', addressed: true }
  if (message['forum_topic_reopened'] !== undefined) return { ...common, kind: 'topic_reopened', addressed: true }
  if (sender?.['is_bot'] === true || isService(message)) return null
  const atDesk = desk !== null && chat.startsWith(`telegram:${desk}#`)
  const said = text(message['text']) ?? text(message['caption']) ?? ''
  const own = ownWords(said, message, self)
  const addressed = !group || atDesk || own.mentioned || repliesTo(message, self)
  const file = fileOf(message)
  const kind = file !== null ? 'file' : message['text'] === undefined ? 'unreadable' : 'text'
  return { ...common, kind, text: own.text, file, addressed, quoted: quotedOf(message) }
}

const serviceFields = [
  'new_chat_members',
  'left_chat_member',
  'new_chat_title',
  'new_chat_photo',
  'delete_chat_photo',
  'group_chat_created',
  'supergroup_chat_created',
  'pinned_message',
  'forum_topic_created',
  'forum_topic_edited',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
  'message_auto_delete_timer_changed',
  'video_chat_started',
  'video_chat_ended',
  'boost_added',
]

function isService(message: Loose): boolean {
  return serviceFields.some((field) => message[field] !== undefined)
}

function base(externalId: string, chat: string, from: IncomingMessage['from'], message: Loose): IncomingMessage {
  const seconds = number(message['date'])
  return {
    externalId,
    chat,
    from,
    kind: 'text',
    text: '',
    button: null,
    file: null,
    quoted: null,
    group: false,
    addressed: false,
    language: null,
    sentAt: new Date(seconds === null ? Date.now() : Math.min(seconds, 8_000_000_000) * 1000).toISOString(),
  }
}

/** `telegram:42`, or `telegram:-100123#55` inside a forum topic. */
function chatOf(message: Loose): string | null {
  const id = number(object(message['chat'])?.['id'])
  if (id === null || object(message['chat'])?.['type'] === 'channel') return null
  const thread = message['is_topic_message'] === true ? number(message['message_thread_id']) : null
  return thread === null ? `telegram:${id}` : `telegram:${id}#${thread}`
}

function senderOf(from: Loose | null): IncomingMessage['from'] | null {
  const id = number(from?.['id'])
  if (from === null || id === null) return null
  const name = [text(from['first_name']), text(from['last_name'])].filter(Boolean).join(' ')
  return { id: `telegram:${id}`, name: name === '' ? text(from['username']) : name }
}

/** Takes our own name out: an address is no part of the question. Offsets count UTF-16 units, as strings here do. */
function ownWords(said: string, message: Loose, self: Self): { text: string; mentioned: boolean } {
  let mentioned = false
  let words = said
  const entities = list(message['entities'] ?? message['caption_entities']).flatMap((each) => object(each) ?? [])
  for (const entity of entities.toReversed()) {
    const offset = number(entity['offset']) ?? 0
    const length = number(entity['length']) ?? 0
    const part = said.slice(offset, offset + length)
    const ours = part.toLowerCase() === `@${self.username.toLowerCase()}`
    if (entity['type'] === 'mention' && ours) words = `${words.slice(0, offset)}${words.slice(offset + length)}`
    const command =
      entity['type'] === 'bot_command' && (!part.includes('@') || part.toLowerCase().endsWith(`@${self.username.toLowerCase()}`))
    const byId = entity['type'] === 'text_mention' && number(object(entity['user'])?.['id']) === self.id
    mentioned ||= ours || command || byId
  }
  return { text: words.trim(), mentioned }
}

function repliesTo(message: Loose, self: Self): boolean {
  return number(object(object(message['reply_to_message'])?.['from'])?.['id']) === self.id
}

function quotedOf(message: Loose): string | null {
  return text(object(message['quote'])?.['text']) ?? text(object(message['reply_to_message'])?.['text'])
}

function fileOf(message: Loose): IncomingMessage['file'] {
  const document = object(message['document'])
  const ref = text(document?.['file_id'])
  if (document === null || ref === null) return null
  return { ref, name: text(document['file_name']) ?? 'file', size: number(document['file_size']) ?? 0 }
}

function object(value: unknown): Loose | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Loose) : null // checked: a plain object
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
