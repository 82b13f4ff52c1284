import type { Language, Texts } from '../../prompts/load.ts'
import { type Clock, dayInChina } from '../../retrieval/base/clock.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Evidence, Search, Visibility } from '../../retrieval/evidence.ts'
import { dataOnly } from '../answer/instructions.ts'
import { offTopic } from '../judge/off-topic.ts'
import type { Spans } from '../observe/spans.ts'
import { fieldsIn, fits, type Known, points, sharesName } from './fields.ts'
import type { ExplainMatch } from './match.ts'

export type Needed = {
  readonly need: string
  readonly known: Known
  readonly language: Language
  readonly person: string
  /** False when no model may read it. */
  readonly open: boolean
  readonly signal?: AbortSignal
}

/** @returns achievements that may fit, each with its reasons, as text; '' when there are none */
export type Candidates = (needed: Needed) => Promise<string>

const mostShown = 2
/** Shared points needed for a match, so that one word in common is not called one. */
const leastShared = 2

export function candidatesFor(needs: {
  readonly search: Search
  readonly regions: readonly string[] | '*'
  readonly clock: Clock
  readonly explain: ExplainMatch
  readonly spans: Spans
  readonly log: Log
  readonly texts: Readonly<Record<Language, Texts>>
}): Candidates {
  return async (needed) => {
    const { need, known, language } = needed
    const texts = needs.texts[language]
    const text = textOf(need, known)
    try {
      const chosen = (await fittingRecords(needs, text, 1, needed.signal)).slice(0, mostShown)
      if (chosen.length === 0) return ''
      const span = needs.spans.begin('demand_match', {})
      const account = needed.open ? { person: needed.person, calls: [], span } : null
      const signal = needed.signal === undefined ? {} : { signal: needed.signal }
      const shown = await Promise.all(
        chosen.map(async ({ passage }, index) => {
          const why = await needs.explain({ need: text, passage, n: index + 1, language, account, ...signal })
          const title = passage.heading ?? passage.title
          return `${texts('match_candidate', { n: index + 1, title, source: passage.title, clause: passage.clause ?? '' })}\n${why}`
        }),
      )
      span.end()
      return [texts('match_candidates'), ...shown].join('\n')
    } catch (error) {
      if (needed.signal?.aborted === true) throw error
      needs.log('demand_not_matched', errorFields(error))
      return ''
    }
  }
}

/** Pure: a need in the words in which records are looked for: budget and deadline are none of a record. */
export function textOf(need: string, known: Known): string {
  const lines = need.split('\n').filter((line) => line !== known.budget && line !== known.time)
  const told = lines.join('，')
  return [told, ...points.map((point) => known[point]).filter((value) => value !== undefined && !told.includes(value))].join('，')
}

/** Records in force that fit a need on at least two of the five points, best first. @param visibility whose eyes it is for */
export async function fittingRecords(
  needs: { readonly search: Search; readonly regions: readonly string[] | '*'; readonly clock: Clock },
  text: string,
  visibility: Visibility,
  signal?: AbortSignal,
): Promise<Evidence[]> {
  const asOf = dayInChina(needs.clock())
  const look = { text, asOf, regions: needs.regions, visibility, validity: 'in_force', kinds: ['achievement'] } as const
  const found = dataOnly(await needs.search(look, signal))
  // A long need holds many words that no record has; a record that names the same thing is no chance find for all that.
  const off = offTopic(text, found)
  return found.evidence.filter(
    ({ passage }) => shared(text, passage.text) >= leastShared && (!off || sharesName(text, passage.text)),
  )
}

/** Pure: the number of the five points on which a record fits the need. */
function shared(need: string, record: string): number {
  const own = fieldsIn(record)
  return points.filter((point) => fits(need, own[point] ?? '')).length
}
