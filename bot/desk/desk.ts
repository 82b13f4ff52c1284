import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { Log } from '../../retrieval/base/log.ts'
import { topics } from '../control/topics.ts'
import type { Verified } from '../control/verified.ts'
import { postAction } from '../handoff/desk/post.ts'
import { type DeskView, deskView } from '../handoff/desk/view.ts'
import type { People } from '../handoff/people.ts'
import type { Tickets } from '../handoff/tickets.ts'
import type { Inbox } from '../inbox.ts'
import { type Faqs, faqs } from '../learn/faq.ts'
import type { Park } from '../open.ts'
import type { Recalls } from '../recall/recalls.ts'
import type { Calls } from '../records/calls.ts'
import type { Events } from '../records/events.ts'
import type { Messages } from '../records/messages.ts'
import type { Verdicts } from '../records/verdicts.ts'
import { agendaRoutes } from './api/agenda.ts'
import { callRoutes } from './api/calls.ts'
import { caseRoutes } from './api/cases.ts'
import { chainRoutes, toVet } from './api/chain.ts'
import { documentRoutes, type EventNoticed } from './api/documents.ts'
import { knowledgeRoutes } from './api/knowledge.ts'
import { peopleRoutes } from './api/people.ts'
import { recallRoutes } from './api/recalls.ts'
import { acceptUploads, uploadRoutes } from './api/uploads.ts'
import { eventHub } from './events.ts'
import { guard } from './guard.ts'
import type { DeskLinks } from './links.ts'
import { pageRoutes } from './pages.ts'
import { admit, get, post, type Route, registerRoutes } from './routes.ts'
import { signInRoutes } from './sign-in.ts'
import type { Uploads } from './uploads.ts'

export type DeskNeeds = {
  readonly http: FastifyInstance
  readonly links: DeskLinks
  readonly log: Log
  readonly park: Park
  readonly inbox: Inbox
  readonly people: People
  readonly tickets: Tickets
  readonly messages: Messages
  readonly events: Events
  readonly verdicts: Verdicts
  readonly verified: Verified
  readonly recalls: Recalls
  readonly uploads: Uploads
  readonly eventNoticed: EventNoticed
  readonly calls: Calls
}

/** The web desk: `/` and everything under `/desk/`. Brokers, leads and staff work here; every request is checked by `rules.ts`. */
export function openDesk(needs: DeskNeeds): { close(): void } {
  const { http, log, events, park } = needs
  const { settings, library, clock } = park
  const { pool } = park.database
  const { sessions: signed, linkFor } = needs.links
  const requests = guard(settings.PUBLIC_URL ?? null)
  const shared = { http, log, guard: requests, sessions: signed }
  const hub = eventHub({ feed: events, mark: () => markOf(pool), log })
  const view = deskView({ pool, ...needs })
  const act = postAction({ ...needs, view })
  const learned = faqs(pool, { documents: library.documents, clock })
  const parts = {
    ...needs,
    faqs: learned,
    topics: topics(pool),
    pool,
    library,
    view,
    act,
    clock,
    calendar: park.calendar,
    sessions: signed,
    linkFor,
  }

  pageRoutes(http)
  signInRoutes(shared)
  registerRoutes(shared, [
    ...selfRoutes(parts),
    ...caseRoutes(parts),
    ...documentRoutes({ ...parts, twoPerson: settings.REVIEW === 'two_person' }),
    ...peopleRoutes(parts),
    ...knowledgeRoutes(parts),
    ...recallRoutes({ ...parts, texts: park.texts }),
    ...uploadRoutes(parts),
    ...callRoutes(parts),
    ...chainRoutes({ ...parts, texts: park.texts.zh }),
    ...agendaRoutes({ ...parts, agenda: park.agenda }),
  ])

  acceptUploads({ ...shared, uploads: needs.uploads })

  http.post('/desk/api/sign-out', async (request, reply) => {
    const person = await admit(shared, { method: 'POST', path: '/desk/api/sign-out' }, request, reply)
    if (person === null) return reply
    await signed.end(requests.cookieOf(request))
    requests.setCookie(reply, '', 0)
    return reply.send({ ok: true })
  })

  http.get('/desk/api/events', { exposeHeadRoute: false }, async (request, reply) => {
    const person = await admit(shared, { method: 'GET', path: '/desk/api/events' }, request, reply)
    if (person === null) return reply
    const cookie = requests.cookieOf(request)
    const last = request.headers['last-event-id']
    const opened = await hub.open(reply, person, typeof last === 'string' ? last : '', () => signed.personOf(cookie))
    return opened ? reply : reply.code(503).send({ error: 'busy' })
  })
  return { close: () => hub.close() }
}

type Counted = {
  readonly people: People
  readonly park: Park
  readonly view: DeskView
  readonly faqs: Faqs
  readonly recalls: Recalls
  readonly calls: Calls
}

/** Who is signed in, and how much waits where. */
function selfRoutes({ people, park, view, faqs, recalls, calls }: Counted): Route[] {
  const { settings, clock, library } = park
  return [
    get('/desk/api/me', async ({ person: { id, name, role } }) => ({
      ...{ id, name, role, park: settings.PARK_NAME, now: clock() },
      present: role === 'staff' ? null : ((await people.byId(id))?.present ?? false),
    })),
    post('/desk/api/duty', { present: z.boolean() }, async ({ person: { id } }, { present }) => {
      await people.setPresent(id, present, `person:${id}`)
      return { present }
    }),
    get('/desk/api/counts', async ({ person }) => {
      const talks = person.role !== 'staff'
      const keeps = person.role !== 'broker'
      const count = async (list: Promise<readonly unknown[]> | readonly unknown[]) => (await list).length
      return {
        queue: await count(view.queue(person)),
        mine: await count(view.mine(person)),
        others: await count(view.others(person)),
        review: keeps ? await count(library.reviews.list('waiting')) : 0,
        faq: keeps ? await count(faqs.list('proposed')) : 0,
        calls: await count(calls.list(person)),
        demands: (await toVet(park.database.pool, person)).length,
        recalls: talks ? await count(recalls.list('proposed')) : 0,
      }
    }),
  ]
}

/** A mark that changes whenever a document starts or stops waiting, goes live or is removed. */
async function markOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ mark: string }>(
    `select count(*) || ':' || count(*) filter (where state = 'waiting') || ':' || count(*) filter (where state = 'live') || ':' || coalesce(max(number), 0)
            || ':' || (select count(*) filter (where state = 'proposed') || ':' || coalesce(max(id), 0) from faq_candidate)
            || ':' || (select count(*) filter (where state = 'proposed') || ':' || coalesce(max(id), 0) from recall)
            || ':' || (select count(*) || ':' || count(done_at) from call_task)
            || ':' || (select coalesce(max(id), 0) || ':' || count(taken_back_at) from chain_step)
            || ':' || (select count(*) from demand_match) || ':' || (select count(*) from demand_offer)
            || ':' || (select count(*) || ':' || coalesce(sum(revision), 0) || ':' || count(*) filter (where state = 'held') from event)
            || ':' || (select count(*) || ':' || coalesce(max(at), 'epoch') || ':' || count(*) filter (where state = 'in') from event_signup) as mark
       from document`,
  )
  return rows[0]?.mark ?? ''
}
