import type { Evidence, Found, SearchRequest } from '../../retrieval/evidence.ts'
import type { Road } from '../answer.ts'
import type { Draft } from '../draft.ts'
import { type Company, companyIn } from './company.ts'
import { comparisonIn, type Table, tableOf } from './compare.ts'
import { type Considered, decidedOn, standingOf, thresholdOf } from './consider.ts'
import { asksEligibility, type Checked, checked, conditionsOf, topicOf } from './eligibility.ts'

type LookAgain = (request: Partial<SearchRequest>) => Promise<Found>

const nothingElse = { offTopic: false, ambiguous: false }

/** Two things laid side by side in the words of their documents; null when nothing is compared, or one of them cannot be found. */
export async function comparison(road: Road, found: Found, look: LookAgain): Promise<Considered | null> {
  const composing = performance.now()
  const wanted = comparisonIn(road.question)
  if (wanted === null || found.evidence.length === 0) return null
  const sides =
    'sides' in wanted ? await Promise.all(wanted.sides.map((text) => look({ text }))) : await versions(wanted.about, look)
  if (sides === null) return null
  const chosen = sides.map((side) =>
    side.evidence.filter((each) => each.passage.documentId === side.evidence[0]?.passage.documentId),
  )
  const [one, other] = chosen.map((each) => each[0])
  if (one === undefined || other === undefined || one.passage.id === other.passage.id) return null
  const same = one.passage.documentId === other.passage.documentId
  // In one document each side is told apart by its own clauses.
  const table = tableOf(
    same ? chosen.map((side, at) => side.filter((each) => each.passage.id !== (at === 0 ? other : one).passage.id)) : chosen,
  )
  if (table.length === 0) return null
  // Each side must stand on its own; what is no longer in force is shown as such and judged by what replaced it.
  const judged =
    'sides' in wanted
      ? sides.map((side, at) => [side, wanted.sides[at] ?? ''] as const)
      : [[sides[0] ?? found, `《${one.passage.title}》${wanted.about}`] as const]
  const standings = judged.map(([side, text]) => {
    const question = `${text}的标准是什么？`
    return standingOf({ ...road, question }, side, road.deps.quote(question, side))
  })
  const weakest = standings.reduce((least, each) => (each.confidence < least.confidence ? each : least))
  const draft = tableDraft(road, table, [one, other])
  const decision = decidedOn(road, found, { ...weakest, draft }, nothingElse)
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

/** What is in force and what it replaced, about the same. */
async function versions(text: string, look: LookAgain): Promise<readonly Found[] | null> {
  const [now, all] = await Promise.all([look({ text }), look({ text, validity: 'any' })])
  if (now.evidence[0]?.passage.kind !== 'policy') return null
  const before = all.evidence.filter(({ passage }) => passage.status === 'superseded' || passage.status === 'repealed')
  return before.length === 0 ? null : [now, { ...all, evidence: before }]
}

function tableDraft({ deps, asking }: Road, table: Table, cited: readonly Evidence[]): Draft {
  const texts = deps.texts[asking.language]
  const names = cited.map(({ passage }, index) => `《${passage.title}》${passage.clause ?? ''}[${index + 1}]`)
  const lines = table.map(({ row, cells }) => {
    const shown = cells.map((each, index) => `${each ?? texts('not_stated')}[${index + 1}]`)
    return texts('compare_row', { what: texts(`compare_${row}`), one: shown[0] ?? '', other: shown[1] ?? '' })
  })
  const text = [texts('compare_head', { one: names[0] ?? '', other: names[1] ?? '' }), ...lines].join('\n')
  return { text, cited, quotes: cited.map((each) => each.passage.text), generated: false, prompt: null, model: null }
}

/** Whether an enterprise meets the conditions a rule names: what is missing is asked for, one thing at a time; then each stands with its state. */
export async function eligibility(road: Road, look: LookAgain): Promise<Considered | null> {
  const { deps, asking, asOf } = road
  if (!asksEligibility(road.question)) return null
  const question = topicOf(road.question)
  const found = await look({ text: question })
  const conditions = conditionsOf(found.evidence)
  const quoted = deps.quote(question, found)
  if (conditions.length === 0 || quoted === null) return null
  const company: Company = { ...asking.company, ...companyIn(asking.question, asOf) }
  const list = checked(conditions, company, Number(asOf.slice(0, 4)))
  const draft = checklist(road, list)
  const standing = standingOf({ ...road, question }, found, quoted)
  const decision = decidedOn({ ...road, question }, found, { ...standing, draft }, nothingElse)
  if (decision.do !== 'answer') return null
  const missing = list.find((each) => each.state === 'missing')?.condition.fact
  const done = {
    draft,
    decision,
    confidence: standing.confidence,
    threshold: thresholdOf(road, standing),
    options: [],
    asks: null,
    composeMs: 0,
  }
  if (missing === undefined || asking.clarified >= mostAsked) return done
  const texts = deps.texts[asking.language]
  const yesOrNo = missing === 'in_park' || missing === 'high_tech' || missing === 'tech_sme'
  return {
    ...done,
    decision: { do: 'clarify' },
    options: yesOrNo ? [texts('yes'), texts('no')] : [],
    asks: { fact: missing, words: texts(`ask_${missing}`), question: road.question },
  }
}

/** Then the list is shown as far as it is known. */
const mostAsked = 2

function checklist({ deps, asking }: Road, list: readonly Checked[]): Draft {
  const texts = deps.texts[asking.language]
  const cited = [...new Set(list.map((each) => each.condition.evidence))]
  const lines = list.map(({ condition, state }) => {
    const n = cited.indexOf(condition.evidence) + 1
    return texts('condition', { words: condition.words, state: texts(`condition_${state}`), n })
  })
  const text = [texts('eligibility_head'), ...lines, texts('eligibility_note')].join('\n')
  return { text, cited, quotes: cited.map((each) => each.passage.text), generated: false, prompt: null, model: null }
}
