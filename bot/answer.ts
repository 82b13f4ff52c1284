import type { Language, Texts } from '../prompts/load.ts'
import { type Clock, dayInChina } from '../retrieval/base/clock.ts'
import { codeOf } from '../retrieval/base/errors.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'
import type { Evidence, Found, Passage, Search, Status, Visibility } from '../retrieval/evidence.ts'
import type { AskAgenda } from './agenda/answer.ts'
import { onAgenda } from './agenda/road.ts'
import { asOfIn } from './answer/as-of.ts'
import { inWriting } from './answer/colloquial.ts'
import { type Company, type FactName, withoutCompany } from './answer/company.ts'
import { comparison } from './answer/compare/side-by-side.ts'
import { consider } from './answer/consider.ts'
import { eligibility } from './answer/eligibility.ts'
import { generally } from './answer/follow/general.ts'
import { heeding } from './answer/follow/own-words.ts'
import type { Thing } from './answer/follow/references.ts'
import { stayed } from './answer/follow/stay.ts'
import { inEitherLanguage, type Translate } from './answer/foreign.ts'
import { withLapsed } from './answer/lapsed.ts'
import { briefly, outcome, shown } from './answer/outcome.ts'
import { findEvidence } from './answer/search.ts'
import type { Judging } from './calibrate/live.ts'
import { ownAmount } from './compose/arithmetic.ts'
import type { Phrase } from './compose/compose.ts'
import type { AskSufficiency } from './compose/sufficiency.ts'
import { touchesAny } from './control/topics.ts'
import { wishOf } from './converse/wishes.ts'
import type { Decision, Judged, Reason } from './decide.ts'
import type { ExplainMatch } from './demand/match.ts'
import type { Draft } from './draft.ts'
import { kindsAsked } from './judge/asked/records.ts'
import type { Judgement } from './judge/judge.ts'
import type { Account, Call } from './models/clerk.ts'
import type { Spans } from './observe/spans.ts'

/** One earlier exchange of the same conversation, for follow-ups. */
export type PastExchange = {
  readonly question: string
  readonly standalone: string
  readonly answer: string | null
  /** What was cited, each thing once: documents by title, records by name. */
  readonly titles: readonly string[]
  /** The same things by id, in the same order. */
  readonly things?: readonly Thing[]
  /** The options offered when we asked back. */
  readonly options: readonly string[]
  /** It told what is not public: no model may see it. */
  readonly protected?: boolean
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
  /** What the enterprise said about itself in this conversation. */
  readonly company?: Company
  /** Topics that staff switched off, when the caller has just read them. */
  readonly closedTopics?: readonly string[]
  /** Who asks, for the caps on model tokens; absent: nobody in particular. */
  readonly person?: string
  readonly signal?: AbortSignal
  /** Called with the checked sentences so far while a model writes; the answer itself is returned at the end. */
  readonly onSentence?: (text: string) => void
  /** Receives what led to the decision: for `ask --explain`. */
  readonly watch?: (trace: Trace) => void
}

/** Everything a decision rested on. */
export type Trace = {
  readonly found: Found
  readonly draft: Draft | null
  readonly judgement: Judgement | null
  readonly judged: Judged
  readonly threshold: number
  readonly decision: Decision
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
  /** Whether the question is about a day in the past. */
  readonly past: boolean
  readonly language: Language
  readonly decision: 'answer' | 'clarify' | 'decline' | 'hand_off'
  readonly reason: Reason | null
  /** Null where no search was made. */
  readonly confidence: number | null
  readonly threshold: number
  /** What is said; null unless the decision is `answer`. */
  readonly draft: Draft | null
  readonly citations: readonly Citation[]
  /** Every candidate, best first: for the broker and for later recalls. */
  readonly evidence: readonly {
    readonly passage_id: string
    readonly document_id: string
    readonly title: string
    readonly clause: string | null
    readonly score: number
  }[]
  /** For `clarify`: the documents the person may have meant, or the possible answers. */
  readonly options: readonly string[]
  /** For `clarify` about a fact of the enterprise: the fact, the words that ask for it, and the question that waits for it. */
  readonly asks: { readonly fact: FactName; readonly words: string; readonly question: string } | null
  /** The best passage that is no longer or not yet in force, when nothing in force answers. */
  readonly notInForce: Passage | null
  /** Calls of chat models made for it; empty without any. */
  readonly calls: readonly Call[]
  readonly ms: { readonly embed: number; readonly search: number; readonly compose: number; readonly total: number }
}

export type AnswererDeps = {
  readonly search: Search
  readonly regions: readonly string[] | '*'
  readonly clock: Clock
  readonly log: Log
  /** Confidence model and threshold, read for every question: a new calibration needs no restart. */
  readonly judging: () => Promise<Judging>
  readonly standalone: (asking: Asking, account: Account) => Promise<string>
  readonly translate: Translate
  /** A quotation from the best clause, or null when there is nothing to quote. */
  readonly quote: (question: string, found: Found) => Draft | null
  /** What a chat model adds; null without one. */
  readonly model: { readonly phrase: Phrase; readonly sufficient: AskSufficiency } | null
  /** Why an achievement fits, shown below an answer that names one. */
  readonly explain: ExplainMatch
  /** What takes place in the park, from its own records. */
  readonly agenda: AskAgenda
  readonly spans: Spans
  readonly texts: Readonly<Record<Language, Texts>>
  readonly offTopic: (question: string, found: Found) => boolean
  readonly conflicting: (question: string, evidence: readonly Evidence[]) => boolean
  /** @returns the words of topics that staff switched off: a person answers those */
  readonly closedTopics: () => Promise<readonly string[]>
}

