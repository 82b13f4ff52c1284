import { createHash } from 'node:crypto'
import { type Loose, list, number, object, text } from '../../base/loose.ts'
import { type IncomingMessage, ownMessage } from '../../message.ts'
import { channelName, chatOf } from './address.ts'

/** `origin` of an item: who sent it. */
const byCustomer = 3
const bySystem = 4
const byServicer = 5

export type Item = {
  readonly message: IncomingMessage
  /** Set when it counts as the customer's message: when it was sent, ms. */
  readonly heard: { readonly user: string; readonly at: number } | null
}

/**
 * Pure: one item of `sync_msg` → what happened, or why it is dropped. Every field is checked before it is used.
 * @param now in seconds, for items without a time of their own
 */
export function itemOf(raw: unknown, account: string, now: number): Item | { readonly dropped: string } {
  const told = object(raw)
  if (told === null) return { dropped: 'not_an_item' }
  const item: Loose = { ...told, send_time: sentAtOf(told) ?? now }
  const origin = number(item['origin'])
  if (origin === byCustomer) return fromCustomer(item, account)
  if (origin === byServicer) return fromServicer(item, account)
  return origin === bySystem || item['msgtype'] === 'event'
    ? fromSystem(item, account)
    : { dropped: `origin_${origin ?? 'none'}` }
}

/** @returns when it was sent, in seconds since 1970; null when the time is missing or absurd */
export function sentAtOf(raw: unknown): number | null {
  const told = number(object(raw)?.['send_time'])
  return told === null || told <= 0 || told > latest ? null : told
}

/** An absurd time, beyond the year 2200, must not become a date. */
const latest = 7_258_118_400

function fromCustomer(item: Loose, account: string): Item | { dropped: string } {
  const user = idOf(item['external_userid'])
  if (user === null) return { dropped: 'no_customer' }
  const said = saidIn(item)
  const message = { ...base(item, account, user), ...said, from: { id: `${channelName}:${user}`, name: null } }
  return { message, heard: { user, at: Number(item['send_time']) * 1000 } }
}

/** Said in WeCom's own client: it has already reached the customer. */
function fromServicer(item: Loose, account: string): Item | { dropped: string } {
  const user = idOf(item['external_userid'])
  const servicer = idOf(item['servicer_userid'])
  if (user === null || servicer === null) return { dropped: 'no_servicer' }
  const said = saidIn(item)
  const words = said.text === '' ? '〔图片、语音、文件等〕' : said.text
  return { message: { ...base(item, account, user), from: colleague(servicer), kind: 'broker_text', text: words }, heard: null }
}

function fromSystem(item: Loose, account: string): Item | { dropped: string } {
  const event = object(item['event']) ?? {}
  const kind = text(event['event_type']) ?? 'none'
  if (kind === 'servicer_status_change') return staff(item, event, account)
  const user = idOf(event['external_userid']) ?? idOf(item['external_userid'])
  if (user === null) return { dropped: kind }
  const common = { ...base(item, account, user), from: { id: `${channelName}:${user}`, name: null } }
  if (kind === 'enter_session')
    return { heard: null, message: { ...common, kind: 'entered', replyCode: codeOf(event['welcome_code']) } }
  if (kind === 'session_status_change') return session(common, event)
  const undelivered = kind === 'msg_send_fail' ? failure(event) : null
  return undelivered === null ? { dropped: kind } : { heard: null, message: { ...common, kind: 'undelivered', undelivered } }
}

/** 1 picked up from the queue, 2 transferred, 3 ended, 4 restarted by a servicer. */
function session(common: IncomingMessage, event: Loose): Item | { dropped: string } {
  const change = number(event['change_type'])
  const replyCode = codeOf(event['msg_code'])
  const now = idOf(event['new_servicer_userid'])
  const before = idOf(event['old_servicer_userid'])
  if (change === 3)
    return { heard: null, message: { ...common, kind: 'session_ended', from: colleague(before ?? '-'), replyCode } }
  if (now === null || ![1, 2, 4].includes(change ?? 0)) return { dropped: `session_${change ?? 'none'}` }
  return { heard: null, message: { ...common, kind: 'session_taken', from: colleague(now), replyCode } }
}

type Undelivered = NonNullable<IncomingMessage['undelivered']>

