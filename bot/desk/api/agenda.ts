import type { Pool } from 'pg'
import { z } from 'zod'
import { type Clock, dayInChina } from '../../../retrieval/base/clock.ts'
import { transaction } from '../../../retrieval/store/transaction.ts'
import { isAhead, isTraining, joining, type ParkEvent, timeInChina } from '../../agenda/event.ts'
import type { Signup } from '../../agenda/signups.ts'
import type { Agenda, Decision } from '../../agenda/store.ts'
import type { People } from '../../handoff/people.ts'
import { recordAudit } from '../../records/audit.ts'
import { csvOf } from '../../report/csv.ts'
import { type Call, get, notFound, post, Refusal, type Route, Shown } from '../routes.ts'

export type AgendaNeeds = { readonly agenda: Agenda; readonly people: People; readonly pool: Pool; readonly clock: Clock }

const number = z.string().regex(/^\d{1,18}$/)
const proof = z.string().trim().max(500).nullable()
const mostPast = 100

/** What takes place in the park: who signed up, a list to download, and what became of it. */
export function agendaRoutes({ agenda, people, pool, clock }: AgendaNeeds): Route[] {
  const known = async ({ id }: Call) => {
    const event = await agenda.byId(id)
    if (event === null) throw notFound()
    return event
  }
  const decide = async ({ id, person }: Call, decisions: readonly Decision[]) => {
    const refused = await transaction(pool, (tx) => agenda.decide(tx, id, person, decisions))
    if (refused !== null) throw refused === 'unknown_event' ? notFound() : new Refusal(409, refused)
    return { ok: true }
  }
  return [
    get('/desk/api/agenda', async () => {
      const [events, now] = [await agenda.list({ all: true }), clock()]
      // What was cancelled is not to come; it stands with what is settled.
      const isComing = (each: ParkEvent) => isAhead(each, now) && each.state !== 'cancelled'
      const ahead = events.filter((each) => isComing(each) && (each.passage !== null || each.taken > 0))
      const over = events.filter((each) => !isAhead(each, now) || each.state === 'cancelled').toReversed()
      return { coming: ahead.map((each) => shown(each, now)), past: over.slice(0, mostPast).map((each) => shown(each, now)) }
    }),
    get('/desk/api/agenda/:id', async (call) => {
      const event = await known(call)
      const brokers = isTraining(event) ? (await people.list()).filter((each) => each.role !== 'staff') : []
      return {
        event: shown(event, clock()),
        signups: await agenda.signupsOf(event.id),
        trained: (await agenda.trained(event.id)).map(({ name }) => name),
        steps: await agenda.steps(event.id),
        brokers: brokers.map(({ id, name }) => ({ id, name })),
      }
    }),
    get('/desk/api/agenda/:id/list', async (call) => {
      const event = await known(call)
      const list = await agenda.signupsOf(event.id)
      const about = `event:${event.id}`
      await recordAudit(pool, { actor: `person:${call.person.id}`, action: 'exported', about, detail: { rows: list.length } })
      // The mark tells spreadsheets that it is UTF-8.
      return new Shown('text/csv; charset=utf-8', Buffer.from(`\uFEFF${csvOf(list.map(line))}`))
    }),
    post(
      '/desk/api/agenda/:id/hold',
      {
        attendance: z.number().int().min(0).max(100_000).nullable(),
        evidence: proof,
        attended: z.array(number).max(5_000).nullable(),
        trained: z.array(number).max(500),
        sure: z.boolean().default(false),
      },
      async (call, { attendance, evidence, attended, trained, sure }) =>
        decide(call, [
          { do: 'hold', attendance, evidence: evidence === '' ? null : evidence, sure },
          ...(attended === null ? [] : [{ do: 'attend' as const, ids: attended }]),
          ...(trained.length > 0 || isTraining(await known(call)) ? [{ do: 'train' as const, people: trained }] : []),
        ]),
      known,
    ),
    post(
      '/desk/api/agenda/:id/cancel',
      { evidence: proof },
      (call, { evidence }) => decide(call, [{ do: 'cancel', evidence }]),
      known,
    ),
  ]
}

function shown(event: ParkEvent, now: Date) {
  return {
    ...event,
    listed: event.passage !== null,
    ahead: isAhead(event, now),
    joining: joining(event, now),
    training: isTraining(event),
  }
}

/** A row of the list; its names are those of the columns. */
function line(each: Signup): Record<string, unknown> {
  return {
    姓名: each.name,
    单位: each.company,
    人数: each.people,
    手机: each.phone,
    职务: each.position,
    状态: each.state === 'in' ? '已报名' : '候补',
    到场: each.attended === null ? '' : each.attended ? '是' : '否',
    报名时间: `${dayInChina(each.at)} ${timeInChina(each.at)}`,
  }
}
