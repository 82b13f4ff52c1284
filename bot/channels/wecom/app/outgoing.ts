import type { Loose } from '../../base/loose.ts'
import type { Block, Button, Outgoing, Span } from '../../outgoing.ts'
import { plainText } from '../../plain.ts'
import { measures, wordsOfBlock } from '../../split.ts'
import { appCaps, cardOf, cardsOf, fitsCard } from '../cards.ts'
import { fitting } from '../fitting.ts'

/** In bytes. WeCom silently cuts off what is beyond. */
export const textLimit = 2048

export type TextMessage = Extract<Outgoing, { kind: 'text' }>

/**
 * Pure: a message → the messages WeCom takes, each sent by one call. Buttons are cards: with the text on the card when it is short, else
 * after it. A message that settles an earlier card is one message.
 */
export function partsOf(outgoing: TextMessage): TextMessage[] {
  if (outgoing.settles !== undefined) return [outgoing]
  const cards = cardsOf(outgoing.buttons ?? [])
  const said = outgoing.blocks.filter((block) => wordsOfBlock(block).trim() !== '')
  const [first, ...rest] = cards
  const onCard = first !== undefined && isBare(said) && fitsCard(plainText(said), appCaps)
  const text = onCard ? [] : fitting(outgoing.blocks, textLimit, bare).map((blocks): TextMessage => ({ kind: 'text', blocks }))
  const card = (buttons: Button[], blocks: readonly Block[]): TextMessage => ({ kind: 'text', blocks, buttons: [buttons] })
  return [...text, ...(first === undefined ? [] : [card(first, onCard ? said : [])]), ...rest.map((each) => card(each, []))]
}

/** Pure: one part → `msgtype` and content. @param prompt text of a card that has none of its own */
export function payloadOf(part: TextMessage, taskId: string, prompt: (buttons: readonly Button[]) => string): Loose {
  const buttons = part.buttons?.flat() ?? []
  if (buttons.length > 0) {
    const text = plainText(part.blocks).trim() || prompt(buttons)
    return { msgtype: 'template_card', template_card: cardOf({ text, buttons, taskId }, appCaps) }
  }
  const markdown = part.blocks.map(markdownBlock).join('\n')
  if (part.blocks.every(isPlainInMarkdown) && measures.bytes(markdown) <= textLimit && markdown !== bare(part.blocks))
    return { msgtype: 'markdown', markdown: { content: markdown } }
  return { msgtype: 'text', text: { content: bare(part.blocks) } }
}

function isBare(blocks: readonly Block[]): boolean {
  return blocks.every((block) => block.spans.every((span) => typeof span === 'string' || 'bold' in span))
}

/** As a `text` message: plain, with links in WeCom's own form. */
function bare(blocks: readonly Block[]): string {
  return blocks.map((block) => `${block.type === 'list_item' ? '· ' : ''}${block.spans.map(bareSpan).join('')}`).join('\n')
}

function bareSpan(span: Span): string {
  if (typeof span === 'string') return inert(span)
  if ('bold' in span) return inert(span.bold)
  return isWeb(span.href) ? `<a href="${span.href.replaceAll('"', '%22')}">${inert(span.link)}</a>` : inert(span.link)
}

/** Somebody's `<a href=…>` stays text and becomes no link: an invisible character separates the sign from the letter. */
function inert(text: string): string {
  return text.replace(/<(?=\/?a[\s>])/gi, '<\u{200b}')
}

function markdownBlock(block: Block): string {
  const inner = block.spans.map(markdownSpan).join('')
  if (inner === '') return ''
  if (block.type === 'list_item') return `· ${inner}`
  if (block.type === 'quote') return `> ${inner.replaceAll('\n', '\n> ')}`
  return block.type === 'small' ? `<font color="comment">${inner}</font>` : inner
}

function markdownSpan(span: Span): string {
  if (typeof span === 'string') return span
  if ('bold' in span) return `**${span.bold}**`
  return isWeb(span.href) && !/[()\s]/.test(span.href) ? `[${span.link}](${span.href})` : span.link
}

/** WeCom's markdown has no escape: words it would misread are sent as plain text. */
function isPlainInMarkdown(block: Block): boolean {
  const link = block.spans.some((span) => typeof span === 'object' && 'link' in span && /[[\]]/.test(span.link))
  return !link && !/[*_`<>~\\]|^\s*#|\]\(|&#?\w+;/m.test(wordsOfBlock(block))
}

function isWeb(href: string): boolean {
  return /^https?:\/\//i.test(href)
}
