import type { Block } from '../channel.ts'
import { measures, splitBlocks, wordsOfBlock } from '../split.ts'

/** Below this a part is no longer split to make room for markup; the links go. */
const leastSize = 256

/**
 * Pure: blocks → parts that fit a limit in bytes once they are rendered. Splits finer where markup makes a part too long; when nothing helps, a
 * link's address goes and its words stay. Nothing comes of what says nothing.
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
