import { createHash } from 'node:crypto'
import { type IncomingMessage, ownMessage } from '../../message.ts'
import { pressedOf } from '../cards.ts'
import { type Xml, xmlText } from '../xml.ts'

export type Incoming =
  | { readonly message: IncomingMessage; readonly dropped: null }
  | { readonly message: null; readonly dropped: 'malformed' | 'unknown_kind' | 'service' }

/** Far beyond WeCom's own limit. */
const mostUnits = 16_384

/** Pure: one callback of the self-built app → what happened. Members write to it in private only; it has no groups. */
export function incomingOf(callback: Xml, now = new Date()): Incoming {
  const from = xmlText(callback, 'FromUserName')
  const type = xmlText(callback, 'MsgType')
  if (from === null || !isUserId(from) || type === null) return { message: null, dropped: 'malformed' }
  return type === 'event' ? eventOf(callback, from, now) : messageOf(callback, from, type, now)
}

/** WeCom's own rule for userids, so that none can speak for another or hold a separator. */
export function isUserId(id: string): boolean {
  return /^[A-Za-z0-9][\w.@-]{0,63}$/.test(id)
}

function messageOf(callback: Xml, from: string, type: string, now: Date): Incoming {
  const common = blank(callback, from, now)
  switch (type) {
    case 'text':
      return keep({ ...common, text: (xmlText(callback, 'Content') ?? '').slice(0, mostUnits) })
    case 'link':
      return keep({ ...common, text: wordsOf(callback, 'Title', 'Description', 'Url') })
    case 'location':
      return keep({ ...common, kind: 'unreadable', text: wordsOf(callback, 'Label') })
    case 'file':
    case 'image':
      return keep(fileOf(callback, common, type))
    case 'voice':
    case 'video':
      return keep({ ...common, kind: 'unreadable' })
    default:
      return { message: null, dropped: 'unknown_kind' }
  }
}

/** Files are not documented for the app's callbacks, yet they arrive; a picture has no name. */
function fileOf(callback: Xml, common: IncomingMessage, type: 'file' | 'image'): IncomingMessage {
  const ref = xmlText(callback, 'MediaId')
  if (ref === null || ref === '') return { ...common, kind: 'unreadable' }
  const named = xmlText(callback, 'FileName') ?? xmlText(callback, 'Title')
  const name = type === 'image' ? `${common.externalId.replace(/\D/g, '') || 'image'}.jpg` : (named ?? 'file')
  return { ...common, kind: 'file', file: { ref, name, size: Number(xmlText(callback, 'FileSize') ?? 0) || 0 } }
}

function eventOf(callback: Xml, from: string, now: Date): Incoming {
  const common = blank(callback, from, now)
  switch (xmlText(callback, 'Event')) {
    case 'click':
      return chosen(common, xmlText(callback, 'EventKey'))
    case 'template_card_event':
      return pressed(common, pressedOf(xmlText(callback, 'EventKey') ?? '').data)
    case 'enter_agent':
      return keep({ ...common, kind: 'entered' })
    case 'subscribe':
      return keep({ ...common, kind: 'unblocked' })
    case 'unsubscribe':
      return keep({ ...common, kind: 'blocked' })
    default:
      return { message: null, dropped: 'service' }
  }
}

/** An entry of the app's menu; our own entries are commands, as if typed. */
function chosen(common: IncomingMessage, key: string | null): Incoming {
  return key?.startsWith('/') === true ? keep({ ...common, text: key.slice(0, 64) }) : pressed(common, key)
}

function pressed(common: IncomingMessage, data: string | null): Incoming {
  return data === null || data === '' || Buffer.byteLength(data) > 64
    ? { message: null, dropped: 'malformed' }
    : keep({ ...common, kind: 'button', button: data })
}

function keep(message: IncomingMessage): Incoming {
  return { message, dropped: null }
}

function wordsOf(callback: Xml, ...names: readonly string[]): string {
  return names
    .flatMap((name) => xmlText(callback, name) || [])
    .join('\n')
    .slice(0, mostUnits)
}

function blank(callback: Xml, from: string, now: Date): IncomingMessage {
  return { ...ownMessage({ externalId: keyOf(callback, from), chat: `wecom:${from}`, text: '' }), sentAt: timeOf(callback, now) }
}

/** Tells apart two events in one second; by the documented key (who and when) the second would be dropped. */
const eventParts = ['CreateTime', 'Event', 'EventKey', 'AgentID', 'ChangeType', 'TaskId'] as const

/** A message has a number, kept as text because it exceeds JavaScript's integers; an event is identified by its content. */
function keyOf(callback: Xml, from: string): string {
  const id = xmlText(callback, 'MsgId')
  if (id !== null && /^\w{1,64}$/.test(id)) return id
  const parts = [from, ...eventParts.map((name) => xmlText(callback, name) ?? '')]
  return `event/${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`
}

function timeOf(callback: Xml, now: Date): string {
  const seconds = Number(xmlText(callback, 'CreateTime') ?? '')
  return Number.isInteger(seconds) && seconds > 0 && seconds < 8_000_000_000
    ? new Date(seconds * 1000).toISOString()
    : now.toISOString()
}
