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
import { type Draft, publicDraft } from './publish.ts'
import type { Stage, Taker } from './stages.ts'
import { type NewStep, stepsOf, stoodOf, type Taken, type TakenBack, takeBack, takeStep, undo } from './steps.ts'
import { transferBy } from './transfer.ts'

export type PerformNeeds = {
  readonly messages: Pick<Messages, 'of'>
  readonly texts: Texts
  readonly clock: Clock
  /** Whoever publishes has read no words but those they send. */
  readonly unread?: boolean
}
type StepOrder = Extract<Order, { do: 'step' }>
type Ordered<O> = { readonly person: Person; readonly order: O; readonly key: string }
/**
 * `bad_day`: has not come, or lies before the demand · `day_over`: nobody would see it published · `unknown_side`: no such case or achievement
 * · `unread`: whoever publishes has not sent the words, which are these.
 */
type Unfit =
  | { readonly code: 'bad_day' | 'day_over' | 'unknown_side' }
  | { readonly code: 'unread'; readonly text: string }
  | Exclude<Draft, { code: 'ok' }>
export type StepResult = Taken | Unfit | { readonly code: 'not_found' }

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
  { person, order, key }: Ordered<StepOrder>,
): Promise<StepResult> {
  const { stage, evidence, on } = order
  const demand = of.kind === 'demand' ? await demandById(tx, of.id) : null
  if (demand === null && (of.kind === 'demand' || (await achievementById(tx, of.id)) === null)) return { code: 'not_found' }
  const at = on === null ? null : midnightInChina(on)
  const by = { by: takerOf(person, demand), person: person.id, actor: `person:${person.id}` }
  const step: NewStep = { subject: of, stage, evidence, key, ticket: demand?.ticket ?? null, at, ...by }
  const publishing = stage === 'published' && demand !== null ? (order.publish ?? unsaid) : null
  let text = ''
  // Rights first: whoever may not take it learns nothing else. What was taken by this request is not weighed again.
  const taken = await takeStep<Unfit>(tx, step, async () => {
    const unfit = await unfitIn(tx, needs, demand, order)
    if (unfit !== null || demand === null || publishing === null) return unfit
    const draft = await readyDraft(tx, needs, demand, publishing)
    if (draft.code === 'ok') text = draft.text
    return draft.code === 'ok' ? null : draft
  })
  if (taken.code !== 'done' || demand === null) return taken
  if (publishing !== null && text !== '') await demands.publish(tx, demand.id, { ...publishing, text })
  await followed(tx, demand, { stage, step: taken.id, by })
  return taken
}

/** What a step of a demand brings with it. */
async function followed(
  tx: ClientBase,
  demand: Demand,
  { stage, step, by }: { readonly stage: Stage; readonly step: string; readonly by: Parameters<typeof transferBy>[2] },
): Promise<void> {
  if (stage === 'vetted') await demands.matchAgain(tx, demand.id)
  if (stage === 'registered') await transferBy(tx, demand.id, by)
  // That a signed contract ends the search goes without saying.
  if (stage !== 'signed' && stage !== 'registered') await tellIfChanged(tx, demand, step)
}

const unsaid: Publishing = { form: 'anonymous', board: null, text: null, until: null }

/** What a step says that cannot be; null when all can. */
async function unfitIn(
  tx: ClientBase,
  { clock }: PerformNeeds,
  demand: Demand | null,
  { on, evidence: { with: side } }: StepOrder,
): Promise<Unfit | null> {
  const first = demand === null ? '' : dayInChina(demand.createdAt)
  if (on !== null && (on < first || on > dayInChina(clock()))) return { code: 'bad_day' }
  return side === undefined || (await sideExists(tx, side)) ? null : { code: 'unknown_side' }
}

/** The words to publish, or why they are not published. */
async function readyDraft(tx: ClientBase, needs: PerformNeeds, demand: Demand, publishing: Publishing): Promise<Draft | Unfit> {
  if (publishing.until !== null && publishing.until < dayInChina(needs.clock())) return { code: 'day_over' }
  const draft = await publicDraft(tx, needs, demand, publishing)
  const unread = draft.code === 'ok' && publishing.text === null && needs.unread === true
  return unread ? { code: 'unread', text: draft.text } : draft
}

/** A demand whose words were erased is nobody's any more. */
async function demandById(tx: ClientBase, id: string): Promise<Demand | null> {
  const demand = await demands.byId(tx, id)
  return demand === null || demand.need === '' ? null : demand
}

/** Whether the other side that a step names exists: `A12`, `T45`. */
async function sideExists(tx: ClientBase, side: string): Promise<boolean> {
  const id = side.slice(1)
  if (side.startsWith('A')) return (await achievementById(tx, id)) !== null
  return (await tx.query('select 1 from ticket where id = $1::bigint', [id])).rows.length > 0
}

/** The enterprise reads, in its own chat, exactly what everybody may read now, or that nobody can any more. */
async function tellPublished(tx: ClientBase, { id, conversation }: Demand, step: string, round: 0 | 1): Promise<void> {
  if (conversation === null) return
  const timer = { kind: 'timer', name: 'published', ticket: id, round } as const
  await setTimer(tx, conversation, `demand:${id}:published:${step}:${round}`, new Date(0), timer)
}

/** What an end hides, and taking it back shows again, the enterprise is told too. */
async function tellIfChanged(tx: ClientBase, before: Demand, step: string): Promise<void> {
  const { publicText = null } = (await demands.byId(tx, before.id)) ?? {}
  if (publicText !== before.publicText) await tellPublished(tx, before, step, publicText === null ? 0 : 1)
}

/** Takes a step back. What was published is published no more. */
export async function performUndo(
  tx: ClientBase,
  of: Named,
  { person, stage, why }: { readonly person: Person; readonly stage: Stage; readonly why: string },
): Promise<TakenBack | { readonly code: 'not_found' }> {
  const demand = of.kind === 'demand' ? await demandById(tx, of.id) : null
  if (demand === null && (of.kind === 'demand' || (await achievementById(tx, of.id)) === null)) return { code: 'not_found' }
  const by = { by: takerOf(person, demand), person: person.id, actor: `person:${person.id}` }
  const undone = await takeBack(tx, { subject: of, stage, why: why.slice(0, 500), ...by })
  if (undone.code !== 'done' || demand === null) return undone
  if (stage === 'published') await demands.publish(tx, demand.id, null)
  if (stage === 'withdrawn') await unpublish(tx, of, by.actor)
  await tellIfChanged(tx, demand, undone.id)
  if (stage === 'registered') await transferBy(tx, demand.id, by)
  return undone
}

/** What its enterprise had withdrawn has no public words any more: it is published anew, or not at all. */
async function unpublish(tx: ClientBase, demand: Named, actor: string): Promise<void> {
  if ((await demands.byId(tx, demand.id))?.publicText !== null) return
  const published = stoodOf(await stepsOf(tx, demand)).filter((each) => each.stage === 'published')
  await undo(
    tx,
    published.map((each) => each.id),
    actor,
    'why:withdrawn',
  )
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
    ...{ subject: { kind: 'demand', id: demand.id }, stage: 'published', why: 'why:confidential' },
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
