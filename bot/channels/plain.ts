import type { Block, Outgoing, Span } from './outgoing.ts'

function plainSpan(span: Span): string {
  if (typeof span === 'string') return span
  return 'bold' in span ? span.bold : span.link
}

/** @returns what a message says, without markup: for the terminal, the transcript and platforms that refused the markup */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map((block) => `${block.type === 'list_item' ? '· ' : ''}${block.spans.map(plainSpan).join('')}`).join('\n')
}

/** @returns the text of an outgoing message, or an empty string when it has none (a topic that opens) */
export function saidBy(outgoing: Outgoing): string {
  if (outgoing.kind === 'file') return `〔${outgoing.name}〕`
  return outgoing.kind === 'text' ? plainText(outgoing.blocks) : ''
}
