import { type Loose, number, object, text } from '../base/loose.ts'
import type { IncomingMessage } from '../message.ts'
import { quotedOf, repliesTo, wordsOf } from './words.ts'

/** The bot's own account, from getMe. */
export type Self = { readonly id: number; readonly username: string }

/** Why an update is dropped. `malformed`: not a Telegram update; logged, and not asked for again. */
type Dropped = 'malformed' | 'unknown_kind' | 'edited' | 'channel' | 'bot' | 'service'

export type Incoming =
  | { readonly message: IncomingMessage; readonly dropped: null }
  | { readonly message: null; readonly dropped: Dropped }

/** Context for all updates. `desk`: the brokers' forum, whose topics are always addressed to us. */
type Reader = { readonly id: string; readonly self: Self; readonly desk: string | null; readonly now: Date }

/**
 * Pure: one update → what happened. Edits are dropped: the first version is already being answered, and an answer is not taken back; a
 * person who means something else says it again.
 */
export function incomingOf(update: unknown, self: Self, desk: string | null, now = new Date()): Incoming {
  const root = object(update)
  const id = number(root?.['update_id'])
  if (root === null || id === null || id < 0) return drop('malformed')
  const reader = { id: String(id), self, desk, now }
  const pressed = object(root['callback_query'])
  if (pressed !== null) return keep(buttonOf(pressed, reader))
  const member = object(root['my_chat_member'])
  if (member !== null) return presenceOf(member, reader)
  if ('message' in root) return messageOf(object(root['message']), reader)
  if ('edited_message' in root || 'edited_channel_post' in root) return drop('edited')
  return drop('channel_post' in root ? 'channel' : 'unknown_kind')
}

/** @returns the id with which a button press must be acknowledged, or null */
export function callbackIdOf(update: unknown): string | null {
  return text(object(object(update)?.['callback_query'])?.['id'])
}

/** A group became a supergroup and got another id. */
export function moveOf(update: unknown): { readonly from: number; readonly to: number } | null {
  const message = object(object(update)?.['message'])
  const here = number(object(message?.['chat'])?.['id'])
  const to = number(message?.['migrate_to_chat_id'])
  const from = number(message?.['migrate_from_chat_id'])
  if (here === null) return null
  if (to !== null) return { from: here, to }
  return from === null ? null : { from, to: here }
}

function drop(dropped: Dropped): Incoming {
  return { message: null, dropped }
}

function keep(message: IncomingMessage | null): Incoming {
  return message === null ? drop('malformed') : { message, dropped: null }
}

const mostDataBytes = 64

function buttonOf(pressed: Loose, reader: Reader): IncomingMessage | null {
  const message = object(pressed['message'])
  const id = text(pressed['id'])
  const from = personOf(object(pressed['from']))
  const data = text(pressed['data'])
  const chat = message === null ? null : chatOf(message)
  if (
    chat === null ||
    message === null ||
    id === null ||
    from === null ||
    data === null ||
    Buffer.byteLength(data) > mostDataBytes
  )
    return null
  return {
    ...blank(reader, id, chat, from),
    kind: 'button',
    button: data,
    group: isGroup(message),
    addressed: true,
    language: text(object(pressed['from'])?.['language_code']),
  }
}

/** The person stopped the bot, or started it again. Being added to groups is no presence. */
function presenceOf(member: Loose, reader: Reader): Incoming {
  const chat = chatOf(member)
  const status = text(object(member['new_chat_member'])?.['status'])
  const from = personOf(object(member['from']))
  if (chat === null || from === null || status === null) return drop('malformed')
  if (isGroup(member) || (status !== 'kicked' && status !== 'member')) return drop('service')
  return keep({
    ...blank(reader, String(number(member['date']) ?? ''), chat, from),
    kind: status === 'kicked' ? 'blocked' : 'unblocked',
    addressed: true,
    sentAt: timeOf(member, reader.now),
  })
}

