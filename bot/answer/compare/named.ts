import { type Evidence, isRecord, type Passage } from '../../../retrieval/evidence.ts'
import { documentNumbersIn } from '../../../retrieval/text/document-numbers.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { coveredCharacters, runsOf } from '../../judge/characters.ts'

/** Something found by its name. `certainty` 0…1: how surely the name means this and nothing else; 0 when others fit as well. */
export type Named = { readonly evidence: Evidence; readonly share: number; readonly certainty: number }

const leastShare = 0.65
/** A shorter word is no name. */
const shortestName = 3
const leastMargin = 0.12
/** Words found in every title. */
const everybodys = /关于|印发|的通知|的|有关|相关|政策|规定|文件|这个|那个|我们|园区/g

/** Pure: what a side of a comparison names: a document by title or number, a record by its name. Null when nothing has that name. */
export function namedBy(side: string, evidence: readonly Evidence[]): Named | null {
  const claims = new Map<string, { evidence: Evidence; share: number; rank: number }>()
  for (const each of evidence) {
    const share = shareOf(side, nameOf(each.passage), each.passage.docNo)
    const rank =
      share + 0.3 * pairShare(pairs(nameOf(each.passage)), normalize(side)) - (isAboutAnother(each.passage, side) ? 0.2 : 0)
    const unit = unitOf(each.passage)
    if (rank > (claims.get(unit)?.rank ?? 0)) claims.set(unit, { evidence: each, share, rank })
  }
  const [best, rival] = [...claims.values()].sort((a, b) => b.rank - a.rank)
  if (best === undefined || best.share < leastShare) return null
  const clear = best.rank - (rival?.rank ?? 0) >= leastMargin
  return { evidence: best.evidence, share: best.share, certainty: clear ? 0.85 + 0.1 * best.share : 0 }
}

/** Pure: what a side names within one clause: its heading and words. */
export function clauseBy(side: string, evidence: readonly Evidence[]): Named | null {
  const claims = evidence
    .filter(({ passage }) => !isRecord(passage.kind))
    .map((each) => ({
      evidence: each,
      share: share(side, normalize(`${each.passage.heading ?? ''} ${each.passage.text}`)),
    }))
    .sort((a, b) => b.share - a.share || b.evidence.score - a.evidence.score)
  const [best, rival] = claims
  if (best === undefined || best.share < leastShare) return null
  const clear = best.share - (rival?.share ?? 0) >= leastMargin || best.evidence === evidence[0]
  return { ...best, certainty: clear ? 0.8 + 0.15 * best.share : 0 }
}

/** Pure: the clauses of a document about one side rather than the other; the most specific first. */
export function clausesOf(side: string, other: string, evidence: readonly Evidence[]): Evidence[] {
  return evidence
    .map((each) => {
      const text = normalize(`${each.passage.heading ?? ''} ${each.passage.text}`)
      return { each, own: share(side, text), others: share(other, text) }
    })
    .filter(({ own, others }) => own >= leastShare && own > others)
    .sort((a, b) => b.own - a.own)
    .map(({ each }) => each)
}

/** Pure: what a document says it replaces: numbers and titles beside 废止. */
export function replacedBy(told: readonly Evidence[]): string[] {
  return told.flatMap(({ passage }) =>
    passage.text
      .split(/[。；;\n]/)
      .filter((each) => /废止|失效|取代|代替|停止执行|不再执行|\b(?:repeal|replace|supersede)/i.test(each))
      .flatMap((each) => [
        ...(each.match(/〔\d{4}〕\s*\d+\s*号/g) ?? []),
        ...[...each.matchAll(/《([^》]{4,40})》/g)].map((match) => match[1] ?? ''),
      ]),
  )
}

/** A unit of comparison: a record, or a document. */
export function unitOf({ kind, id, documentId }: Passage): string {
  return isRecord(kind) ? id : documentId
}

function nameOf({ kind, title, heading }: Passage): string {
  return isRecord(kind) ? (heading ?? title) : title
}

/** A notice about a rule, or an interpretation, is not the rule itself, unless it is asked for. */
function isAboutAnother({ genre, title }: Passage, side: string): boolean {
  const kind = /通知|解读|公示|征求意见|问答|一图/.exec(`${genre ?? ''} ${title.replace(/^关于印发.*的通知$/, '')}`)?.[0]
  return kind !== undefined && !side.includes(kind)
}

function shareOf(side: string, name: string, docNo: string | null): number {
  const numbers = documentNumbersIn(side)
  if (numbers.length > 0) {
    const own = documentNumbersIn(docNo ?? '')
    return numbers.every((each) => own.some((held) => held.year === each.year && held.serial === each.serial)) ? 1 : 0
  }
  return [...side].length < shortestName ? 0 : share(side, normalize(name))
}

/** The share of a side's characters and words that a text contains. */
function share(side: string, text: string): number {
  return coveredCharacters(runsOf(side.replace(everybodys, ' ')), text).share
}

function pairShare(own: ReadonlySet<string>, text: string): number {
  return own.size === 0 ? 0 : [...own].filter((each) => text.includes(each)).length / own.size
}

/** Pairs of characters, and words of other scripts. */
function pairs(text: string): ReadonlySet<string> {
  const plain = normalize(text).replace(everybodys, ' ')
  const runs = plain.match(/\p{Script=Han}{2,}/gu) ?? []
  const words = (plain.match(/[a-z][a-z\d-]{2,}/g) ?? []).filter((word) => !/^(?:the|and|for|with)$/.test(word))
  return new Set([...runs.flatMap((run) => [...run].slice(1).map((each, at) => `${[...run][at]}${each}`)), ...words])
}
