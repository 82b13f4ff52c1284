import type { Pool } from 'pg'
import { z } from 'zod'
import type { Clock } from '../../../retrieval/base/clock.ts'
import { isOfEvents } from '../../agenda/commands.ts'
import {
  type ActionCode,
  type ActionResult,
  outcomeFigures,
  outcomeGroups,
  type TicketAction,
  ticketAction,
} from '../../handoff/desk/action.ts'
import { deskCommandIn } from '../../handoff/desk/commands.ts'
import type { PostAction } from '../../handoff/desk/post.ts'
import type { DeskView, TicketRow } from '../../handoff/desk/view.ts'
import type { Calendar } from '../../handoff/duty/duty.ts'
import type { People } from '../../handoff/people.ts'
import type { Tickets } from '../../handoff/tickets.ts'
import { colleaguesFor } from '../../handoff/who/colleagues.ts'
import type { Events } from '../../records/events.ts'
import { type Call, get, notFound, post, Refusal, type Route } from '../routes.ts'
import { demandsOfCase } from './chain.ts'

export type CaseNeeds = {
  readonly pool: Pool
  readonly view: DeskView
  readonly act: PostAction
  readonly people: People
  readonly tickets: Tickets
  readonly events: Pick<Events, 'resultOf'>
  readonly clock: Clock
  readonly calendar: Calendar
}

const lists = ['queue', 'mine', 'others', 'closed'] as const

/** Cases: lists, one case, its new lines, and every action on it. The view decides who may see which. */
export function caseRoutes(needs: CaseNeeds): Route[] {
  const { view } = needs
  const visible = async ({ person, id }: Call): Promise<TicketRow> => {
    const ticket = await view.visible(person, id)
    if (ticket === null) throw notFound()
    return ticket
  }
  const acted = async ({ person, id }: Call, { key, action }: { key: string; action: TicketAction }): Promise<unknown> => {
    return told(await needs.act(person, id, action.do === 'reply' ? repliedWith(action.text) : action, keyOf(person, key)))
  }

  /**
   * Whoever claims saw the case in the queue a moment ago, so for a short while they are told who was faster, and later that it is not
   * there.
   */
  const reachable = async (call: Call, body: unknown): Promise<void> => {
    if (!(wantsClaim(body) && (await justTaken(needs.pool, call)))) await visible(call)
  }

  return [
    get('/desk/api/cases', async ({ person, query }) => {
      const list = lists.find((each) => each === query['list']) ?? 'queue'
      return { cases: await view[list](person) }
    }),
    get('/desk/api/cases/:id', async ({ person, id }) => {
      const opened = await view.open(person, id)
      if (opened === null) throw notFound()
      return { ...opened, demands: await demandsOfCase(needs.pool, person, id) }
    }),
    get('/desk/api/cases/:id/state', async (call) => ({ ticket: await visible(call) })),
    get('/desk/api/cases/:id/lines', async ({ person, id, query }) => {
      const lines = await view.transcriptAfter(person, id, query['after'] ?? '0')
      if (lines === null) throw notFound()
      return { lines }
    }),
    post('/desk/api/cases/:id/action', { key: z.uuid(), action: ticketAction }, acted, reachable),
    // The outcome of a `pending` action; polled until it is known.
    get('/desk/api/cases/:id/result', async (call) => {
      const result = (patienceMs: number) => needs.events.resultOf(keyOf(call.person, call.query['key'] ?? ''), patienceMs)
      const known = await result(0)
      if (known?.ticket === call.id) return told(known) // also for a case that somebody else owns by now
      await visible(call)
      return told((await result(patienceMs)) ?? { code: 'pending', ticket: call.id, owner: null })
    }),
    get('/desk/api/outcomes', async () => ({ groups: outcomeGroups, figures: outcomeFigures })),
    get('/desk/api/colleagues', async () => ({ people: await colleagues(needs) })),
  ]
}

/**
 * Brokers used to chats write /note here too: it stays inside, and a mistyped one is not sent. Only a platform can say that words have
 * already reached somebody.
 * @throws Refusal `no_command`, `event_command`
 */
function repliedWith(text: string): TicketAction {
  const command = deskCommandIn(text)
  if (command === null) return { do: 'reply', text }
  if (command.name === 'note' && command.rest.trim() !== '') return { do: 'note', text: command.rest.trim() }
  throw new Refusal(409, isOfEvents(command.name) ? 'event_command' : 'no_command')
}

const patienceMs = 2_000
const keyOf = (person: { readonly id: string }, key: string) => `desk:${person.id}:${key}`

/** @throws Refusal with the code when it was not done */
function told({ code, owner }: ActionResult): unknown {
  if (code === 'not_found') throw notFound()
  const status = statuses[code]
  if (status !== 200) throw new Refusal(status, code, { owner })
  return { code, owner }
}

const momentsAgo = '2 minutes'

function wantsClaim(body: unknown): boolean {
  return ticketAction.safeParse((body as { action?: unknown } | undefined)?.action).data?.do === 'claim' // parsed again: it may have any shape
}

async function justTaken(pool: Pool, { person, id }: Call): Promise<boolean> {
  if (!/^\d{1,18}$/.test(id)) return false
  const { rowCount } = await pool.query(
    `select 1 from ticket where id = $1 and state = 'claimed' and claimed_at > park_now() - $2::interval and $3 <> all(excluded)`,
    [id, momentsAgo, person.id],
  )
  return rowCount === 1
}

/** `pending` is not a refusal: it is stored and will be done. */
const statuses: Readonly<Record<ActionCode, number>> = {
  done: 200,
  pending: 200,
  failed: 503,
  taken: 409,
  not_owner: 409,
  closed: 409,
  not_closed: 409,
  other_open: 409,
  excluded: 409,
  unknown_person: 409,
  technology_over: 409,
  received_over: 409,
  not_found: 404,
}

/** Colleagues a case can be given to; the page leaves out its owner. */
async function colleagues({ people, tickets, clock, calendar }: CaseNeeds): Promise<unknown[]> {
  const [everybody, loads] = await Promise.all([people.list(), tickets.loads()])
  return colleaguesFor(everybody, { owner: null, excluded: [] }, { loads, at: clock(), calendar }).map(
    ({ person, onDuty, load }) => ({
      ...{ id: person.id, name: person.name, capacity: person.capacity },
      ...{ onDuty, load },
    }),
  )
}
