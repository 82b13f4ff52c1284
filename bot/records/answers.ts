import type { ClientBase, Pool } from 'pg'
import { thingsOf } from '../answer/follow/references.ts'
import type { Answered, PastExchange } from '../answer.ts'
import { jsonOf, type Write } from '../queue/write.ts'

/** Every answer with what it rested on; the only writer of answer. */
export type Answers = ReturnType<typeof answers>

export type Feedback = 'helpful' | 'not_helpful'
const mostReason = 2_000

/** @returns the feedback in a verdict's data; undefined when it holds none */
export function feedbackOf(value: string): Feedback | null | undefined {
  if (value === 'none') return null
  return value === 'helpful' || value === 'not_helpful' ? value : undefined
}

export function answers(pool: Pool) {
  return {
    /** @returns the number of a further answer to be stored */
    async nextId(): Promise<string> {
      const { rows } = await pool.query<{ id: string }>(`select nextval(pg_get_serial_sequence('answer', 'id'))::text as id`)
      return rows[0]?.id ?? ''
    },

    /** Answers with what they rest on: feedback and recalls find them under their number. */
    writes,

    /** @returns the text of passages that are public and not marked wrong, by id */
    async publicTexts(passages: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (passages.length === 0) return new Map()
      const { rows } = await pool.query<{ id: string; text: string }>(
        'select id, text from passage where id = any($1) and visibility = 1 and wrong_since is null',
        [passages],
      )
      return new Map(rows.map((row) => [row.id, row.text]))
    },

    /** Feedback belongs to the conversation it was given in; a foreign id changes nothing. @param feedback null: withdrawn */
    async setFeedback(tx: ClientBase, conversation: string, id: string, feedback: Feedback | null, reason: string | null) {
      await tx.query('update answer set feedback = $3, feedback_reason = $4 where id = $2 and conversation = $1', [
        conversation,
        id,
        feedback,
        reason?.slice(0, mostReason) ?? null,
      ])
    },

    /** The last answers of a conversation, newest first: history for follow-ups and for the broker. */
    async latest(conversation: string, limit: number): Promise<PastAnswer[]> {
      const { rows } = await pool.query<PastAnswer>(
        `select ${pastColumns} from answer where conversation = $1 order by id desc limit $2`,
        [conversation, limit],
      )
      return rows
    },

    /** Everybody's last questions with their answers, newest first, for replay. */
    async stored(limit: number): Promise<StoredAnswer[]> {
      const { rows } = await pool.query<StoredAnswer>(
        `select ${pastColumns}, reason, confidence, prompt, model from answer order by id desc limit $1`,
        [limit],
      )
      return rows
    },

    async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
      await tx.query('delete from answer where conversation = $1 and ($2::timestamptz is null or at < $2)', [
        conversation,
        before,
      ])
    },
  }
}

/** Columns of `answer` that follow-ups and brokers look back at. */
export const pastColumns = `id::text, question, standalone, decision, text, citations, options,
  exists (select from answer_passage r join passage p on p.id = r.passage where r.answer = answer.id and p.visibility > 1) as protected`

/** An answer to store. `id` comes from the lease or `nextId`. */
export type NewAnswer = {
  readonly id: string
  readonly conversation: string
  readonly inbox: string
  readonly answered: Answered
}

function writes(of: readonly NewAnswer[]): Write[] {
  const rows = of.map(({ answered, ...ids }) => ({ ...ids, ...rowOf(answered) }))
  const write: Write = (p) => `insert into answer (${columns}) overriding system value
    select a.* from lane, jsonb_to_recordset(${p(jsonOf(rows))}::jsonb) as a(${columnTypes})`
  const rests = of
    .filter(({ answered }) => answered.decision === 'answer')
    .flatMap(({ id, answered }) =>
      answered.citations.map(({ passage_id: passage, status }) => ({
        answer: id,
        passage,
        as_valid: saidToHold(answered, status),
      })),
    )
  const rest: Write = (p) => `insert into answer_passage (answer, passage, as_valid)
    select r.answer, r.passage, bool_or(r.as_valid) from lane, jsonb_to_recordset(${p(jsonOf(rests))}::jsonb) as r(answer bigint, passage text, as_valid boolean)
     group by 1, 2 on conflict do nothing`
  return rests.length === 0 ? [write] : [write, rest]
}

const overOrAhead: readonly string[] = ['draft', 'scheduled', 'expired', 'superseded', 'repealed']

function saidToHold({ past }: Answered, status: string): boolean {
  return !past && !overOrAhead.includes(status)
}

function rowOf({ draft, calls, question, standalone, decision, reason, confidence, threshold, ...answered }: Answered) {
  return {
    ...{ question, standalone, as_of: answered.asOf, decision, reason, confidence, threshold, text: draft?.text ?? null },
    ...{ citations: answered.citations, evidence: answered.evidence, options: answered.options, ms: answered.ms },
    ...{ prompt: draft?.prompt ?? null, model: draft?.model ?? null, usage: calls.length === 0 ? null : usageOf(calls) },
  }
}

const columnTypes = `id bigint, conversation bigint, inbox bigint, question text, standalone text, as_of date, decision text, reason text,
  confidence real, threshold real, text text, citations jsonb, evidence jsonb, options jsonb, prompt text, model text, ms jsonb, usage jsonb`
const columns = columnTypes.replace(/(\w+) \w+/g, '$1')

/** Pure: sums the calls made for an answer. */
function usageOf(calls: Answered['calls']): Record<string, unknown> {
  const sum = (of: (call: Answered['calls'][number]) => number) => calls.reduce((total, call) => total + of(call), 0)
  const priced = calls.some((call) => call.cost !== null)
  return {
    calls: calls.length,
    input: sum((call) => call.input),
    output: sum((call) => call.output),
    cost: priced ? sum((call) => call.cost ?? 0) : null,
    models: [...new Set(calls.map((call) => call.model))],
    prompts: calls.map((call) => call.prompt),
    ms: sum((call) => call.ms),
  }
}

export type PastAnswer = {
  readonly id: string
  readonly question: string
  readonly standalone: string
  readonly decision: string
  readonly text: string | null
  readonly citations: Answered['citations']
  readonly options: readonly string[]
  /** It rests on text that is not public: no model may see it. */
  readonly protected: boolean
}

export type StoredAnswer = PastAnswer & {
  readonly reason: string | null
  readonly confidence: number | null
  readonly prompt: string | null
  readonly model: string | null
}

/** Pure: what a follow-up needs of an earlier answer. */
export function exchangeOf({ question, standalone, text, citations, options, protected: closed }: PastAnswer): PastExchange {
  return { question, standalone, answer: text, ...thingsOf(citations), options, protected: closed }
}

/** Pure: whether a follow-up may lean on it. Off-topic questions, and follow-ups that came to nothing, leave the talk where it was. */
export function isLeanedOn(each: Pick<PastAnswer, 'decision' | 'question' | 'standalone'>): boolean {
  return each.decision !== 'decline' && !(each.decision === 'hand_off' && each.standalone !== each.question)
}
