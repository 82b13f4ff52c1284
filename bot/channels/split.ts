import type { Block, Span } from './outgoing.ts'

/** Measures a text as a platform counts it; the measure of a text is the sum over its characters. */
export type Measure = (text: string) => number

export const measures: Readonly<Record<'utf16' | 'bytes', Measure>> = {
  utf16: (text) => text.length,
  bytes: (text) => Buffer.byteLength(text),
}

/** What a channel writes in front of an item of a list. */
const itemMark = '· '

/**
 * Pure: cuts a message into parts that each fit a platform's limit, counting lines and list marks. Cuts between blocks where possible, else
 * after a line, a sentence, a phrase or a word. All spans joined give all spans back: nothing is added or lost. No character, citation
 * mark, amount, word or short bold or linked run is cut in two, and no citation mark is separated from its sentence.
 * @param size large enough for a few characters, or they come one by one whatever the limit
 */
export function splitBlocks(blocks: readonly Block[], size: number, measure: Measure): Block[][] {
  const parts: Block[][] = []
  let open: Block[] = []
  let used = 0
  for (const block of blocks.flatMap((each) => fitting(each, size, measure))) {
    const length = lengthOf(block, measure)
    // A line break separates two blocks of one part.
    if (open.length > 0 && used + 1 + length > size) {
      parts.push(open)
      open = []
    }
    used = open.length === 0 ? length : used + 1 + length
    open.push(block)
  }
  if (open.length > 0) parts.push(open)
  return parts
}

/** @returns the text of a block, without markup */
export function wordsOfBlock(block: Block): string {
  return block.spans.map(spanText).join('')
}

function lengthOf(block: Block, measure: Measure): number {
  return measure(markOf(block) + wordsOfBlock(block))
}

function markOf(block: Block): string {
  return block.type === 'list_item' ? itemMark : ''
}

function spanText(span: Span): string {
  return typeof span === 'string' ? span : 'bold' in span ? span.bold : span.link
}

function withText(span: Span, text: string): Span {
  return typeof span === 'string' ? text : 'bold' in span ? { bold: text } : { link: text, href: span.href }
}

function fitting(block: Block, size: number, measure: Measure): Block[] {
  if (lengthOf(block, measure) <= size) return [block]
  const said = wordsOfBlock(block)
  const room = size - measure(markOf(block))
  const whole = wholeRuns(block.spans, said, room, measure)
  const pieces: Block[] = []
  for (let from = 0; from < said.length; ) {
    const to = from + nextCut(said.slice(from), room, measure, (at) => isFree(whole, from + at))
    pieces.push({ type: block.type, spans: spansBetween(block.spans, from, to) })
    from = to
  }
  return pieces
}

/** From `first` to `last` nothing may be cut. */
type Run = { readonly first: number; readonly last: number }

function isFree(runs: readonly Run[], at: number): boolean {
  return !runs.some((run) => run.first <= at && at <= run.last)
}

function wholeRuns(spans: readonly Span[], said: string, room: number, measure: Measure): Run[] {
  // A mark stays with the character before it, so no cut is allowed right before the mark either.
  const runs: Run[] = [...said.matchAll(/(?:\[\d{1,3}\])+/g)].map((match) => ({
    first: match.index,
    last: match.index + match[0].length - 1,
  }))
  for (const { 0: word, index } of said.matchAll(/[a-z0-9][a-z0-9.,:%/@_-]{1,40}/gi)) {
    runs.push({ first: index + 1, last: index + word.length - 1 })
  }
  let at = 0
  for (const span of spans) {
    const text = spanText(span)
    if (typeof span !== 'string' && measure(text) <= room / 2) runs.push({ first: at + 1, last: at + text.length - 1 })
    at += text.length
  }
  return runs
}

/** After a line, a sentence with what closes it, a phrase, a word. */
const breaks = [/\n+/g, /(?:[。！？!?；;…]|\.(?=\s))+[”’」』）)】》"']*(?:\[\d{1,3}\])*/g, /[，,、：:](?:\[\d{1,3}\])*/g, /\s+/g]

/** @returns where to cut `rest` so that the part before it fits; never 0 */
function nextCut(rest: string, room: number, measure: Measure, free: (at: number) => boolean): number {
  const most = longestPrefix(rest, room, measure)
  if (most === rest.length) return most
  const prefix = rest.slice(0, most)
  for (const pattern of breaks) {
    const ends = [...prefix.matchAll(pattern)].map((match) => match.index + match[0].length)
    const last = ends.findLast((at) => at > most / 2 && free(at))
    if (last !== undefined) return last
  }
  const characters = [...new Intl.Segmenter().segment(rest.slice(0, most + 40))].map((each) => each.index)
  const fits = (at: number) => at > 0 && at <= most
  return characters.findLast((at) => fits(at) && free(at)) ?? characters.findLast(fits) ?? most
}

/** In code points, so that a surrogate pair stays whole. At least one, however small the room. */
function longestPrefix(text: string, room: number, measure: Measure): number {
  let used = 0
  let at = 0
  for (const character of text) {
    used += measure(character)
    if (used > room && at > 0) break
    at += character.length
    if (used >= room) break
  }
  return at
}

function spansBetween(spans: readonly Span[], from: number, to: number): Span[] {
  const cut: Span[] = []
  let at = 0
  for (const span of spans) {
    const text = spanText(span)
    const inside = text.slice(Math.max(0, from - at), Math.max(0, to - at))
    if (inside !== '') cut.push(withText(span, inside))
    at += text.length
  }
  return cut
}
