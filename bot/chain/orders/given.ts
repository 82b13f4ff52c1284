import type { ClientBase } from 'pg'
import type { IncomingMessage } from '../../channels/message.ts'
import { nextKey, type Work } from '../../converse/work.ts'
import type { Person } from '../../handoff/people.ts'
import type { Ticket } from '../../handoff/ticket.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { demands } from '../../records/demands.ts'
import { said } from '../../render.ts'
import { achievementById, maySeeAchievement } from '../achievements.ts'
import { maySeeDemand, type PerformNeeds, performCollect, performHide, performStep, performUndo, takerOf } from '../perform.ts'
import { publicDraft } from '../publish.ts'
import { foreignTo, nextStages } from '../stages.ts'
import { goesOn, standingOf, stepsOf, stoodOf } from '../steps.ts'
import { knownOf } from './known.ts'
import { type Named, type Order, orderIn } from './orders.ts'
import { historyWords, numberOf, stepWords, undoWords } from './words.ts'

/** An order about a demand, waiting in the lane of the enterprise it belongs to. */
export type ChainOrder = {
  readonly kind: 'chain_order'
  readonly key: string
  /** The registered person; their rights are read when it is performed. */
  readonly by: string
  readonly order: Order
  /** The case it was said in or names. */
  readonly ticket: string | null
  /** Where the result is told. */
  readonly tell: string
  readonly action: { readonly do: 'chain' }
}

const numbered = /^\s*[TtＴｔ](\d{1,18})[\s:：,，]*(?=[/／\\＼、])/

/**
 * `/vet D12 …` by somebody registered, in their private chat. It is performed in the lane of the enterprise, so that it is in order there
 * and goes when the enterprise has its words erased.
 * @returns false when it is none
 */
export async function orderSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  if (message.group || message.kind !== 'text') return false
  const [head = '', number] = numbered.exec(message.text) ?? []
  const order = orderIn(message.text.slice(head.length))
  if (order === null) return false
  const { people, tickets } = work.deps
  const person = await people.byAccount(message.from.id)
  if (person === null) return false
  const owned = number === undefined ? await tickets.ownedBy(person.id) : []
  const ticket = number === undefined ? (owned.length === 1 ? (owned[0] ?? null) : null) : await tickets.byId(number)
  const given = { by: person.id, order, ticket: ticket?.id ?? null, tell: message.chat }
  work.outcomes.push(`chain_${order.do}`)
  work.effects.push(async (tx) => {
    const conversation = (await conversationOf(tx, order)) ?? (namesAchievement(order) ? null : (ticket?.conversation ?? null))
    if (conversation !== null) {
      await work.deps.inbox.putAction(tx, conversation, {
        ...{ kind: 'chain_order', key: `inbox:${row.id}:act`, action: { do: 'chain' } },
        ...given,
      })
      return
    }
    const words = await performOrder(tx, work, { person, order, ticket: null, key: `inbox:${row.id}` })
    await tell(work, tx, row, message.chat, words)
  })
  return true
}

/** The same in a case's own topic, whose lane this is. @returns false when it is none */
export function orderInTopic(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  of: { person: Person | null; ticket: Ticket },
): boolean {
  const order = message.kind === 'text' ? orderIn(message.text) : null
  const { person, ticket } = of
  if (order === null || person === null) return false
  work.effects.push(async (tx) => {
    const words = await performOrder(tx, work, { person, order, ticket: ticket.id, key: `inbox:${row.id}` })
    await tell(work, tx, row, message.chat, words)
  })
  work.outcomes.push(`chain_${order.do}`)
  return true
}

/** An order that has come to the lane it belongs to. */
export async function orderGiven(work: Work, row: InboxRow, given: ChainOrder): Promise<void> {
  const person = await work.deps.people.byId(given.by)
  if (person === null) {
    work.outcomes.push('chain_unknown_person')
    return
  }
  work.effects.push(async (tx) => {
    const words = await performOrder(tx, work, { person, order: given.order, ticket: given.ticket, key: given.key })
    await tell(work, tx, row, given.tell, words)
  })
  work.outcomes.push(`chain_${given.order.do}`)
}

async function conversationOf(tx: ClientBase, order: Order): Promise<string | null> {
  if (order.do === 'collect' || order.of?.kind !== 'demand') return null
  return (await demands.byId(tx, order.of.id))?.conversation ?? null
}

const namesAchievement = (order: Order) => order.do !== 'collect' && order.of?.kind === 'achievement'

async function tell(work: Work, tx: ClientBase, row: InboxRow, chat: string, words: string): Promise<void> {
  const key = nextKey(work, row)
  await work.deps.outbox.put(tx, [{ key, chat, conversation: work.lane.conversation.id, body: said(words) }])
}

type Ordered = { readonly person: Person; readonly order: Order; readonly ticket: string | null; readonly key: string }

