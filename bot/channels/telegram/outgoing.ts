import type { Block, Outgoing, Span } from '../channel.ts'
import { plainText } from '../plain.ts'
import { measures, splitBlocks } from '../split.ts'

export const textLimit = 4096
const topicNameLimit = 128
const buttonDataLimit = 64

/** One API call that says one part. */
export type Part = {
  readonly html: string
  readonly plain: string
  readonly markup: Readonly<Record<string, unknown>> | undefined
}

/** Pure: a message → the parts Telegram takes; buttons go under the last. */
export function partsOf(outgoing: Extract<Outgoing, { kind: 'text' }>): Part[] {
  const parts = splitBlocks(outgoing.blocks, textLimit, measures.utf16)
  const keyboard = keyboardOf(outgoing)
  return parts.map((blocks, index) => ({
    html: blocks.map(htmlBlock).join('\n'),
    plain: plainText(blocks),
    markup: index === parts.length - 1 ? keyboard : undefined,
  }))
}

/** @throws nothing: a button whose data is too long for Telegram is left out rather than losing the message */
function keyboardOf({ buttons }: Extract<Outgoing, { kind: 'text' }>): Part['markup'] {
  const rows = (buttons ?? [])
    .map((row) => row.filter((button) => Buffer.byteLength(button.data) <= buttonDataLimit && button.data !== ''))
    .filter((row) => row.length > 0)
    .map((row) => row.map((button) => ({ text: button.label, callback_data: button.data })))
  return rows.length === 0 ? undefined : { inline_keyboard: rows }
}

function htmlBlock(block: Block): string {
  const inner = block.spans.map(htmlSpan).join('')
  if (block.type === 'list_item') return `· ${inner}`
  if (block.type === 'quote') return `<blockquote>${inner}</blockquote>`
  return block.type === 'small' ? `<i>${inner}</i>` : inner
}

function htmlSpan(span: Span): string {
  if (typeof span === 'string') return escaped(span)
  if ('bold' in span) return `<b>${escaped(span.bold)}</b>`
  return /^https?:\/\//.test(span.href)
    ? `<a href="${escaped(span.href).replaceAll('"', '&quot;')}">${escaped(span.link)}</a>`
    : escaped(span.link)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** @returns a topic's name within Telegram's 1 to 128 characters */
export function topicName(name: string): string {
  const characters = [...name.replace(/\s+/g, ' ').trim()]
  let short = characters.join('')
  while (short.length > topicNameLimit) short = characters.splice(-1, 1) && characters.join('')
  return short === '' ? '…' : short
}

/** `telegram:-100123#55` → where to send. */
export function targetOf(chat: string): { chat_id: number; message_thread_id?: number } {
  const [id, thread] = chat.slice('telegram:'.length).split('#')
  return { chat_id: Number(id), ...(thread === undefined ? {} : { message_thread_id: Number(thread) }) }
}
