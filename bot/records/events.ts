import { EventEmitter } from 'node:events'
import type { ClientBase, Pool } from 'pg'
import type { ActionCode, ActionResult } from '../handoff/desk/action.ts'

export type TicketEventKind =
  | 'opened'
  | 'claimed'
  | 'transferred'
  | 'returned'
  | 'closed'
  | 'reopened'
  | 'message'
  | 'promise_slipped'
  | 'escalated'
  | 'outcome'
  | 'satisfaction'
  | 'verdict'
  | 'faq'
  | 'presence'
  /** An action that could not be done, for its requester. */
  | 'refused'

export type TicketEvent = {
  /** Grows with every commit. */
  readonly id: string
  readonly ticket: string
  readonly kind: TicketEventKind
  /** The registered person who did it, or null when it was the enterprise, the bot or a timer. */
  readonly person: string | null
  readonly at: Date
}

export type NewEvent = {
  readonly ticket: string
  readonly kind: TicketEventKind
  readonly person?: string | null
  /** The key of the action this answers. */
  readonly action?: string | null
  readonly result?: Omit<ActionResult, 'ticket'>
}

const anyLock = 720_350_140
const pollMs = 500
const firstPollMs = 20

/** What happened to tickets, for everybody who watches; the only writer of ticket_event. */
export type Events = ReturnType<typeof events>

export function events(pool: Pool) {
  const wake = new EventEmitter()
  wake.setMaxListeners(0) // one per open page
  return {
    /** Emits `work` when this process wrote something; other processes' events are seen by polling. */
    wake,
    add,

    /** @returns events after `cursor`, oldest first; '0' = from the beginning */
    async since(cursor: string, limit = 200): Promise<TicketEvent[]> {
      const { rows } = await pool.query<TicketEvent>(
        `select id::text, ticket::text, kind, person::text, at from ticket_event where id > $1 order by id limit $2`,
        [cursor, limit],
      )
      return rows
    },

    /** @returns the cursor of a page that has just read everything */
    async latest(): Promise<string> {
      const { rows } = await pool.query<{ id: string }>('select coalesce(max(id), 0)::text as id from ticket_event')
      return rows[0]?.id ?? '0'
    },

    /** Waits for the result of a posted action. @returns null when there is none within `patienceMs` */
    async resultOf(action: string, patienceMs: number): Promise<ActionResult | null> {
      const until = Date.now() + patienceMs
      // Another process may perform it: polled often at first, since the result mostly comes at once.
      for (let wait = firstPollMs; ; wait = Math.min(wait * 2, pollMs)) {
        const result = await read(pool, action)
        const left = until - Date.now()
        if (result !== null || left <= 0) return result
        await pause(wake, Math.min(wait, left))
      }
    },
  }
}

/**
 * Writes events as the last step of a transaction. The lock makes ids grow in commit order, so that a reader who remembers the last id
 * misses nothing; taken last, it cannot cause a deadlock.
 */
async function add(tx: ClientBase, list: readonly NewEvent[]): Promise<void> {
  if (list.length === 0) return
  await tx.query('select pg_advisory_xact_lock($1)', [anyLock])
  for (const { ticket, kind, person, action, result } of list)
    await tx.query(
      `insert into ticket_event (ticket, kind, person, action, detail) values ($1, $2, $3, $4, $5) on conflict (action) do nothing`,
      [ticket, kind, person ?? null, action ?? null, JSON.stringify(result ?? {})],
    )
}

async function read(pool: Pool, action: string): Promise<ActionResult | null> {
  const { rows } = await pool.query<{ ticket: string; detail: { code: ActionCode; owner: ActionResult['owner'] } }>(
    'select ticket::text, detail from ticket_event where action = $1',
    [action],
  )
  const row = rows[0]
  return row === undefined ? null : { ...row.detail, ticket: row.ticket }
}

function pause(wake: EventEmitter, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      wake.off('work', go)
      resolve()
    }
    const timer = setTimeout(go, ms)
    wake.on('work', go)
  })
}
