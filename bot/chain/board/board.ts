import type { ClientBase } from 'pg'
import { dayInChina } from '../../../retrieval/base/clock.ts'
import type { IncomingMessage } from '../../channels/message.ts'
import { hear, nextKey, say, sayAtDesk, textsOf, type Work } from '../../converse/work.ts'
import { remindOfInterview } from '../../demand/interview.ts'
import { interviewOf } from '../../demand/under-way.ts'
import { handOff } from '../../handoff/handoff.ts'
import { wordsOf } from '../../handoff/relay.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { type Demand, demands } from '../../records/demands.ts'
import { said, shorten } from '../../render.ts'
import { tellBroker } from '../notify.ts'
import { offers } from '../offers.ts'
import { stageWord } from '../orders/words.ts'
import { hideWords } from '../perform.ts'
import { leaksIn, openTellTales } from '../public.ts'
import { endOf, stageNow, ways } from '../stages.ts'
import { goesOn, standingOf, stepsOf, stoodOf, takeStep } from '../steps.ts'
import { tellSides } from './sides.ts'
import { type ChainWish, chainWishOf } from './wishes.ts'

/**
 * Published demands in the open chat: the list, an offer to solve one, and for whoever submitted one how it stands and that it is
 * withdrawn. Works whoever has the turn.
 * @returns false when the message is none of these
 */
export async function demandWished(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const wish = message.kind === 'text' ? chainWishOf(message.text) : null
  const between = interviewOf(work) !== null
  // 取消需求 and 保密：… in an interview are about that one.
  if (wish === null || (between && (wish.is === 'withdraw' || wish.is === 'hide'))) return false
  const done = await fulfilled(work, row, message, wish)
  // Whoever asks how a demand stands that is not finished yet reads just that.
  if (!done && between) hearIt(work, row, message)
  if (between) remindOfInterview(work, row)
  return done || between
}

async function fulfilled(work: Work, row: InboxRow, message: IncomingMessage, wish: ChainWish): Promise<boolean> {
  if (wish.is === 'list') return list(work, row, message)
  if (wish.is === 'solve') return solve(work, row, message, wish.number)
  if (wish.is === 'hide') return hide(work, row, message, wish.words)
  return own(work, row, message, wish)
}

const mostListed = 20

/** Words marked confidential after a demand was over must not come back with it. */
async function open(work: Work): Promise<readonly Demand[]> {
  const all = await work.deps.read((db) => demands.published(db, dayInChina(work.deps.clock())))
  return all.filter((each) => leaksIn(each.publicText ?? '', openTellTales(each)).length === 0)
}

async function list(work: Work, row: InboxRow, message: IncomingMessage): Promise<true> {
  hearIt(work, row, message)
  const all = await open(work)
  const texts = textsOf(work)
  const lines = all.slice(-mostListed).map((each) =>
    texts('demands_listed', {
      ...{ number: each.id, text: shorten((each.publicText ?? '').replaceAll('\n', '；'), 200) },
      board: each.board === null ? '' : texts(`demand_board_${each.board}`),
      until: each.openUntil === null ? '' : texts('demand_until', { day: each.openUntil }),
    }),
  )
  const words =
    all.length === 0
      ? [texts('demands_listed_none')]
      : [texts('demands_listed_head', { count: all.length }), ...lines, texts('demands_listed_foot')]
  say(work, row, said(words.join('\n')))
  work.outcomes.push('demands_listed')
  return true
}

function hearIt(work: Work, row: InboxRow, message: IncomingMessage): void {
  hear(work, row, { author: 'person', authorName: message.from.name, text: wordsOf(message) })
}

/** A case with a broker for whoever can solve a demand. Neither side learns anything of the other. */
async function solve(work: Work, row: InboxRow, message: IncomingMessage, number: string): Promise<true> {
  const { deps, lane } = work
  const conversation = lane.conversation.id
  const texts = textsOf(work)
  hearIt(work, row, message)
  const demand = (await open(work)).find((each) => each.id === number)
  const refused = demand === undefined ? 'demand_solve_none' : demand.conversation === conversation ? 'demand_solve_own' : null
  if (demand === undefined || refused !== null) {
    say(work, row, said(texts(refused ?? 'demand_solve_none', { number })))
    work.outcomes.push('demand_offer_refused')
    return true
  }
  if (await deps.read((db) => offers.has(db, number, conversation))) {
    say(work, row, said(texts('demand_solve_again', { number })))
    work.outcomes.push('demand_offered_again')
    return true
  }
  say(work, row, said(texts('demand_solve_noted', { number })))
  if (work.turn === 'bot') await handOverOffer(work, row, message, demand)
  const [key, side] = [nextKey(work, row), nextKey(work, row)]
  work.effects.push(async (tx) => {
    const ticket = work.ticketNumber
    if (!(await offers.add(tx, { demand: number, conversation, ticket, words: message.text })) || ticket === null) return
    const desk = deps.texts.zh
    await tellBroker(tx, deps, demand, key, desk('desk_offer', { number, ticket, words: shorten(message.text, 200) }))
    await tellSides(work, tx, { ticket, demand: number, key: side, owner: work.ticket?.owner ?? null })
  })
  if (work.turn !== 'bot' && work.ticket !== null)
    sayAtDesk(work, row, () => said(deps.texts.zh('desk_person', { text: message.text })))
  work.outcomes.push('demand_offered')
  return true
}

