import type { Road } from '../answer.ts'
import type { Draft } from '../draft.ts'
import { type Company, companyIn } from './company.ts'
import { asksEligibility, type Checked, checked, conditionsOf, topicOf } from './conditions.ts'
import { type Considered, decidedOn, nothingElse, standingOf, thresholdOf } from './consider.ts'
import type { SearchAgain } from './search.ts'

/**
 * Checks whether an enterprise meets the conditions a rule names: missing facts are asked for, one at a time; then each condition is listed
 * with its state.
 */
export async function eligibility(road: Road, look: SearchAgain): Promise<Considered | null> {
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

/** After this many questions the list is shown as far as it is known. */
export const mostAsked = 2

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
