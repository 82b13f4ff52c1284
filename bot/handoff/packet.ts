import type { Answered } from '../answer.ts'
import type { TranscriptLine } from '../queue/lanes.ts'
import type { PastAnswer } from '../records/answers.ts'
import { shorten } from '../render.ts'

/** What a broker needs to know before saying a word; stored with the ticket as it was at hand-off. */
export type Packet = {
  readonly transcript: readonly { readonly author: TranscriptLine['author']; readonly text: string; readonly at: string }[]
  /** Titles and clauses that were cited to this person. */
  readonly cited: readonly string[]
  /** What looked closest to the open question, best first. */
  readonly candidates: readonly string[]
}

const linesKept = 20
const sourcesKept = 5

/** Pure: gathers the packet from what was said and found. */
export function packetOf(lines: readonly TranscriptLine[], past: readonly PastAnswer[], open: Answered | null): Packet {
  const cited = past.flatMap((answer) => answer.citations.map((each) => source(each.title, each.clause)))
  const candidates = open === null ? [] : open.evidence.map((each) => source(each.title, each.clause))
  return {
    transcript: lines.slice(-linesKept).map(({ author, text, at }) => ({ author, text, at: at.toISOString() })),
    cited: [...new Set(cited)].slice(0, sourcesKept),
    candidates: [...new Set(candidates)].slice(0, sourcesKept),
  }
}

function source(title: string, clause: string | null): string {
  return `《${title}》${clause ?? ''}`
}

/** @returns the need in one line: the last real question, or what the person said when asking for a human */
export function needOf(question: string | null, past: readonly PastAnswer[], words: string): string {
  return shorten(question ?? past[0]?.standalone ?? words, 60)
}
