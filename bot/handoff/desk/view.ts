import type { Pool } from 'pg'
import type { Citation } from '../../answer.ts'
import { recordAudit } from '../../records/audit.ts'
import type { Messages, TranscriptLine } from '../../records/messages.ts'
import type { Verdicts } from '../../records/verdicts.ts'
import { emptyPacket, type Packet, withFactsSince } from '../packet/packet.ts'
import type { Person } from '../people.ts'
import type { Ticket } from '../ticket.ts'
import { type Tickets, ticketColumns } from '../tickets.ts'
import type { Verdict } from './action.ts'
import { maySee } from './rights.ts'

/** A ticket as lists show it. */
export type TicketRow = Ticket & {
  /** The person's name on their platform. */
  readonly personName: string | null
  readonly chat: string
  readonly language: string | null
}

/** A ticket as its own page shows it. */
export type OpenRow = TicketRow & {
  /** Words for the person that the platform does not take until they write. */
  readonly held: number
}

/** An answer of the bot in this conversation, to be judged. */
export type CaseAnswer = {
  readonly id: string
  readonly question: string
  readonly text: string | null
  readonly decision: string
  readonly citations: readonly Citation[]
  readonly verdict: Verdict | null
}

/** Everything a broker needs before writing. */
export type Case = {
  readonly ticket: OpenRow
  /** As it was at hand-off. */
  readonly packet: Packet
  /** Oldest first, with internal notes; the newest 200. */
  readonly transcript: readonly TranscriptLine[]
  readonly answers: readonly CaseAnswer[]
}

const from = `from ticket t join conversation c on c.id = t.conversation left join person p on p.id = t.owner`
const columns = `${ticketColumns}, c.person_name as "personName", c.chat, c.language`
const wasTheirs = `exists (select 1 from ticket_event e where e.ticket = t.id and e.person = $1 and e.kind in ('claimed', 'transferred', 'reopened'))`
const heldWords = `(select count(*)::int from outbox o where o.chat = c.chat and o.state = 'held')`
const mostRows = 200

/** What the desk shows; every list holds only what this person may see. */
export type DeskView = ReturnType<typeof deskView>

export function deskView(deps: { pool: Pool; tickets: Tickets; messages: Messages; verdicts: Verdicts }) {
  const { pool } = deps
  const list = async (where: string, values: readonly unknown[]): Promise<TicketRow[]> =>
    (await pool.query<TicketRow>(`select ${columns} ${from} where ${where} limit ${mostRows}`, [...values])).rows

  /** @returns the ticket; null both when it does not exist and when this person may not see it */
  async function visible(person: Person, id: string): Promise<OpenRow | null> {
    if (!/^\d{1,18}$/.test(id)) return null
    const { rows } = await pool.query<OpenRow & { wasTheirs: boolean }>(
      `select ${columns}, ${wasTheirs} as "wasTheirs", ${heldWords} as held ${from} where t.id = $2`,
      [person.id, id],
    )
    const row = rows[0]
    if (row === undefined || !maySee(person, row, row.wasTheirs)) return null
    const { wasTheirs: _, ...ticket } = row
    return ticket
  }

  return {
    visible,

    /** A ticket that waits, or did a moment ago. */
    async claimable(person: Person, id: string): Promise<Ticket | null> {
      const ticket = /^\d{1,18}$/.test(id) ? await deps.tickets.byId(id) : null
      return ticket === null || person.role === 'staff' || ticket.excluded.includes(person.id) ? null : ticket
    },

    /** Waiting tickets, most urgent first. */
    queue: (person: Person) =>
      person.role === 'staff'
        ? Promise.resolve([])
        : list(`t.state = 'waiting' and $1 <> all(t.excluded) order by t.priority, t.promised_at nulls last, t.id`, [person.id]),

    /** This person's open tickets, oldest first. */
    mine: (person: Person) => list(`t.state = 'claimed' and t.owner = $1 order by t.priority, t.id`, [person.id]),

    /** Others' open tickets, for leads. */
    others: (person: Person) =>
      person.role === 'lead' ? list(`t.state = 'claimed' and t.owner <> $1 order by t.priority, t.id`, [person.id]) : [],

    /** Tickets this person has closed, or for a lead all closed ones; newest first. */
    closed: (person: Person) =>
      person.role === 'staff'
        ? Promise.resolve([])
        : list(
            `t.state = 'closed' and $1 <> all(t.excluded) and ($2 or t.owner = $1 or ${wasTheirs}) order by t.closed_at desc`,
            [person.id, person.role === 'lead'],
          ),

    /** Opens a case and records the view in the audit. @returns null when there is none they may see */
    async open(person: Person, id: string): Promise<Case | null> {
      const ticket = await visible(person, id)
      if (ticket === null) return null
      const [packet, transcript, answers, verdicts] = await Promise.all([
        pool.query<{ packet: Packet }>('select packet from ticket where id = $1', [id]),
        deps.messages.of(ticket.conversation, mostRows),
        pool.query<Omit<CaseAnswer, 'verdict'>>(
          `select id::text, question, text, decision, citations from answer where conversation = $1 order by id desc limit 20`,
          [ticket.conversation],
        ),
        deps.verdicts.ofTicket(ticket.conversation),
      ])
      await recordAudit(pool, { actor: `person:${person.id}`, action: 'ticket_viewed', about: `ticket:${id}` })
      return {
        ticket,
        packet: withFactsSince({ ...emptyPacket, ...packet.rows[0]?.packet }, transcript),
        transcript,
        answers: answers.rows.reverse().map((answer) => ({ ...answer, verdict: verdicts.get(answer.id) ?? null })),
      }
    },

    /** Lines after `line`, for an open page; not an audited view of its own. */
    async transcriptAfter(person: Person, id: string, line: string): Promise<TranscriptLine[] | null> {
      const ticket = await visible(person, id)
      return ticket === null || !/^\d{1,18}$/.test(line) ? null : deps.messages.of(ticket.conversation, mostRows, line)
    },
  }
}
