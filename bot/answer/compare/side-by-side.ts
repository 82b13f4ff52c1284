import { type Evidence, type Found, isRecord } from '../../../retrieval/evidence.ts'
import type { Road } from '../../answer.ts'
import type { Draft } from '../../draft.ts'
import { asksOpinion } from '../../judge/asked/predicate.ts'
import { type Considered, decidedOn, nothingElse, standingOf, thresholdOf } from '../consider.ts'
import type { SearchAgain } from '../search.ts'
import { clauseBy, clausesOf, type Named, namedBy, replacedBy, unitOf } from './named.ts'
import { recordTableOf, type Table, tableOf } from './table.ts'
import { comparisonIn } from './wanted.ts'

/** One of the two things compared: how it was found, the search that found it, and the passages it is told from. */
type Side = { readonly named: Named; readonly found: Found; readonly text: string; readonly told: readonly Evidence[] }
type Pair = readonly [Side, Side]

/** Compares two things in the words of their documents; null when nothing is compared, or one of them cannot be found. */
export async function comparison(road: Road, found: Found, look: SearchAgain): Promise<Considered | null> {
  const composing = performance.now()
  const wanted = comparisonIn(road.question)
  if (wanted === null || found.evidence.length === 0) return null
  if (asksOpinion(road.question)) return halfKnown(road, composing)
  const pair = 'splits' in wanted ? await twoThings(wanted.splits, look) : await oldAndNew(wanted.about, look)
  if (pair === 'one') return halfKnown(road, composing)
  if (pair === null) return null
  const record = pair.every(({ named }) => isRecord(named.evidence.passage.kind))
  const table = record ? recordTableOf([pair[0].named.evidence, pair[1].named.evidence]) : tableOf([pair[0].told, pair[1].told])
  if (table.length === 0) return null
  // What is no longer in force is shown as such, and judged by what replaced it.
  const judged = 'splits' in wanted ? pair : [pair[0]]
  const standings = judged.map((side) => standingOfSide(road, side))
  const weakest = standings.reduce((least, each) => (each.confidence < least.confidence ? each : least))
  const draft = tableDraft(road, table, pair)
  const decision = decidedOn(road, { ...found, evidence: [pair[0].named.evidence] }, { ...weakest, draft }, nothingElse)
  if (decision.do !== 'answer') return null
  return {
    draft,
    decision,
    confidence: weakest.confidence,
    threshold: thresholdOf(road, weakest),
    options: [],
    asks: null,
    composeMs: performance.now() - composing,
  }
}

/** How certain it is that a side is what was named: by its name, or as an answer about it would be. No hard rule may be broken. */
function standingOfSide(road: Road, { named, found, text }: Side) {
  const question = `${text}的标准是什么？`
  const cited = { ...found, evidence: [named.evidence, ...found.evidence.filter((each) => each !== named.evidence)] }
  const standing = standingOf({ ...road, question }, cited, road.deps.quote(text, { ...cited, evidence: [named.evidence] }))
  return standing.rule === null || standing.rule === 'field_absent'
    ? { ...standing, rule: null, confidence: Math.max(standing.confidence, named.certainty) }
    : standing
}

/** Splits the words where both sides have the best name; two clauses of one document when neither has a document of its own. */
async function twoThings(splits: readonly (readonly [string, string])[], look: SearchAgain): Promise<Pair | 'one' | null> {
  const searches = new Map<string, Promise<Found>>()
  const of = (text: string) => {
    const search = searches.get(text) ?? look({ text })
    searches.set(text, search)
    return search
  }
  let best: { pair: Pair; share: number } | null = null
  let half = false
  for (const [one, other] of splits) {
    const founds = [await of(one), await of(other)] as const
    const pair = await pairOf([one, other], founds, look)
    if (pair === null || pair === 'one') {
      half ||= pair === 'one'
      continue
    }
    const share = Math.min(pair[0].named.share, pair[1].named.share)
    if (best === null || share > best.share) best = { pair, share }
  }
  return best?.pair ?? (half ? 'one' : null)
}

/** Only one of the two is known: half a comparison would be taken for a whole one. */
function halfKnown({ deps }: Road, composing: number): Considered {
  const decision = { do: 'hand_off', because: 'missing_fact' } as const
  return {
    draft: null,
    decision,
    confidence: 0,
    threshold: deps.threshold,
    options: [],
    asks: null,
    composeMs: performance.now() - composing,
  }
}

async function pairOf(
  [one, other]: readonly [string, string],
  [first, second]: readonly [Found, Found],
  look: SearchAgain,
): Promise<Pair | 'one' | null> {
  const named = [namedBy(one, first.evidence), namedBy(other, second.evidence)] as const
  if (named[0] !== null && named[1] !== null && different(named[0], named[1]))
    return isRecord(named[0].evidence.passage.kind)
      ? [sideOf(named[0], first, one), sideOf(named[1], second, other)]
      : [await wholeSide(named[0], first, one, look), await wholeSide(named[1], second, other, look)]
  const clauses = [clauseBy(one, first.evidence), clauseBy(other, second.evidence)] as const
  const known = named.map((each, at) => each ?? clauses[at] ?? null)
  if (known[0] == null || known[1] == null) return named.some((each) => (each?.certainty ?? 0) > 0) ? 'one' : null
  if (clauses[0] === null || clauses[1] === null || different(clauses[0], clauses[1], 'kind')) return null
  return partsOf([sideOf(clauses[0], first, one), sideOf(clauses[1], second, other)], look)
}