function messageOf(message: Loose | null, reader: Reader): Incoming {
  const id = number(message?.['message_id'])
  if (message === null || id === null || !isWellFormed(message)) return drop('malformed')
  if (object(message['chat'])?.['type'] === 'channel') return drop('channel')
  const chat = chatOf(message)
  const from = senderOf(message)
  if (chat === null || from === null) return drop('malformed')
  if (from === 'bot') return drop('bot')
  const common = {
    ...blank(reader, String(id), chat, from),
    group: isGroup(message),
    language: text(object(message['from'])?.['language_code']),
    sentAt: timeOf(message, reader.now),
  }
  if (message['forum_topic_closed'] !== undefined) return keep({ ...common, kind: 'topic_closed', addressed: true })
  if (message['forum_topic_reopened'] !== undefined) return keep({ ...common, kind: 'topic_reopened', addressed: true })
  if (serviceFields.some((field) => message[field] !== undefined)) return drop('service')
  const words = wordsOf(message, reader.self)
  const file = fileOf(message)
  const atDesk = reader.desk !== null && chat.startsWith(`telegram:${reader.desk}#`)
  return keep({
    ...common,
    // The caption of a picture is the person's text.
    kind: file !== null ? 'file' : words.text !== '' || message['text'] !== undefined ? 'text' : 'unreadable',
    text: words.text,
    file,
    quoted: quotedOf(message),
    addressed: !common.group || atDesk || words.called || repliesTo(message, reader.self),
  })
}

function isWellFormed(message: Loose): boolean {
  return ['text', 'caption'].every((field) => message[field] === undefined || typeof message[field] === 'string')
}

/** Fields of updates about a chat itself rather than about what somebody says in it. */
const serviceFields = [
  'new_chat_members',
  'left_chat_member',
  'new_chat_title',
  'new_chat_photo',
  'delete_chat_photo',
  'group_chat_created',
  'supergroup_chat_created',
  'channel_chat_created',
  'message_auto_delete_timer_changed',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
  'pinned_message',
  'forum_topic_created',
  'forum_topic_edited',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'video_chat_scheduled',
  'video_chat_started',
  'video_chat_ended',
  'video_chat_participants_invited',
  'boost_added',
  'chat_background_set',
  'write_access_allowed',
  'proximity_alert_triggered',
]

/**
 * @param unique tells this event from another with the same update_id: after a quiet week Telegram restarts numbering at random, and stored
 * ids are kept much longer than that
 */
function blank(reader: Reader, unique: string, chat: string, from: IncomingMessage['from']): IncomingMessage {
  return {
    externalId: `${reader.id}/${chat.slice('telegram:'.length)}/${unique}`,
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
    sentAt: reader.now.toISOString(),
  }
}

function timeOf(message: Loose, now: Date): string {
  const seconds = number(message['date'])
  return seconds === null || seconds < 0 || seconds > 8_000_000_000 ? now.toISOString() : new Date(seconds * 1000).toISOString()
}

/** `telegram:42`, or `telegram:-100123#55` inside a forum topic; a thread of replies in an ordinary group is not a topic. */
function chatOf(message: Loose): string | null {
  const id = number(object(message['chat'])?.['id'])
  if (id === null) return null
  const thread = message['is_topic_message'] === true ? number(message['message_thread_id']) : null
  return thread === null ? `telegram:${id}` : `telegram:${id}#${thread}`
}

function isGroup(message: Loose): boolean {
  return object(message['chat'])?.['type'] !== 'private'
}

/**
 * The author. An anonymous administrator, or a person writing as a channel, speaks in the name of that chat; the account Telegram shows for
 * them is a bot all of them share and must never be taken for one person.
 */
function senderOf(message: Loose): IncomingMessage['from'] | 'bot' | null {
  const inNameOf = object(message['sender_chat'])
  if (message['is_automatic_forward'] === true || message['via_business_bot'] !== undefined) return 'bot'
  if (inNameOf !== null) return personOf(inNameOf)
  const from = object(message['from'])
  if (from?.['is_bot'] === true) return 'bot'
  return personOf(from ?? (isGroup(message) ? null : object(message['chat'])))
}

function personOf(account: Loose | null): IncomingMessage['from'] | null {
  const id = number(account?.['id'])
  if (account === null || id === null) return null
  const name = [text(account['first_name']), text(account['last_name'])].filter(Boolean).join(' ')
  return { id: `telegram:${id}`, name: name === '' ? (text(account['title']) ?? text(account['username'])) : name }
}

/** An animation carries a `document` too, for old clients; nobody sends one to be read. */
function fileOf(message: Loose): IncomingMessage['file'] {
  const document = message['animation'] === undefined ? object(message['document']) : null
  const ref = text(document?.['file_id'])
  if (document === null || ref === null) return null
  return { ref, name: text(document['file_name']) ?? 'file', size: number(document['file_size']) ?? 0 }
}