/** @returns the words for whoever ordered it */
async function performOrder(tx: ClientBase, { deps }: Work, { person, order, ticket, key }: Ordered): Promise<string> {
  const texts = deps.texts.zh
  if (order.do === 'collect') {
    const of = ticket === null ? null : await deps.tickets.byId(ticket, tx)
    if (of === null || order.need === '' || foreignTo('demand', 'collected', takerOf(person, of)) !== null)
      return texts('chain_refused_collect')
    const id = await performCollect(tx, { person, need: order.need, ticket: of.id, conversation: of.conversation })
    return texts('chain_collected', { number: `D${id}` })
  }
  const of = order.of ?? (await demandOf(tx, ticket))
  if (of === null) return texts('chain_refused_no_demand')
  if (typeof of === 'string') return texts('chain_refused_which', { numbers: of })
  const needs = { messages: deps.messages, texts, clock: deps.clock }
  const number = numberOf(of.kind, of.id)
  if (order.do === 'step') return stepped(tx, needs, of, { person, order, key })
  if (order.do === 'undo') {
    // The one recorded last, whenever it happened.
    const last = stoodOf(await stepsOf(tx, of))
      .toSorted((one, other) => Number(one.id) - Number(other.id))
      .at(-1)
    const stage = order.stage ?? last?.stage ?? 'collected'
    return undoWords(texts, number, stage, await performUndo(tx, of, { person, stage, why: order.why }))
  }
  return aboutOne(tx, needs, of, { person, order })
}

async function stepped(
  tx: ClientBase,
  needs: PerformNeeds,
  of: Named,
  ordered: { readonly person: Person; readonly order: Extract<Order, { do: 'step' }>; readonly key: string },
): Promise<string> {
  const { texts } = needs
  const { stage } = ordered.order
  const number = numberOf(of.kind, of.id)
  const result = await performStep(tx, needs, of, ordered)
  if (result.code !== 'done') return stepWords(texts, number, stage, result, [])
  const words = stepWords(texts, number, stage, result, await nextOf(tx, of, ordered.person))
  // Whoever published reads what everybody reads.
  const text = stage === 'published' && of.kind === 'demand' ? (await demands.byId(tx, of.id))?.publicText : null
  return text == null ? words : `${words}\n${texts('chain_published', { text })}`
}

/** Shows, previews or hides words of one demand; shows an achievement. */
async function aboutOne(
  tx: ClientBase,
  needs: PerformNeeds,
  of: Named,
  { person, order }: { readonly person: Person; readonly order: Extract<Order, { do: 'show' | 'preview' | 'hide' }> },
): Promise<string> {
  const { texts } = needs
  const number = numberOf(of.kind, of.id)
  const steps = await stepsOf(tx, of)
  if (of.kind === 'achievement') {
    const one = await achievementById(tx, of.id)
    return one === null || !maySeeAchievement(person, one)
      ? texts('chain_refused_not_found', { number })
      : historyWords(texts, { kind: of.kind, id: of.id, about: one.title }, steps)
  }
  const demand = await demands.byId(tx, of.id)
  if (demand === null || demand.need === '' || !maySeeDemand(person, demand)) return texts('chain_refused_not_found', { number })
  if (order.do === 'hide') {
    if (order.words.length === 0) return texts('chain_refused_words', { number })
    const code = await performHide(tx, needs, demand, { person, words: order.words })
    return texts(code === 'taken_down' ? 'chain_taken_down' : 'chain_hidden', {
      number,
      words: [...demand.confidential, ...order.words].join('、'),
    })
  }
  if (order.do === 'show')
    return [
      historyWords(texts, { kind: of.kind, id: of.id, about: demand.need }, steps),
      ...(await knownOf(tx, texts, of.id)),
    ].join('\n')
  const draft = await publicDraft(tx, needs, demand, order.publish)
  if (draft.code !== 'ok') return stepWords(texts, number, 'published', draft, [])
  return texts('chain_preview', { number, text: draft.text, form: texts(`chain_form_${order.publish.form}`) })
}

/** The one demand of a case that goes on; the numbers of several; null when there is none. */
async function demandOf(tx: ClientBase, ticket: string | null): Promise<Named | string | null> {
  if (ticket === null) return null
  const all = await demands.ofTicket(tx, ticket)
  const going: string[] = []
  for (const { id } of all) if (await goesOn(tx, id)) going.push(id)
  const found = going.length > 0 ? going : all.map((each) => each.id)
  if (found.length > 1) return found.map((id) => `D${id}`).join('、')
  return found[0] === undefined ? null : { kind: 'demand', id: found[0] }
}

async function nextOf(tx: ClientBase, of: Named, person: Person): Promise<readonly string[]> {
  const demand = of.kind === 'demand' ? await demands.byId(tx, of.id) : null
  const ends = ['rejected', 'withdrawn', 'failed']
  return nextStages(of.kind, standingOf(await stepsOf(tx, of)), takerOf(person, demand)).filter((each) => !ends.includes(each))
}
