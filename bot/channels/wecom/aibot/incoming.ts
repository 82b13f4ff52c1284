import { type Loose, list, number, object, text } from '../../base/loose.ts'
import type { IncomingMessage } from '../../message.ts'
import { isUserId } from '../app/incoming.ts'
import { pressedOf } from '../cards.ts'

/** Pure: one message of the connection → what happened; null when it is not for us. */
export function incomingOf(body: Loose, reqId: string, now = new Date()): IncomingMessage | null {
  const user = text(object(body['from'])?.['userid'])
  const id = text(body['msgid'])
  if (user === null || !isUserId(user) || id === null || id === '') return null
  const chatId = text(body['chatid'])
  const group = text(body['chattype']) === 'group' || (chatId !== null && text(body['chattype']) === null)
  const common: IncomingMessage = {
    externalId: id.slice(0, 200),
    chat: group && chatId !== null ? `${prefix}${groupMark}${chatId}` : `${prefix}${user}`,
    from: { id: `${prefix}${user}`, name: null },
    kind: 'text',
    text: '',
    button: null,
    file: null,
    quoted: quotedOf(object(body['quote'])),
    group,
    // In groups the platform only passes on what is addressed to the bot.
    addressed: true,
    language: null,
    sentAt: timeOf(body, now),
  }
  return text(body['msgtype']) === 'event' ? eventOf(object(body['event']), common, reqId) : saidIn(body, common)
}

export const prefix = 'wecom-aibot:'
/** No userid contains this sign. */
export const groupMark = 'group/'

function saidIn(body: Loose, common: IncomingMessage): IncomingMessage | null {
  const part = contentOf(body)
  if (part === null) return null
  if (part.file !== null) return { ...common, kind: 'file', text: part.words, file: part.file }
  const words = common.group ? withoutName(part.words) : part.words.trim()
  // Called by name and nothing else: the person wants to know what the bot can do.
  if (common.group && words === '' && part.words.trim() !== '') return { ...common, text: '/help' }
  return words === '' ? { ...common, kind: 'unreadable' } : { ...common, text: words.slice(0, mostUnits) }
}

/** Far beyond WeCom's own limit. */
const mostUnits = 16_384

type Content = { readonly words: string; readonly file: IncomingMessage['file'] }

/** Pictures are not read, and voice already comes as text. */
function contentOf(body: Loose): Content | null {
  const type = text(body['msgtype']) ?? ''
  const content = object(body[type])
  switch (type) {
    case 'text':
    case 'voice':
      return { words: text(content?.['content']) ?? '', file: null }
    case 'mixed':
      return { words: list(content?.['msg_item']).map(wordsIn).filter(Boolean).join('\n'), file: null }
    case 'file':
      return { words: '', file: fileOf(content) }
    case 'image':
    case 'video':
      return { words: '', file: null }
    default:
      return null
  }
}

function wordsIn(item: unknown): string {
  return text(object(object(item)?.['text'])?.['content'])?.trim() ?? ''
}

/** The reference carries address and key, both good for minutes; the name is learned when it is fetched. */
function fileOf(content: Loose | null): IncomingMessage['file'] {
  const url = text(content?.['url'])
  if (url === null) return null
  const ref = JSON.stringify([url, text(content?.['aeskey']) ?? ''])
  return { ref, name: text(content?.['filename']) ?? text(content?.['name']) ?? 'file', size: number(content?.['size']) ?? 0 }
}

function quotedOf(quote: Loose | null): string | null {
  const words = quote === null ? '' : (contentOf(quote)?.words.trim() ?? '')
  return words === '' ? null : words.slice(0, mostUnits)
}

/** The character WeCom's own picker puts after a name, which may hold spaces itself. */
const afterName = '\u{2005}'

/**
 * Pure: the words said to the bot in a group, without its name. The name is not known, but every message calls the bot: of one name it is
 * that one, of several the first.
 */
export function withoutName(said: string): string {
  const at = /(?<![\w.@-])[@＠]/.exec(said)?.index
  if (at === undefined) return said.trim()
  const picked = said.indexOf(afterName, at)
  const ends = picked > at && picked - at <= 40 && !said.slice(at + 1, picked).includes('\n')
  const length = ends ? picked - at + 1 : (/^[@＠][^\s@＠]*/u.exec(said.slice(at))?.[0].length ?? 1)
  return `${said.slice(0, at).trimEnd()} ${said.slice(at + length).trimStart()}`.trim()
}

function eventOf(event: Loose | null, common: IncomingMessage, reqId: string): IncomingMessage | null {
  const type = text(event?.['eventtype']) ?? ''
  const detail = object(event?.[type]) ?? event ?? {}
  switch (type) {
    case 'enter_chat':
      return { ...common, kind: 'entered', replyCode: reqId }
    case 'template_card_event':
      return pressed(common, pressedOf(cardKeyOf(detail)).data)
    case 'feedback_event':
      return verdictOf(detail, common)
    default:
      return null
  }
}

/** Both spellings occur. */
export function cardKeyOf(detail: Loose): string {
  return text(detail['event_key']) ?? text(detail['EventKey']) ?? ''
}

const verdicts: Readonly<Record<number, string>> = { 1: 'helpful', 2: 'not_helpful', 3: 'none' }
/** The reasons WeCom lets people tick. */
const ticks: Readonly<Record<number, string>> = { 1: '答非所问', 2: '内容不完整', 3: '内容错误', 4: '数据分析有误' }

/** A like or dislike under a reply whose id we gave, or its withdrawal. */
function verdictOf(detail: Loose, common: IncomingMessage): IncomingMessage | null {
  const verdict = verdicts[number(detail['type']) ?? 0]
  const id = text(detail['id']) ?? ''
  if (verdict === undefined || id === '') return null
  const words = (text(detail['content']) ?? '').slice(0, mostUnits)
  const ticked = list(detail['inaccurate_reason_list']).flatMap((each) => ticks[number(each) ?? 0] ?? [])
  const reason = [ticked.join('、'), words.trim()].filter(Boolean).join('：')
  const message = pressed(common, `${id}:${verdict}`, words)
  return message === null || reason === '' ? message : { ...message, reason }
}

function pressed(common: IncomingMessage, data: string, words = ''): IncomingMessage | null {
  return data === '' || Buffer.byteLength(data) > 64 ? null : { ...common, kind: 'button', button: data, text: words }
}

function timeOf(body: Loose, now: Date): string {
  const seconds = number(body['create_time'])
  return seconds === null || seconds <= 0 || seconds > 8_000_000_000 ? now.toISOString() : new Date(seconds * 1000).toISOString()
}
