import type { ClientBase } from 'pg'
import type { Texts } from '../../prompts/load.ts'
import { type Clock, dayInChina, midnightInChina } from '../../retrieval/base/clock.ts'
import { fieldsIn } from '../demand/fields.ts'
import type { Person } from '../handoff/people.ts'
import { setTimer } from '../inbox.ts'
import { recordAudit } from '../records/audit.ts'
import { type Demand, demands } from '../records/demands.ts'
import type { Messages } from '../records/messages.ts'
import { achievementById } from './achievements.ts'
import type { Named, Order, Publishing } from './orders/orders.ts'
import { exceeds, type Implausible, sideExists } from './plausible.ts'
import { type Draft, publicDraft } from './publish.ts'
import type { Stage, Taker } from './stages.ts'
import { type NewStep, type Subject, stepsOf, type Taken, type TakenBack, takeBack, takeStep, verdictNow } from './steps.ts'

export type PerformNeeds = { readonly messages: Pick<Messages, 'of'>; readonly texts: Texts; readonly clock: Clock }
type StepOrder = Extract<Order, { do: 'step' }>
type Ordered<O> = { readonly person: Person; readonly order: O; readonly key: string }
/** `bad_day`: has not come, or lies before the demand. */
export type StepResult = Taken | Exclude<Draft, { code: 'ok' }> | { readonly code: 'not_found' | 'bad_day' | Implausible }

/** Pure: in which capacity somebody registered acts on a demand. */
export function takerOf(person: Pick<Person, 'id' | 'role'>, demand: Pick<Demand, 'owner' | 'excluded'> | null): Taker {
  return {
    is: 'person',
    role: person.role,
    owns: demand === null || demand.owner === null || demand.owner === person.id,
    excluded: demand?.excluded.includes(person.id) ?? false,
  }
}

/** Pure: whether somebody may read all of a demand: staff, leads, its broker, whoever has the case of somebody who
 * offers to solve it, and any broker while nobody has it. */
export function maySeeDemand(person: Pick<Person, 'id' | 'role'>, demand: Demand): boolean {
  const taker = takerOf(person, demand)
  return taker.is === 'person' && !taker.excluded && (taker.role !== 'broker' || taker.owns || demand.helpers.includes(person.id))
}

/** Takes one step of a demand or an achievement, and what belongs to it, in the caller's transaction. */
export async function performStep(
  tx: ClientBase,
  needs: PerformNeeds,
  of: Named,
  ordered: Ordered<StepOrder>,
): Promise<StepResult> {
  const { order } = ordered
  const demand = of.kind === 'demand' ? await demands.byId(tx, of.id) : null
  const achievement = of.kind === 'achievement' ? await achievementById(tx, of.id) : null
  if ((demand === null || demand.need === '') && achievement === null) return { code: 'not_found' }
  const at = order.on === null ? null : midnightInChina(order.on)
  const step = stepOf(of, demand, ordered, at)
  // Rights first: whoever may not take it learns nothing else. What was taken by this request is not weighed again.
  const verdict = await verdictNow(tx, step)
  if (verdict.code !== 'ok') return verdict
  if (at !== null && (at > needs.clock() || (demand !== null && order.on !== null && order.on < dayInChina(demand.createdAt))))
    return { code: 'bad_day' }
  const { with: side } = order.evidence
  if (side !== undefined && !(await sideExists(tx, side))) return { code: 'unknown_side' }
  const standing = (await stepsOf(tx, of)).filter((each) => each.takenBackAt === null)
  const over = exceeds(order.stage, order.evidence, standing)
  if (over !== null) return { code: over }
  return demand === null ? takeStep(tx, step) : ofDemand(tx, needs, demand, ordered, step)
}

async function ofDemand(
  tx: ClientBase,
  needs: PerformNeeds,
  demand: Demand,
  ordered: Ordered<StepOrder>,
  step: NewStep,
): Promise<StepResult> {
  const { stage, publish } = ordered.order
  const publishing = stage === 'published' ? (publish ?? unsaid) : null
  const draft = publishing === null ? null : await publicDraft(tx, needs, demand, publishing)
  if (draft !== null && draft.code !== 'ok') return draft
  const taken = await takeStep(tx, step)
  if (taken.code !== 'done') return taken
  if (publishing !== null && draft !== null) {
    await demands.publish(tx, demand.id, { ...publishing, text: draft.text })
    await tellPublished(tx, demand, taken.id, 1)
  }
  if (stage === 'vetted') await demands.noteMatched(tx, demand.id, null)
  if (stage === 'registered') await transferWith(tx, demand, ordered)
  return taken
}

const unsaid: Publishing = { form: 'anonymous', board: null, text: null, until: null }

