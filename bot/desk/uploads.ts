import { EventEmitter } from 'node:events'
import type { Pool } from 'pg'
import type { Clock } from '../../retrieval/base/clock.ts'
import { sanitise } from '../../retrieval/base/sanitise.ts'
import type { Taken } from '../converse/documents.ts'

/** The largest file staff may give us, in chat or on the desk: what the platforms let a bot fetch. */
export const mostReceivedBytes = 20 * 1024 * 1024

/** A file given to the desk and its result, without its bytes. */
export type Upload = {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly uploadedBy: string
  readonly createdAt: Date
  readonly state: 'waiting' | 'reading' | 'done'
  readonly outcome: Taken | null
}

/** The road of every file, see `ingest/ingest.ts`. */
export type TakeFile = (file: { source: string; name: string; bytes: Uint8Array }, by: string) => Promise<Taken>

export type Uploads = {
  /** Resolves once it is stored; it is read later, in order of arrival. @returns its id */
  keep(file: { name: string; bytes: Uint8Array }, by: string): Promise<string>
  /** The newest uploads. */
  recent(): Promise<Upload[]>
  /** Reads the next file. @returns whether there was one */
  step(): Promise<boolean>
  readonly wake: EventEmitter
}

const mostRecent = 20
/** Longer than reading any file takes; after this the file of a dead process is free again. */
const heldFor = '10 minutes'
const longestName = 200

/** The only writer of upload. */
export function uploads(pool: Pool, { take, clock }: { readonly take: TakeFile; readonly clock: Clock }): Uploads {
  const wake = new EventEmitter()
  return {
    wake,
    async keep({ name, bytes }, by) {
      const { rows } = await pool.query<{ id: string }>(
        'insert into upload (name, bytes, size, uploaded_by, created_at) values ($1, $2, $3, $4, $5) returning id::text',
        [safeName(name), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.length, by, clock()],
      )
      wake.emit('work')
      return rows[0]?.id ?? ''
    },
    async recent() {
      const { rows } = await pool.query<Upload>(
        `select id::text, name, size, uploaded_by as "uploadedBy", created_at as "createdAt", outcome,
                case when outcome is not null then 'done' when taken_at is not null then 'reading' else 'waiting' end as state
           from upload order by upload.id desc limit $1`,
        [mostRecent],
      )
      return rows
    },
    async step() {
      const { rows } = await pool.query<{ id: string; name: string; bytes: Buffer; by: string }>(
        `update upload set taken_at = now()
          where id = (select id from upload where outcome is null and (taken_at is null or taken_at not between now() - $1::interval and now())
                       order by id limit 1 for update skip locked)
        returning id::text, name, bytes, uploaded_by as by`,
        [heldFor],
      )
      const [next] = rows
      if (next === undefined) return false
      const file = { source: `desk/${next.id}/${next.name}`, name: next.name, bytes: new Uint8Array(next.bytes) }
      const outcome = await take(file, next.by)
      await pool.query('update upload set outcome = $2, bytes = null where id = $1', [next.id, JSON.stringify(told(outcome))])
      return true
    },
  }
}

/** A name for people to recognise the file by: no folders, no characters that reverse text. */
function safeName(name: string): string {
  const plain = sanitise(name.normalize('NFC'))
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\n\t]/g, '')
    .split(/[\\/]/)
    .at(-1)
    ?.trim()
  return (plain ?? '').slice(-longestName) || 'file'
}

/** What a person is told: error texts stay inside, their codes have words on the page. */
function told(taken: Taken): Taken {
  const { outcome, document_id, title, doc_no, genre, status, issued_on, effective_from, effective_to } = taken
  const { supersedes, clauses, records, doubts, error } = taken
  const fields = { outcome, document_id, title, doc_no, genre, status, issued_on, effective_from, effective_to }
  return { ...fields, supersedes, clauses, records, doubts, error: error === null ? null : { code: error.code } }
}
