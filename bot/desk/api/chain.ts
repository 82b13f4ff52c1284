import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import type { Texts } from '../../../prompts/load.ts'
import { type Clock, midnightInChina } from '../../../retrieval/base/clock.ts'
import { transaction } from '../../../retrieval/store/transaction.ts'
import { achievementById, listAchievements, maySeeAchievement, registerAchievements } from '../../chain/achievements.ts'
import { offers } from '../../chain/offers.ts'
import { matchesOf, offersOf } from '../../chain/orders/known.ts'
import type { Named, Publishing } from '../../chain/orders/orders.ts'
import { maySeeDemand, performHide, performStep, performUndo, type StepResult, takerOf } from '../../chain/perform.ts'
import { type Draft, publicDraft } from '../../chain/publish.ts'
import { type Evidence, nextStages, rules, type Stage, stageNow, stages } from '../../chain/stages.ts'
import { standingOf, stepsOf, type TakenBack } from '../../chain/steps.ts'
import { outcomeGroups } from '../../handoff/desk/action.ts'
import type { People, Person } from '../../handoff/people.ts'
import { type Demand, demands } from '../../records/demands.ts'
import type { Messages } from '../../records/messages.ts'
import { type Call, get, notFound, post, Refusal, type Route } from '../routes.ts'

export type ChainNeeds = {
  readonly pool: Pool
  readonly people: Pick<People, 'byId'>
  readonly messages: Messages
  readonly texts: Texts
  readonly clock: Clock
}

const yuan = z.number().min(0).max(1e12)
const day = z.string().refine((each) => midnightInChina(each) !== null)
const stage = z.enum(stages)
const words = z.string().trim().min(1).max(2_000)
const step = {
  key: z.uuid(),
  stage,
  on: day.nullish(),
  evidence: z
    .strictObject({
      ...{ amount: yuan, technology_amount: yuan, received: yuan },
      ...{ reg_no: z.string().trim().max(60), round: z.string().trim().max(40), kind: z.enum(['nda', 'trial', 'intent']) },
      reason: z.enum([...outcomeGroups.lost, ...outcomeGroups.ended]),
      ...{ with: z.string().regex(/^[AT]\d{1,18}$/), note: z.string().trim().max(500) },
    })
    .partial()
    .optional(),
  publish: z
    .strictObject({
      form: z.enum(['open', 'anonymous']),
      board: z.enum(['enterprise', 'park']).nullable(),
      text: words.nullable(),
      until: day.nullable(),
    })
    .nullish(),
}
const undo = { stage, why: z.string().trim().max(500) }

/** Demands and achievements along the chain: lists, one with its history, and each step, for those who may take it. */
export function chainRoutes(needs: ChainNeeds): Route[] {
  return [...demandRoutes(needs), ...achievementRoutes(needs)]
}

function demandRoutes(needs: ChainNeeds): Route[] {
  const { pool } = needs
  const seen = ({ person, id }: Call) => visible(needs, person, id)
  return [
    get('/desk/api/demands', async ({ person }) => ({ demands: await listed(pool, person) })),
    get('/desk/api/demands/:id', async (call) => demandShown(needs, call.person, await seen(call))),
    post('/desk/api/demands/:id/step', step, (call, body) => taken(needs, { kind: 'demand', id: call.id }, call, body), seen),
    post('/desk/api/demands/:id/undo', undo, (call, body) => undone(needs, { kind: 'demand', id: call.id }, call, body), seen),
    post(
      '/desk/api/demands/:id/preview',
      { form: z.enum(['open', 'anonymous']), text: words.nullable() },
      async (call, body) => drafted(needs, await seen(call), body),
      seen,
    ),
    post(
      '/desk/api/demands/:id/hide',
      { words: z.array(z.string().trim().min(2).max(40)).min(1).max(40) },
      async (call, body) => {
        const demand = await seen(call)
        const person = await whole(needs, call)
        return { code: await transaction(pool, (tx) => performHide(tx, needs, demand, { person, words: body.words })) }
      },
      seen,
    ),
  ]
}

function achievementRoutes(needs: ChainNeeds): Route[] {
  const { pool } = needs
  const known = async ({ id, person }: Call) => {
    const found = await achievementById(pool, id)
    if (found === null || !maySeeAchievement(person, found)) throw notFound()
    return found
  }
  return [
    get('/desk/api/achievements', async ({ query, person }) => {
      await registerAchievements(pool)
      const all = await listAchievements(pool, (query['q'] ?? '').slice(0, 60))
      const found = all.filter((each) => maySeeAchievement(person, each))
      return { achievements: found.map((each) => ({ ...each, stage: stageNow('achievement', each.standing) })) }
    }),
    get('/desk/api/achievements/:id', async (call) => {
      const achievement = await known(call)
      return { achievement, ...(await walked(pool, { kind: 'achievement', id: call.id }, takerOf(call.person, null))) }
    }),
    post(
      '/desk/api/achievements/:id/step',
      step,
      (call, body) => taken(needs, { kind: 'achievement', id: call.id }, call, body),
      known,
    ),
    post(
      '/desk/api/achievements/:id/undo',
      undo,
      (call, body) => undone(needs, { kind: 'achievement', id: call.id }, call, body),
      known,
    ),
  ]
}

async function visible({ pool }: ChainNeeds, person: Call['person'], id: string): Promise<Demand> {
  const demand = await demands.byId(pool, id)
  if (demand === null || demand.need === '' || !maySeeDemand(person, demand)) throw notFound()
  return demand
}