/** Two matters of one document are each told from all clauses about them. */
async function partsOf([one, other]: Pair, look: SearchAgain): Promise<Pair | null> {
  const { documentId, title } = one.named.evidence.passage
  if (documentId !== other.named.evidence.passage.documentId)
    return one.named.evidence.passage.id === other.named.evidence.passage.id ? null : [one, other]
  const all = (await look({ text: `${title} ${one.text} ${other.text}`, limit: clausesRead })).evidence
    .filter(({ passage }) => passage.documentId === documentId)
    .sort((a, b) => a.passage.position - b.passage.position)
  const told = [clausesOf(one.text, other.text, all), clausesOf(other.text, one.text, all)] as const
  const [first, second] = [told[0][0], told[1][0]]
  if (first === undefined || second === undefined) return null
  return [
    { ...one, told: told[0], named: { ...one.named, evidence: first } },
    { ...other, told: told[1], named: { ...other.named, evidence: second } },
  ]
}

/** Two things of one kind; a rule and a record have no points in common. */
function different(one: Named, other: Named, by: 'unit' | 'kind' = 'unit'): boolean {
  const [a, b] = [one.evidence.passage, other.evidence.passage]
  return by === 'kind' ? a.kind !== b.kind : a.kind === b.kind && unitOf(a) !== unitOf(b)
}

function sideOf(named: Named, found: Found, text: string): Side {
  return { named, found, text, told: [named.evidence] }
}

/** A document with all its clauses about support, in order. */
async function wholeSide(named: Named, found: Found, text: string, look: SearchAgain, past = false): Promise<Side> {
  const { title, documentId } = named.evidence.passage
  const request = { text: `${title} ${points}`, limit: clausesRead, ...(past ? { validity: 'any' as const } : {}) }
  const all = [...(await look(request)).evidence, ...found.evidence].filter(({ passage }) => passage.documentId === documentId)
  const told = [...new Map(all.map((each) => [each.passage.id, each])).values()]
  return { named, found, text, told: told.sort((a, b) => a.passage.position - b.passage.position) }
}

const points = '适用对象 奖励 资助 补助 比例 最高 每年度 万元 申请时间 申报 材料'
const clausesRead = 60

/** What is in force and what it replaced. */
async function oldAndNew(about: string, look: SearchAgain): Promise<Pair | 'one' | null> {
  if (about === '') return null
  const now = await look({ text: about })
  const current = namedBy(about, now.evidence)
  if (current === null || current.evidence.passage.kind !== 'policy') return null
  const { title, documentId } = current.evidence.passage
  const one = await wholeSide(current, now, about, look)
  for (const name of [...replacedBy(one.told), title, about]) {
    const all = await look({ text: `${name} ${about}`, validity: 'any', limit: clausesRead })
    const over = all.evidence.filter(({ passage }) => ended.has(passage.status) && passage.documentId !== documentId)
    const before = namedBy(name.replace(/暂行|试行|修订/g, ''), over)
    if (before !== null) return [one, await wholeSide(before, { ...all, evidence: over }, about, look, true)]
  }
  return current.certainty > 0 ? 'one' : null
}

const ended: ReadonlySet<string> = new Set(['superseded', 'repealed', 'expired'])

/** Every cell cites its clause; an empty cell is named as missing. */
function tableDraft({ deps, asking }: Road, table: Table, pair: Pair): Draft {
  const texts = deps.texts[asking.language]
  const heads = pair.map((side) => side.named.evidence)
  const parts = table.flatMap(({ cells }) => cells.flat().map((each) => each.evidence))
  // A side with no cell of its own is cited all the same.
  const silent = heads.filter((head) => !parts.some((each) => unitOf(each.passage) === unitOf(head.passage)))
  const cited = [...new Map([...silent, ...parts].map((each) => [each.passage.id, each])).values()]
  const mark = (of: Evidence) => `[${cited.findIndex((each) => each.passage.id === of.passage.id) + 1}]`
  const same = heads[0]?.passage.documentId === heads[1]?.passage.documentId
  const names = heads.map((each) => `${nameOf(each, same)}${silent.includes(each) ? mark(each) : ''}`)
  const lines = table.map(({ row, cells }) => {
    const shown = cells.map((cell) =>
      cell.length === 0 ? texts('not_stated') : cell.map(({ words, evidence }) => `${words}${mark(evidence)}`).join('；'),
    )
    return texts('compare_row', { what: texts(`compare_${row}`), one: shown[0] ?? '', other: shown[1] ?? '' })
  })
  const text = [texts('compare_head', { one: names[0] ?? '', other: names[1] ?? '' }), ...lines].join('\n')
  return { text, cited, quotes: cited.map((each) => each.passage.text), generated: false, prompt: null, model: null }
}

function nameOf({ passage: { kind, title, heading, clause } }: Evidence, byClause: boolean): string {
  if (isRecord(kind) && heading !== null) return `“${heading}”`
  return `《${title}》${byClause ? (clause ?? '') : ''}`
}
