import { createHash } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { type Clock, dayInChina } from '../../retrieval/base/clock.ts'
import { AppError } from '../../retrieval/base/errors.ts'
import { sanitiseDeep } from '../../retrieval/base/sanitise.ts'
import type { DocumentStore, NewDocument } from '../../retrieval/store/document.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { masked } from '../models/masking.ts'
import { recordAudit } from '../records/audit.ts'
import { overlap, sameQuestion, topicTerms } from './similar.ts'

export type FaqCandidate = {
  readonly id: string
  readonly question: string
  readonly answer: string
  /** The name of the broker who answered. */
  readonly author: string | null
  readonly ticket: string | null
  /** How many hand-offs asked this. */
  readonly times: number
  readonly state: 'proposed' | 'approved' | 'dismissed'
  /** The id of the document it became. */
  readonly document: string | null
  readonly createdAt: Date
}

const columns = `f.id::text, f.question, f.answer, p.name as author, f.ticket::text, f.times, f.state, f.document, f.created_at as "createdAt"`
const from = 'from faq_candidate f left join person p on p.id = f.author'
const mostCompared = 2_000

/** Brokers' answers on their way to reuse; the only writer of faq_candidate. */
export type Faqs = ReturnType<typeof faqs>

export function faqs(pool: Pool, deps: { documents: DocumentStore; clock: Clock }) {
  const read = async (where: string, values: readonly unknown[], order = 'f.times desc, f.id') =>
    (await pool.query<FaqCandidate>(`select ${columns} ${from} where ${where} order by ${order} limit 500`, [...values])).rows

  return {
    propose,

    list: (state: FaqCandidate['state'] = 'proposed') => read('f.state = $1', [state]),

    async show(id: string): Promise<FaqCandidate | null> {
      return /^\d{1,18}$/.test(id) ? ((await read('f.id = $1', [id]))[0] ?? null) : null
    },

    /**
     * Stores it as a document, by the same road as every document; it answers from now on, with its author and day.
     * @param change corrections of the approver
     * @throws AppError `unknown_faq`
     */
    async approve(id: string, by: string, change: { question?: string; answer?: string } = {}): Promise<FaqCandidate> {
      const candidate = await this.show(id)
      if (candidate === null || candidate.state !== 'proposed') throw unknown(id)
      const { question, answer } = { ...candidate, ...change }
      const { own } = await deps.documents.hasDocuments()
      const document = documentOf({ ...candidate, question, answer }, { day: dayInChina(deps.clock()), by, demo: own === 0 })
      const { documentId } = await deps.documents.replace(document)
      await transaction(pool, async (tx) => {
        await tx.query(
          `update faq_candidate set state = 'approved', question = $2, answer = $3, document = $4, decided_by = $5, decided_at = park_now() where id = $1`,
          [id, question, answer, documentId, by],
        )
        await recordAudit(tx, { actor: by, action: 'faq_approved', about: `faq:${id}`, detail: { document: documentId } })
      })
      return { ...candidate, question, answer, state: 'approved', document: documentId }
    },

    /** @throws AppError `unknown_faq` */
    async dismiss(id: string, by: string): Promise<void> {
      await transaction(pool, async (tx) => {
        const { rowCount } = await tx.query(
          `update faq_candidate set state = 'dismissed', decided_by = $2, decided_at = park_now() where id = $1 and state = 'proposed'`,
          [/^\d{1,18}$/.test(id) ? id : '0', by],
        )
        if (rowCount !== 1) throw unknown(id)
        await recordAudit(tx, { actor: by, action: 'faq_dismissed', about: `faq:${id}` })
      })
    },

    /** What a person said is erased with their data; what was approved is the park's own by then. */
    async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
      await tx.query(
        `delete from faq_candidate where state <> 'approved' and ticket in (select id from ticket where conversation = $1)
            and ($2::timestamptz is null or created_at < $2)`,
        [conversation, before],
      )
    },
  }
}

type Proposed = { readonly question: string; readonly answer: string; readonly author: string; readonly ticket: string }

/**
 * Proposes a broker's answer. A question that was proposed or approved before is counted, not repeated.
 * @returns its id, or that of the similar one
 */
async function propose(tx: ClientBase, faq: Proposed): Promise<string | null> {
  const { answer, author, ticket, ...asked } = sanitiseDeep(faq)
  const question = masked(asked.question).text
  const terms = topicTerms(question)
  const { rows: known } = await tx.query<{ id: string; terms: number[] }>(
    `select id::text, terms from faq_candidate where state <> 'dismissed' order by id desc limit $1`,
    [mostCompared],
  )
  const like = known.find((each) => overlap(each.terms, terms) >= sameQuestion)
  if (like !== undefined) {
    await tx.query('update faq_candidate set times = times + 1 where id = $1 and ticket is distinct from $2', [like.id, ticket])
    return like.id
  }
  const { rows } = await tx.query<{ id: string }>(
    `insert into faq_candidate (question, answer, author, ticket, terms) values ($1, $2, $3, $4, $5)
     on conflict (ticket) do update set answer = excluded.answer where faq_candidate.state = 'proposed' returning id::text`,
    [question, answer, author, ticket, terms],
  )
  return rows[0]?.id ?? null
}

/**
 * Question and answer as one passage: found by the question, quoted from the answer. Author and day stand where a document number would.
 */
function documentOf(
  { id, question, answer, author }: FaqCandidate,
  { day, by, demo }: { day: string; by: string; demo: boolean },
): NewDocument {
  const signed = [author, day].filter((each) => each !== null).join(' ')
  return {
    ...{ source: `faq:${id}`, kind: 'faq', title: question, docNo: signed, issuers: [], genre: 'faq', level: null },
    sha256: createHash('sha256').update(`${question}\n${answer}`).digest('hex'),
    ...{ regions: [], binding: true, issuedOn: day, effectiveFrom: day, effectiveTo: null, supersedes: [] },
    fields: {
      author: { value: author, phrase: null, confirmed: true },
      answered_on: { value: day, phrase: null, confirmed: true },
    },
    ...{ doubts: [], state: 'live', demo, uploadedBy: by },
    passages: [{ clause: null, heading: question, text: answer }],
  }
}

function unknown(id: string): AppError {
  return new AppError('unknown_faq', `No proposed answer has the number ${id}`, {
    hint: 'npm run control -- faq list shows what waits.',
  })
}