async function listed(pool: Pool, person: Call['person']): Promise<unknown[]> {
  const all = (await demands.list(pool)).filter((each) => maySeeDemand(person, each))
  const { rows } = await pool.query<{ demand: string; standing: Stage[]; matches: number; offers: number }>(
    `select d.id::text as demand, array(select s.stage from chain_step s where s.demand = d.id and s.taken_back_at is null order by s.at, s.id) as standing,
            (select count(*)::int from demand_match m where m.demand = d.id) as matches, (select count(*)::int from demand_offer o where o.demand = d.id) as offers
       from demand d where d.id = any($1::bigint[])`,
    [all.map((each) => each.id)],
  )
  const more = new Map(rows.map((row) => [row.demand, row]))
  return all.map(({ id, need, publicForm, board, openUntil, ticket, ownerName, personName, enterprise, createdAt }) => {
    const { standing = [], matches = 0, offers = 0 } = more.get(id) ?? {}
    const stage = stageNow('demand', standing)
    return {
      id,
      need,
      publicForm,
      board,
      openUntil,
      ticket,
      ownerName,
      who: enterprise ?? personName,
      createdAt,
      stage,
      matches,
      offers,
    }
  })
}

/** Demands a case is about: its own, and those somebody offers in it to solve; only what this person may see. */
export async function demandsOfCase(pool: Pool, person: Call['person'], ticket: string): Promise<unknown[]> {
  const offered = (await offers.ofTicket(pool, ticket)).map((each) => demands.byId(pool, each.demand))
  const all = [...(await demands.ofTicket(pool, ticket)), ...(await Promise.all(offered)).filter((each) => each !== null)]
  const seen = all.filter((each) => each.need !== '' && maySeeDemand(person, each))
  return Promise.all(
    seen.map(async ({ id, need, ticket: own }) => {
      const standing = standingOf(await stepsOf(pool, { kind: 'demand', id }))
      return { id, need, stage: stageNow('demand', standing), offered: own !== ticket }
    }),
  )
}

/** Demands this person may look after that nobody has vetted yet. */
export async function toVet(pool: Pool, person: Call['person']): Promise<readonly Demand[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select d.id::text from demand d left join ticket t on t.id = d.ticket
      where d.need <> '' and (t.id is null or t.state <> 'closed')
        and not exists (select 1 from chain_step s where s.demand = d.id and s.taken_back_at is null and s.stage <> 'collected')`,
  )
  const fresh = new Set(rows.map((row) => row.id))
  return (await demands.list(pool)).filter((each) => fresh.has(each.id) && maySeeDemand(person, each))
}

/** What happened, and what may be done next by this person, with what each step needs. */
async function walked(pool: Pool | ClientBase, of: Named, taker: ReturnType<typeof takerOf>): Promise<Record<string, unknown>> {
  const steps = await stepsOf(pool, of)
  const standing = standingOf(steps)
  const next = nextStages(of.kind, standing, taker).map((each) => ({ stage: each, needs: rules[of.kind][each]?.needs ?? [] }))
  return { steps, stage: stageNow(of.kind, standing), next }
}

async function demandShown(needs: ChainNeeds, person: Call['person'], demand: Demand): Promise<unknown> {
  const { pool } = needs
  const of = { kind: 'demand', id: demand.id } as const
  return {
    demand,
    ...(await walked(pool, of, takerOf(person, demand))),
    matches: await matchesOf(pool, demand.id),
    offers: await offersOf(pool, demand.id),
    drafts: {
      anonymous: await drafted(needs, demand, { form: 'anonymous', text: null }),
      open: await drafted(needs, demand, { form: 'open', text: null }),
    },
  }
}

/** What everybody would read, or why it would not be published. */
function drafted(needs: ChainNeeds, demand: Demand, how: Pick<Publishing, 'form' | 'text'>): Promise<Draft> {
  return transaction(needs.pool, (tx) => publicDraft(tx, needs, demand, how))
}

type StepBody = z.infer<z.ZodObject<typeof step>>

/** The person with all that rights depend on. */
async function whole({ people }: ChainNeeds, { person }: Call): Promise<Person> {
  const found = await people.byId(person.id)
  if (found === null) throw notFound()
  return found
}

/** @throws Refusal with the code when it was not done */
async function taken(needs: ChainNeeds, of: Named, call: Call, body: StepBody): Promise<unknown> {
  const person = await whole(needs, call)
  const evidence = { ...body.evidence, ...(body.publish == null ? {} : { form: body.publish.form }) } as Evidence // zod leaves nothing undefined
  const order = { do: 'step' as const, of, stage: body.stage, evidence, on: body.on ?? null, publish: body.publish ?? null }
  const key = `desk:${person.id}:${body.key}`
  return told(await transaction(needs.pool, (tx) => performStep(tx, { ...needs, unread: true }, of, { person, order, key })))
}

async function undone(needs: ChainNeeds, of: Named, call: Call, { stage, why }: { stage: Stage; why: string }): Promise<unknown> {
  const person = await whole(needs, call)
  return told(await transaction(needs.pool, (tx) => performUndo(tx, of, { person, stage, why })))
}

function told(result: StepResult | TakenBack): unknown {
  const { code, ...more } = result
  if (code === 'done') return { code }
  if (code === 'not_found') throw notFound()
  throw new Refusal(409, `step_${code}`, more)
}
