import type { Language } from '../prompts/load.ts'
import { type Clock, dayInChina } from '../retrieval/base/clock.ts'
import { toError } from '../retrieval/base/errors.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'
import type { Evidence, Found, Passage, Search, Status, Visibility } from '../retrieval/evidence.ts'
import { ambiguity } from './answer/ambiguity.ts'
import { briefly, outcome, shown } from './answer/outcome.ts'
import { isSensitive, wishOf } from './converse/wishes.ts'
import { decide, type Judged, type Reason } from './decide.ts'
import type { Draft } from './draft.ts'

/** One earlier exchange of the same conversation, for follow-ups. */
export type PastExchange = {
  readonly question: string
  readonly standalone: string
  readonly answer: string | null
  readonly titles: readonly string[]
}

export type Asking = {
  readonly question: string
  /** Newest last. */
  readonly history: readonly PastExchange[]
  readonly language: Language
  /** `YYYY-MM-DD`; default today in China. */
  readonly asOf?: string
  readonly visibility: Visibility
  /** How often in a row the bot has asked back. */
  readonly clarified: number
  readonly signal?: AbortSignal
}

/** As printed by `ask --json` and kept with every answer. */
export type Citation = {
  readonly n: number
  readonly kind: Passage['kind']
  readonly document_id: string
  readonly title: string
  readonly doc_no: string | null
  readonly clause: string | null
  readonly status: Status
  readonly effective_from: string | null
  readonly effective_to: string | null
  readonly quote: string
  readonly source: string
  readonly passage_id: string
}

export type Answered = {
  readonly question: string
  readonly standalone: string
  readonly asOf: string
  readonly language: Language
  readonly decision: 'answer' | 'clarify' | 'decline' | 'hand_off'
  readonly reason: Reason | null
  /** Null where no search was made. */
  readonly confidence: number | null
  readonly threshold: number
  /** What is said; null unless the decision is `answer`. */
  readonly draft: Draft | null
  readonly citations: readonly Citation[]
  /** Every candidate looked at, best first: what a broker and a later recall need. */
  readonly evidence: readonly {
    readonly passage_id: string
    readonly document_id: string
    readonly title: string
    readonly clause: string | null
    readonly score: number
  }[]
  /** For `clarify`: what the person may have meant. */
  readonly options: readonly string[]
  /** The best passage that is no longer or not yet in force, when nothing in force answers. */
  readonly notInForce: Passage | null
  readonly ms: { readonly embed: number; readonly search: number; readonly compose: number; readonly total: number }
}

export type AnswererDeps = {
  readonly search: Search
  readonly regions: readonly string[] | '*'
  readonly clock: Clock
  readonly log: Log
  readonly threshold: number
  readonly standalone: (question: string, history: readonly PastExchange[], signal?: AbortSignal) => Promise<string>
  readonly compose: (input: { question: string; found: Found; language: Language; signal?: AbortSignal }) => Promise<Draft | null>
  readonly judge: (input: { question: string; found: Found; draft: Draft }) => {
    readonly confidence: number
    readonly rule: string | null
  }
  readonly offTopic: (question: string, found: Found) => boolean
  readonly conflicting: (question: string, evidence: readonly Evidence[]) => boolean
}

export type Answer = (asking: Asking) => Promise<Answered>

/** One question's road: stand alone → search → compose → judge → decide. Reads top to bottom; sends and stores nothing. */
export function answerer(deps: AnswererDeps): Answer {
  return async (asking) => {
    const started = performance.now()
    const asOf = asking.asOf ?? dayInChina(deps.clock())
    const standalone = await deps.standalone(asking.question, asking.history, asking.signal)
    const wish = wishOf(asking.question)
    if (wish === 'complaint') return outcome(asking, standalone, asOf, deps.threshold, nothingDone, 'complaint')
    if (wish === 'human' || wish === 'demand')
      return outcome(asking, standalone, asOf, deps.threshold, nothingDone, 'asked_for_a_person')
    const look: Look = { text: standalone, asOf, regions: deps.regions, visibility: asking.visibility }
    try {
      const found = await deps.search({ ...look, validity: 'in_force' }, asking.signal)
      const { draft, judged, options, composeMs } = await consider(deps, asking, standalone, found)
      const decision = decide(judged, deps.threshold)
      const notInForce = decision.do === 'hand_off' ? await lapsed(deps, look, found, asking.signal) : null
      const ms = { ...found.ms, compose: composeMs, total: performance.now() - started }
      return {
        ...outcome(asking, standalone, asOf, deps.threshold, ms),
        ...shown(decision, draft, options),
        confidence: judged.confidence,
        evidence: found.evidence.slice(0, 10).map(briefly),
        notInForce,
      }
    } catch (error) {
      if (toError(error).name === 'AbortError') throw error
      // A part is down: the person gets a hand-off with an honest word, never an error text.
      deps.log('answer_failed', errorFields(error))
      return outcome(asking, standalone, asOf, deps.threshold, {
        embed: 0,
        search: 0,
        compose: 0,
        total: performance.now() - started,
      })
    }
  }
}

type Look = Omit<Parameters<Search>[0], 'validity'>

/** Drafts an answer and judges it: everything `decide` wants to know. */
async function consider(
  deps: AnswererDeps,
  asking: Asking,
  standalone: string,
  found: Found,
): Promise<{ draft: Draft | null; judged: Judged; options: string[]; composeMs: number }> {
  const offTopic = deps.offTopic(standalone, found)
  const options = ambiguity(standalone, found)
  const composing = performance.now()
  const signal = asking.signal === undefined ? {} : { signal: asking.signal }
  const draft =
    found.evidence.length === 0 || offTopic
      ? null
      : await deps.compose({ question: standalone, found, language: asking.language, ...signal })
  const composeMs = performance.now() - composing
  const judgement = draft === null ? { confidence: 0, rule: null } : deps.judge({ question: standalone, found, draft })
  const judged: Judged = {
    failed: false,
    wish: null,
    sensitive: isSensitive(standalone),
    offTopic,
    drafted: draft !== null,
    conflicting: draft !== null && deps.conflicting(standalone, found.evidence),
    factMissing: judgement.rule !== null,
    ambiguous: options.length > 1,
    clarified: asking.clarified,
    confidence: judgement.confidence,
  }
  return { draft, judged, options, composeMs }
}

const nothingDone = { embed: 0, search: 0, compose: 0, total: 0 }

/** When nothing in force answers: is there a rule that did, or will? The person is told so, and a broker still takes over. */
async function lapsed(
  deps: AnswererDeps,
  look: Omit<Parameters<Search>[0], 'validity'>,
  found: Found,
  signal?: AbortSignal,
): Promise<Passage | null> {
  const all = await deps.search({ ...look, validity: 'any' }, signal)
  const best = all.evidence[0]
  if (best === undefined || best.passage.kind !== 'policy') return null
  if (best.passage.status === 'effective' || best.passage.status === 'expiring') return null
  const inForce = found.evidence[0]?.score ?? 0
  return best.score > inForce ? best.passage : null
}
