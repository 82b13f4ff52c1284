import type { ClientBase, Pool } from 'pg'
import type { Answered } from '../answer.ts'

/** Every answer with what it rested on; the only writer of answer. */
export type Answers = ReturnType<typeof answers>

export function answers(pool: Pool) {
  return {
    /** @returns the id under which feedback and recalls find it */
    async store(tx: ClientBase, conversation: string, inbox: string, answered: Answered): Promise<string> {
      const { rows } = await tx.query<{ id: string }>(
        `insert into answer (conversation, inbox, question, standalone, as_of, decision, reason, confidence, threshold, text, citations, evidence, options, prompt, model, ms, usage)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id::text`,
        [
          conversation,
          inbox,
          answered.question,
          answered.standalone,
          answered.asOf,
          answered.decision,
          answered.reason,
          answered.confidence,
          answered.threshold,
          answered.draft?.text ?? null,
          JSON.stringify(answered.citations),
          JSON.stringify(answered.evidence),
          JSON.stringify(answered.options),
          answered.draft?.prompt ?? null,
          answered.draft?.model ?? null,
          JSON.stringify(answered.ms),
          answered.calls.length === 0 ? null : JSON.stringify(usageOf(answered.calls)),
        ],
      )
      const id = rows[0]?.id ?? ''
      if (answered.decision === 'answer')
        await tx.query('insert into answer_passage (answer, passage) select $1, unnest($2::text[]) on conflict do nothing', [
          id,
          answered.citations.map((each) => each.passage_id),
        ])
      return id
    },

    /** @returns the text of passages that are public and not marked wrong, by id */
    async publicTexts(passages: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (passages.length === 0) return new Map()
      const { rows } = await pool.query<{ id: string; text: string }>(
        'select id, text from passage where id = any($1) and visibility = 1 and wrong_since is null',
        [passages],
      )
      return new Map(rows.map((row) => [row.id, row.text]))
    },

    /** Feedback belongs to the conversation it was given in; a foreign id changes nothing. */
    async setFeedback(tx: ClientBase, conversation: string, id: string, feedback: 'helpful' | 'not_helpful'): Promise<void> {
      await tx.query('update answer set feedback = $3 where id = $2 and conversation = $1', [conversation, id, feedback])
    },

    /** The last answers of a conversation, newest first: history for follow-ups and for the broker. */
    async latest(conversation: string, limit: number): Promise<PastAnswer[]> {
      const { rows } = await pool.query<PastAnswer>(
        `select id::text, question, standalone, decision, text, citations, options from answer where conversation = $1 order by id desc limit $2`,
        [conversation, limit],
      )
      return rows
    },

    /** The last questions of everybody with what was answered, newest first: to be asked again. */
    async stored(limit: number): Promise<StoredAnswer[]> {
      const { rows } = await pool.query<StoredAnswer>(
        `select id::text, question, standalone, decision, reason, confidence, text, citations, prompt, model from answer order by id desc limit $1`,
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

/** Pure: the calls made for an answer, summed. */
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
}

export type StoredAnswer = Omit<PastAnswer, 'options'> & {
  readonly reason: string | null
  readonly confidence: number | null
  readonly prompt: string | null
  readonly model: string | null
}
