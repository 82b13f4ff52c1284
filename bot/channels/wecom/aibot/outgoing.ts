import type { Loose } from '../../base/loose.ts'
import type { Block, Button, Outgoing, Span } from '../../outgoing.ts'
import { wordsOfBlock } from '../../split.ts'
import { cardsOf } from '../cards.ts'
import { fitting } from '../fitting.ts'

/** Bytes of one message, markup included. */
export const textLimit = 20_480

export type TextMessage = Extract<Outgoing, { kind: 'text' }>

/** Pure: a message → the messages the AI bot sends: text first, and a card for every six buttons. The first replaces a preview. */
export function partsOf(outgoing: TextMessage): TextMessage[] {
  const { blocks, buttons: _, ...rest } = outgoing
  // A welcome is one message: nobody may be written to again before they have written.
  const alone = isTextPart(outgoing) || outgoing.at?.moment === 'welcome'
  const cards = alone ? [] : cardsOf(outgoing.buttons ?? [])
  // The id of a verdict under a reply comes from the buttons sent with it.
  const verdict = (outgoing.buttons ?? []).flat().find((each) => feedbackOf(each) !== null)
  const texts = fitting(blocks, textLimit, markdownOf).map(
    (part, index): TextMessage => ({
      ...(index === 0 ? rest : {}),
      kind: 'text',
      blocks: part,
      ...(index === 0 && verdict !== undefined ? { buttons: [[verdict]] } : {}),
    }),
  )
  return [...texts, ...cards.map((buttons): TextMessage => ({ kind: 'text', blocks: [], buttons: [buttons] }))]
}

/** A text that carries its own verdict is already a part and gets no card for it. */
function isTextPart(outgoing: TextMessage): boolean {
  const [only, ...more] = (outgoing.buttons ?? []).flat()
  return only !== undefined && more.length === 0 && feedbackOf(only) !== null && !isCard(outgoing)
}

/** @returns the id under which WeCom's own like and dislike come back as this button; null when the button is no verdict */
export function feedbackOf({ data }: Button): string | null {
  return /^(.+):helpful$/.exec(data)?.[1] ?? null
}

/** @returns whether a part is only a card */
export function isCard(part: TextMessage): boolean {
  return !part.blocks.some((block) => wordsOfBlock(block).trim() !== '')
}

/** Pure: blocks in the AI bot's markdown; words of people, documents and models are never markup. */
export function markdownOf(blocks: readonly Block[]): string {
  return blocks.map(markdownBlock).join('\n')
}

function markdownBlock(block: Block): string {
  const inner = block.spans.map(markdownSpan).join('')
  if (inner === '') return ''
  if (block.type === 'list_item') return `· ${inner}`
  return block.type === 'quote' ? `> ${inner.replaceAll('\n', '\n> ')}` : inner
}

function markdownSpan(span: Span): string {
  if (typeof span === 'string') return literal(span)
  if ('bold' in span) return span.bold.trim() === '' ? span.bold : `**${literal(span.bold)}**`
  return /^https?:\/\/[^\s()]+$/i.test(span.href) ? `[${literal(span.link)}](${span.href})` : literal(span.link)
}

/** An invisible character, for where a backslash does not help. */
const parting = '\u{200b}'

/** Pure: escapes words as sparingly as possible: citation marks like [1] stay as they are. */
export function literal(words: string): string {
  return words
    .replace(/[\\*`]|~(?=~)|(?<=~)~|\](?=[([:])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/<(?=[a-z/!?])/gi, `<${parting}`)
    .replace(/&(?=#?\w+;)/g, `&${parting}`)
    .replace(/^([ \t]{0,3})(?=#{1,6}(?:\s|$)|>|[|:\s=-]{3,}$)/gm, `$1${parting}`)
}

/** Pure: the card after a click, with nothing left to choose. */
export function chosenCard(label: string, key: string, taskId: string): Loose {
  return {
    card_type: 'button_interaction',
    main_title: { title: `✓ ${label}` },
    button_list: [{ text: label, style: 2, key }],
    task_id: taskId,
  }
}
