import type { Block, Outgoing, Span } from '../outgoing.ts'
import { plainText } from '../plain.ts'
import { measures, splitBlocks, wordsOfBlock } from '../split.ts'

/** UTF-16 units after the markup is parsed, so escaping costs nothing. */
export const textLimit = 4096
const topicNameLimit = 128
const buttonDataLimit = 64

export type TextMessage = Extract<Outgoing, { kind: 'text' }>

/**
 * Pure: a message → the messages Telegram takes, each sent by one call; a part is not split again. The first carries the reply mark and
 * replaces a preview; the last carries the buttons. An empty message gives no part: Telegram refuses empty ones.
 */
export function partsOf(outgoing: TextMessage): TextMessage[] {
  const parts = splitBlocks(outgoing.blocks, textLimit, measures.utf16).filter((blocks) =>
    blocks.some((block) => wordsOfBlock(block).trim() !== ''),
  )
  return parts.map((blocks, index) => ({
    kind: 'text',
    blocks,
    ...(index === 0 && outgoing.replyTo !== undefined ? { replyTo: outgoing.replyTo } : {}),
    ...(index === 0 && outgoing.replaces !== undefined ? { replaces: outgoing.replaces } : {}),
    ...(index === parts.length - 1 && outgoing.buttons !== undefined ? { buttons: outgoing.buttons } : {}),
  }))
}

/** Pure: one part → the parameters of sendMessage, in HTML and as plain text. */
export function payloadsOf(part: TextMessage): { readonly html: object; readonly plain: object } {
  const keyboard = keyboardOf(part)
  const message = messageNumber(part.replyTo)
  const common = {
    link_preview_options: { is_disabled: true },
    ...(keyboard === null ? {} : { reply_markup: keyboard }),
    ...(message === null ? {} : { reply_parameters: { message_id: message, allow_sending_without_reply: true } }),
  }
  return {
    html: { ...common, text: part.blocks.map(htmlBlock).join('\n'), parse_mode: 'HTML' },
    plain: { ...common, text: plainText(part.blocks) },
  }
}

/** A button whose data is too long for Telegram is left out rather than losing the message. */
function keyboardOf({ buttons }: TextMessage): object | null {
  const rows = (buttons ?? [])
    .map((row) =>
      row.filter((each) => each.label.trim() !== '' && each.data !== '' && Buffer.byteLength(each.data) <= buttonDataLimit),
    )
    .filter((row) => row.length > 0)
    .map((row) => row.map((button) => ({ text: button.label, callback_data: button.data })))
  return rows.length === 0 ? null : { inline_keyboard: rows }
}

/** @param replyTo a message's number, or the `externalId` of the message replied to, which ends with it */
function messageNumber(replyTo: string | undefined): number | null {
  const digits = /(?:^|\/)(\d{1,15})$/.exec(replyTo ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

function htmlBlock(block: Block): string {
  const inner = block.spans.map(htmlSpan).join('')
  if (block.type === 'list_item') return `· ${inner}`
  if (inner === '') return ''
  if (block.type === 'quote') return `<blockquote>${inner}</blockquote>`
  return block.type === 'small' ? `<i>${inner}</i>` : inner
}

function htmlSpan(span: Span): string {
  if (typeof span === 'string') return escaped(span)
  if ('bold' in span) return `<b>${escaped(span.bold)}</b>`
  return /^https?:\/\//i.test(span.href) ? `<a href="${escaped(span.href)}">${escaped(span.link)}</a>` : escaped(span.link)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** @returns a topic's name within Telegram's 1 to 128 characters, counted in UTF-16 units, the stricter way */
export function topicName(name: string): string {
  let short = ''
  for (const { segment } of new Intl.Segmenter().segment(name.replace(/\s+/g, ' ').trim())) {
    if (short.length + segment.length > topicNameLimit) break
    short += segment
  }
  return short === '' ? '…' : short
}
