import type { Block, Span } from './channel.ts'

/** Measures a text as a platform counts it. */
export type Measure = (text: string) => number

export const measures: Readonly<Record<'utf16' | 'bytes', Measure>> = {
  utf16: (text) => text.length,
  bytes: (text) => Buffer.byteLength(text),
}

/**
 * Cuts a message into parts that each fit a platform's limit, between blocks where possible, then between lines, sentences and words.
 * Joined they say the same; no surrogate pair and no citation mark is cut.
 */
export function splitBlocks(blocks: readonly Block[], size: number, measure: Measure): Block[][] {
  const parts: Block[][] = []
  let open: Block[] = []
  let used = 0
  for (const block of blocks.flatMap((each) => fitting(each, size, measure))) {
    const length = measure(textOf(block)) + 1
    if (open.length > 0 && used + length > size) {
      parts.push(open)
      open = []
      used = 0
    }
    open.push(block)
    used += length
  }
  if (open.length > 0) parts.push(open)
  return parts
}

/** Marks a channel may put in front of a block ("· ") count too. */
const decoration = '· '

function textOf(block: Block): string {
  return decoration + block.spans.map(spanText).join('')
}

function spanText(span: Span): string {
  return typeof span === 'string' ? span : 'bold' in span ? span.bold : span.link
}

/** A block that is too long by itself loses its emphasis: it becomes plain pieces. */
function fitting(block: Block, size: number, measure: Measure): Block[] {
  if (measure(textOf(block)) + 1 <= size) return [block]
  return splitText(block.spans.map(spanText).join(''), size - measure(decoration) - 1, measure).map((text) => ({
    type: block.type,
    spans: [text],
  }))
}

const breaks = [/\n/g, /[。！？!?；;]/g, /[，,、：:]/g, /\s/g]

/** @returns pieces of at most `size`, which joined give `text` back */
export function splitText(text: string, size: number, measure: Measure): string[] {
  const pieces: string[] = []
  let rest = text
  while (measure(rest) > size) {
    const most = longestPrefix(rest, size, measure)
    const cut = goodCut(rest.slice(0, most)) ?? most
    pieces.push(rest.slice(0, cut))
    rest = rest.slice(cut)
  }
  if (rest !== '') pieces.push(rest)
  return pieces
}

/** Whole characters only. */
function longestPrefix(text: string, size: number, measure: Measure): number {
  let used = 0
  let at = 0
  for (const character of text) {
    used += measure(character)
    if (used > size) break
    at += character.length
  }
  return Math.max(at, [...text.slice(0, 2)][0]?.length ?? 1)
}

/** The last good place in the second half; a citation mark is not left behind its sentence or cut in two. */
function goodCut(prefix: string): number | null {
  for (const pattern of breaks) {
    const ends = [...prefix.matchAll(pattern)]
      .map((match) => match.index + match[0].length)
      .filter((at) => at > prefix.length / 2)
    const last = ends.findLast((at) => !/^\[\d/.test(prefix.slice(at)))
    if (last !== undefined) return last
  }
  const mark = prefix.search(/\[\d{0,3}$/)
  return mark > 0 ? mark : null
}