/** The broker of the demand is asked first; whoever has a conflict of interest with it is not asked. */
async function handOverOffer(work: Work, row: InboxRow, message: IncomingMessage, demand: Demand): Promise<void> {
  const need = work.deps.texts.zh('offer_need', {
    number: demand.id,
    text: shorten((demand.publicText ?? '').replaceAll('\n', '；'), 60),
  })
  await handOff(work, row, {
    ...{ reason: 'asked_for_a_person', answered: null, words: message.text, need },
    ...{ before: demand.owner, excluded: demand.excluded },
  })
}

/** The enterprise's own demands: how they stand, or that one is withdrawn. @returns false when it has none */
async function own(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  wish: Extract<ChainWish, { is: 'status' | 'withdraw' }>,
): Promise<boolean> {
  const mine = (await work.deps.read((db) => demands.ofConversation(db, work.lane.conversation.id))).filter(
    (each) => each.need !== '',
  )
  const meant = wish.number === null ? mine : mine.filter((each) => each.id === wish.number)
  const texts = textsOf(work)
  // Somebody else's number tells nothing, not even that there is one.
  if (mine.length === 0) {
    if (wish.is !== 'status' || work.turn !== 'bot' || interviewOf(work) !== null) return false
    hearIt(work, row, message)
    say(work, row, said(texts('demand_none_here')))
    return true
  }
  hearIt(work, row, message)
  if (meant.length === 0) {
    say(work, row, said(texts('demand_not_yours', { numbers: mine.map((each) => `D${each.id}`).join('、') })))
    return true
  }
  if (wish.is === 'status') return status(work, row, meant)
  return withdraw(work, row, meant)
}

/** Words the enterprise wants kept inside. @returns false when it has no demand they could be about */
async function hide(work: Work, row: InboxRow, message: IncomingMessage, words: readonly string[]): Promise<boolean> {
  const { deps } = work
  const mine = (await deps.read((db) => demands.ofConversation(db, work.lane.conversation.id))).filter((each) => each.need !== '')
  if (mine.length === 0) return false
  hearIt(work, row, message)
  const texts = textsOf(work)
  const key = nextKey(work, row)
  say(work, row, async (tx) => {
    let down = false
    for (const each of mine) {
      const needs = { messages: deps.messages, texts: deps.texts.zh, clock: deps.clock }
      if ((await hideWords(tx, needs, each, words, 'enterprise')) !== 'taken_down') continue
      down = true
      await tellBroker(
        tx,
        deps,
        each,
        `${key}:${each.id}`,
        deps.texts.zh('chain_taken_down', { number: `D${each.id}`, words: words.join('、') }),
      )
    }
    return said(texts(down ? 'demand_hidden_down' : 'demand_hidden', { words: words.join('、') }))
  })
  work.outcomes.push('demand_words_hidden')
  return true
}

async function status(work: Work, row: InboxRow, meant: readonly Demand[]): Promise<true> {
  say(work, row, async (tx) => {
    const lines: string[] = []
    for (const { id } of meant) lines.push(await statusLine(work, tx, id))
    return said([...lines, textsOf(work)('demand_status_foot')].join('\n'))
  })
  work.outcomes.push('demand_status')
  return true
}

async function statusLine(work: Work, tx: ClientBase, id: string): Promise<string> {
  const texts = textsOf(work)
  const demand = await demands.byId(tx, id)
  if (demand === null) return texts('demand_solve_none', { number: id })
  const steps = stoodOf(await stepsOf(tx, { kind: 'demand', id }))
  const standing = standingOf(steps)
  const now = stageNow('demand', standing) ?? 'collected'
  const next = endOf('demand', standing) === null ? ways.demand[ways.demand.indexOf(now) + 1] : undefined
  const { need, ownerName, ticketState, publicForm } = demand
  return texts('demand_status', {
    ...{ number: id, need: shorten(need.split('\n')[0] ?? '', 40), stage: stageWord(texts, now) },
    day: dayInChina(steps.findLast((each) => each.stage === now)?.at ?? demand.createdAt),
    broker: ownerName === null || ticketState !== 'claimed' ? '' : texts('demand_status_broker', { name: ownerName }),
    form: publicForm === null ? '' : texts('demand_status_form', { form: texts(`chain_form_${publicForm}`) }),
    next: next === undefined ? '' : texts('demand_status_next', { stage: texts(`chain_act_${next}`) }),
  })
}

async function withdraw(work: Work, row: InboxRow, meant: readonly Demand[]): Promise<true> {
  const { deps } = work
  const texts = textsOf(work)
  const going: Demand[] = []
  for (const each of meant) {
    if (await deps.read((db) => goesOn(db, each.id))) going.push(each)
  }
  const [one] = going
  if (one === undefined || going.length > 1) {
    const numbers = going.map((each) => `D${each.id}`).join('、')
    say(work, row, said(texts(one === undefined ? 'demand_withdrawn_already' : 'demand_withdraw_which', { numbers })))
    work.outcomes.push('demand_withdraw_unclear')
    return true
  }
  const key = nextKey(work, row)
  say(work, row, async (tx) => {
    const { code } = await takeStep(tx, {
      ...{ subject: { kind: 'demand', id: one.id }, stage: 'withdrawn', evidence: {}, key, ticket: one.ticket },
      ...{ by: { is: 'enterprise' }, person: null, actor: 'enterprise' },
    })
    if (code !== 'done') return said(texts('demand_withdraw_late', { number: one.id }))
    await demands.publish(tx, one.id, null)
    await tellBroker(tx, deps, one, `${key}:desk`, deps.texts.zh('desk_demand_withdrawn', { number: one.id }))
    return said(texts('demand_withdrawn', { number: one.id }))
  })
  work.outcomes.push('demand_withdrawn')
  return true
}