export type Answer = (asking: Asking) => Promise<Answered>

/** One question's road: stand alone → search → quote or phrase → judge → decide. Reads top to bottom; sends and stores nothing. */
export function answerer(deps: AnswererDeps): Answer {
  return async (asking) => {
    const span = deps.spans.begin('question', { 'yuanqiao.language': asking.language })
    const account: Account = { person: asking.person ?? null, calls: [], span }
    const answered = await inEitherLanguage(answerOf, deps, asking, account).catch((error: unknown) => {
      span.end({}, codeOf(error))
      throw error
    })
    span.end({
      'yuanqiao.decision': answered.decision,
      'yuanqiao.reason': answered.reason,
      'yuanqiao.confidence': answered.confidence,
    })
    return answered
  }
}

async function answerOf(deps: AnswererDeps, asked: Asking, account: Account): Promise<Answered> {
  const started = performance.now()
  const today = dayInChina(deps.clock())
  const asking = { ...asked, question: inWriting(asked.question) }
  const standalone = await deps.standalone(asking, account)
  // An explicit day and the person's own sum are not words of the rule to search for.
  const dated = asOfIn(standalone, today)
  const asOf = asking.asOf ?? dated.asOf ?? today
  const own = ownAmount(withoutCompany(dated.rest, today))
  const judging = await deps.judging()
  const common = { asking: asked, standalone, asOf, past: asOf < today, threshold: judging.threshold, account }
  const wish = wishOf(asking.question)
  if (wish === 'complaint') return outcome(common, nothingDone, 'complaint')
  if (wish === 'human' || wish === 'demand') return outcome(common, nothingDone, 'asked_for_a_person')
  // “Are you a robot” does not ask about robots in the library.
  if (wish === 'who') return { ...outcome(common, nothingDone, 'off_topic'), decision: 'decline' }
  const { visibility } = asking
  const look: Look = { text: own.rest, asOf, regions: deps.regions, visibility, ...kindsAsked(asking.question) }
  const search = (request: Partial<Parameters<Search>[0]>) =>
    findEvidence(deps.search, { ...look, validity: 'in_force', ...request }, account, asking.signal)
  try {
    const told = await onAgenda(deps, asking, standalone)
    if (told !== null) return { ...outcome(common, { ...nothingDone, total: performance.now() - started }), ...told }
    const [all, closed] = await Promise.all([search({}), asking.closedTopics ?? deps.closedTopics()])
    const { found, question } = await stayed(all, asking, standalone, search)
    const { amount } = own
    const road: Road = { deps: { ...deps, ...judging }, asking, asOf, question: question ?? own.rest, amount, account }
    const about = found.evidence.slice(0, 1).map(({ passage }) => `${passage.title} ${passage.heading ?? ''}`)
    if (touchesAny(closed, [asking.question, standalone, ...about]))
      return {
        ...outcome(common, { ...found.ms, compose: 0, total: performance.now() - started }, 'sensitive'),
        evidence: found.evidence.slice(0, 10).map(briefly),
      }
    const considered =
      (await comparison(road, found, search)) ??
      (await eligibility(road, search)) ??
      (await generally(road, await heeding(road, standalone, await consider(road, found), search), search))
    const { draft, options, asks, composeMs } = considered
    const { decision, notInForce } = await withLapsed(deps, look, found, considered.decision, asking.signal)
    return {
      ...outcome(common, { ...found.ms, compose: composeMs, total: performance.now() - started }),
      ...shown(decision, draft, options),
      asks: decision.do === 'clarify' ? asks : null,
      ...{ confidence: considered.confidence, threshold: considered.threshold },
      evidence: found.evidence.slice(0, 10).map(briefly),
      notInForce,
    }
  } catch (error) {
    if (asking.signal?.aborted === true) throw error
    // A part is down: the person gets a hand-off with an honest word, never an error text.
    deps.log('answer_failed', errorFields(error))
    return outcome(common, { embed: 0, search: 0, compose: 0, total: performance.now() - started })
  }
}

/** One question on its way: what is asked, and what was said with it. */
export type Road = {
  readonly deps: AnswererDeps & Judging
  readonly asking: Asking
  readonly asOf: string
  /** Stands alone, without an explicit day and the person's own sum. */
  readonly question: string
  /** Yuan, the person's own sum. */
  readonly amount: number | null
  readonly account: Account
}

type Look = Omit<Parameters<Search>[0], 'validity'>

const nothingDone = { embed: 0, search: 0, compose: 0, total: 0 }
