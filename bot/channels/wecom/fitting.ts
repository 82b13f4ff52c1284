import type { Block } from '../outgoing.ts'
import { measures, splitBlocks, wordsOfBlock } from '../split.ts'

/** Below this a part is not split further to make room for markup; links are dropped instead. */
const leastSize = 256

/**
 * Pure: blocks → parts that fit a limit in bytes once rendered. Splits finer where markup makes a part too long; as a last resort a link
 * loses its address and keeps its words. Empty blocks give no part.
 */
export function fitting(
  blocks: readonly Block[],
  limit: number,
  render: (part: readonly Block[]) => string,
  size = limit,
): Block[][] {
  return splitBlocks(blocks, size, measures.bytes)
    .filter((part) => part.some((block) => wordsOfBlock(block).trim() !== ''))
    .flatMap((part) => {
      if (measures.bytes(render(part)) <= limit) return [part]
      return size / 2 >= leastSize ? fitting(part, limit, render, Math.floor(size / 2)) : [part.map(withoutLinks)]
    })
}

function withoutLinks(block: Block): Block {
  return { ...block, spans: block.spans.map((span) => (typeof span === 'object' && 'link' in span ? span.link : span)) }
}