/**
 * Why a message was not delivered after all. Waiting for the customer's next message helps with 0 unknown, 4 later than 48 hours, 5 session
 * closed, 6 more than five. 10: the customer refuses messages. The others (1 account deleted, 2 app closed, 7 no 视频号 bound, 8 company not
 * verified, 11 no member logged in, 12 message type not allowed) cannot be healed by the customer: a human is told.
 */
const failures: Readonly<Record<number, Undelivered['why']>> = {
  0: 'window_closed',
  4: 'window_closed',
  5: 'window_closed',
  6: 'window_closed',
  10: 'chat_gone',
}
/** Those of them that the park's administrator can fix. */
const setupFailures: ReadonlySet<number> = new Set([1, 2, 7, 8, 11])

function failure(event: Loose): Undelivered | null {
  const messageId = text(event['fail_msgid'])
  if (messageId === null || messageId === '') return null
  return { messageId, why: failures[number(event['fail_type']) ?? 0] ?? 'refused' }
}

/** @returns the types of `msg_send_fail` in a page that point to a wrong set-up */
export function setupFailuresIn(raw: readonly unknown[]): number[] {
  return raw.flatMap((each) => {
    const event = object(object(each)?.['event'])
    const type = text(event?.['event_type']) === 'msg_send_fail' ? number(event?.['fail_type']) : null
    return type !== null && setupFailures.has(type) ? [type] : []
  })
}

function staff(item: Loose, event: Loose, account: string): Item | { dropped: string } {
  const servicer = idOf(event['servicer_userid'])
  const status = number(event['status'])
  if (servicer === null || (status !== 1 && status !== 2)) return { dropped: 'servicer_status_change' }
  const place = { ...base(item, account, ''), chat: `${channelName}:${account}` }
  return { heard: null, message: { ...place, from: colleague(servicer), kind: status === 1 ? 'staff_on' : 'staff_off' } }
}

function base(item: Loose, account: string, user: string): IncomingMessage {
  return {
    ...ownMessage({ externalId: `${account}:${keyOf(item)}`, chat: chatOf({ account, user }), text: '' }),
    from: { id: '', name: null },
    kind: 'unreadable',
    sentAt: new Date(Number(item['send_time']) * 1000).toISOString(),
  }
}

/** An item without an id is identified by its content. */
function keyOf(item: Loose): string {
  const msgid = text(item['msgid'])
  if (msgid !== null && msgid !== '') return msgid
  return createHash('sha256').update(JSON.stringify(item)).digest('base64url')
}

function colleague(userid: string): IncomingMessage['from'] {
  return { id: `wecom:${userid}`, name: null }
}

function codeOf(value: unknown): string | null {
  const code = text(value)
  return code === null || code === '' ? null : code
}

function idOf(value: unknown): string | null {
  const id = text(value)
  return id !== null && /^[\w.@-]{1,64}$/.test(id) ? id : null
}

type SaidParts = Pick<IncomingMessage, 'kind' | 'text' | 'button' | 'file'>

/** The readable text of an item; a click on a menu is a text that names the menu item. */
function saidIn(item: Loose): SaidParts {
  const type = text(item['msgtype']) ?? ''
  const content = object(item[type]) ?? {}
  const plain = (words: string): SaidParts => ({
    kind: words === '' ? 'unreadable' : 'text',
    text: words,
    button: null,
    file: null,
  })
  switch (type) {
    case 'text': {
      const menu = text(content['menu_id'])
      const words = text(content['content']) ?? ''
      return menu === null || menu === '' ? plain(words) : { kind: 'button', text: words, button: menu, file: null }
    }
    case 'file': {
      const ref = text(content['media_id'])
      return ref === null ? plain('') : { kind: 'file', text: '', button: null, file: { name: 'file', size: 0, ref } }
    }
    case 'location':
      return plain(joined(content['name'], content['address']))
    case 'link':
      return plain(joined(content['title'], content['desc'], content['url']))
    case 'merged_msg':
      return plain([text(content['title']) ?? '', ...list(content['item']).map(mergedWords)].filter(Boolean).join('\n'))
    default:
      return plain('')
  }
}

function joined(...parts: readonly unknown[]): string {
  return parts
    .flatMap((part) => text(part) ?? [])
    .filter(Boolean)
    .join('\n')
}

/** One line of a forwarded chat; its content is JSON within JSON. */
function mergedWords(raw: unknown): string {
  try {
    const content = object(JSON.parse(text(object(raw)?.['msg_content']) ?? ''))
    return text(object(content?.['text'])?.['content']) ?? ''
  } catch {
    return ''
  }
}