function stepOf(subject: Subject, demand: Demand | null, { person, order, key }: Ordered<StepOrder>, at: Date | null): NewStep {
  const by = { by: takerOf(person, demand), person: person.id, actor: `person:${person.id}` }
  return { subject, stage: order.stage, evidence: order.evidence, key, ticket: demand?.ticket ?? null, at, ...by }
}

/** The enterprise reads, in its own chat, exactly what everybody may read now, or that nobody can any more. */
async function tellPublished(tx: ClientBase, { id, conversation }: Demand, step: string, round: 0 | 1): Promise<void> {
  if (conversation === null) return
  const timer = { kind: 'timer', name: 'published', ticket: id, round } as const
  await setTimer(tx, conversation, `demand:${id}:published:${step}:${round}`, new Date(0), timer)
}

/** The achievement of a registered contract is transferred by it. */
async function transferWith(tx: ClientBase, demand: Demand, { person, order, key }: Ordered<StepOrder>): Promise<void> {
  const steps = await stepsOf(tx, { kind: 'demand', id: demand.id })
  const met = steps.findLast((each) => each.takenBackAt === null && each.stage === 'introduced')?.evidence.with
  const side = order.evidence.with ?? met
  if (side?.startsWith('A') !== true) return
  await takeStep(tx, {
    ...{ subject: { kind: 'achievement', id: side.slice(1) }, stage: 'transferred', evidence: { demand: `D${demand.id}` } },
    ...{ by: takerOf(person, null), person: person.id, actor: `person:${person.id}`, key: `${key}:${side}` },
  })
}

/** Takes a step back. What was published is published no more. */
export async function performUndo(
  tx: ClientBase,
  of: Named,
  { person, stage, why }: { readonly person: Person; readonly stage: Stage; readonly why: string },
): Promise<TakenBack | { readonly code: 'not_found' }> {
  const demand = of.kind === 'demand' ? await demands.byId(tx, of.id) : null
  if (demand === null && (of.kind === 'demand' || (await achievementById(tx, of.id)) === null)) return { code: 'not_found' }
  const by = { by: takerOf(person, demand), person: person.id, actor: `person:${person.id}` }
  const undone = await takeBack(tx, { subject: of, stage, why: why.slice(0, 500), ...by })
  if (undone.code === 'done' && stage === 'published' && demand !== null) {
    await demands.publish(tx, demand.id, null)
    await tellPublished(tx, demand, undone.id, 0)
  }
  return undone
}

/** @returns as {@link hideWords}, or that it is not theirs */
export async function performHide(
  tx: ClientBase,
  needs: PerformNeeds,
  demand: Demand,
  { person, words }: { readonly person: Person; readonly words: readonly string[] },
): Promise<'done' | 'taken_down' | 'not_yours'> {
  return maySeeDemand(person, demand) ? hideWords(tx, needs, demand, words, `person:${person.id}`) : 'not_yours'
}

/** Words that must appear in nothing published; a demand that shows one of them is published no more until somebody looks. */
export async function hideWords(
  tx: ClientBase,
  needs: PerformNeeds,
  demand: Demand,
  words: readonly string[],
  actor: string,
): Promise<'done' | 'taken_down'> {
  await demands.hide(tx, demand.id, words)
  await recordAudit(tx, { actor, action: 'demand_words_hidden', about: `demand:${demand.id}` })
  const now = await demands.byId(tx, demand.id)
  if (now?.publicText == null || now.publicForm === null) return 'done'
  const draft = await publicDraft(tx, needs, now, { form: now.publicForm, text: now.publicText })
  if (draft.code === 'ok') return 'done'
  await demands.publish(tx, demand.id, null)
  const undone = await takeBack(tx, {
    ...{ subject: { kind: 'demand', id: demand.id }, stage: 'published', why: 'confidential words' },
    ...{ by: { is: 'person', role: 'lead', owns: true, excluded: false }, person: null, actor: 'rule' },
  })
  // Whoever named the words is told at once.
  if (actor !== 'enterprise' && undone.code === 'done') await tellPublished(tx, demand, undone.id, 0)
  return 'taken_down'
}

/** A demand that a broker writes down for the enterprise of a case. @returns its number */
export async function performCollect(
  tx: ClientBase,
  {
    person,
    need,
    ticket,
    conversation,
  }: { readonly person: Person; readonly need: string; readonly ticket: string; readonly conversation: string },
): Promise<string> {
  const fields = fieldsIn(need)
  const id = await demands.add(tx, {
    conversation,
    person: null,
    need,
    fields,
    anonymous: !/实名|可以?公开/.test(need),
    by: person.id,
  })
  await demands.link(tx, id, ticket)
  return id
}
