import type { ClientBase } from 'pg'
import type { Texts } from '../../prompts/load.ts'
import type { Answered } from '../answer.ts'
import { happens, nextKey, say, textsOf, type Work } from '../converse/work.ts'
import type { Reason } from '../decide.ts'
import { toldSoFar } from '../demand/under-way.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { renderHandOff, said, saidAt } from '../render.ts'
import { sayTime } from './duty/duty.ts'
import type { Promised } from './duty/promises.ts'
import { type Brief, renderBrief } from './packet/brief.ts'
import { offer } from './packet/offers.ts'
import { needOf, packetOf } from './packet/packet.ts'
import type { Person } from './people.ts'
import { offerOnPlatform } from './platform/offer.ts'
import type { Routed } from './who/route.ts'
import { lookAgain, offerLater, routeFor, setPromise } from './who/routing.ts'

type Because = {
  readonly reason: Reason
  readonly answered: Answered | null
  readonly words: string
  /** What it is about, when that was said explicitly; else the last question. */
  readonly need?: string
  /** Of several questions in one message those that are left to a person. */
  readonly about?: readonly string[]
  /** Who looked after the matter before, if that is not this person's last broker. */
  readonly before?: string | null
  /** Who must not have it. */
  readonly excluded?: readonly string[]
}

/** Opens a ticket, tells the person honestly when to expect an answer, and gives the desk the packet. */
export async function handOff(work: Work, row: InboxRow, because: Because): Promise<void> {
  const { deps, lane } = work
  const { conversation } = lane
  const { routed, brief } = await prepare(work, because)
  const { promise } = routed
  happens(work, { is: 'handed_off' })
  work.events.push({ ticket: null, kind: 'opened' })
  work.clarified = 0
  work.outcomes.push(`hand_off:${because.reason}`)
  const key = nextKey(work, row)
  work.effects.push(async (tx) => {
    const opened = await deps.tickets.open(tx, {
      conversation: conversation.id,
      reason: because.reason,
      need: brief.need,
      packet: brief.packet,
      priority: brief.priority,
      excluded: [...new Set([...routed.conflicting, ...(because.excluded ?? [])])],
      promisedAt: promise?.by ?? null,
      followUpAt: promise?.followUp ?? null,
    })
    work.ticketNumber = opened.id
    if (!opened.isNew) return
    const of = { ticket: opened.id, round: 1 }
    // Whoever could be promised nothing does not wait for ever either.
    if (promise === null) await lookAgain(work, tx, { ticket: opened.id, at: new Date(deps.clock().getTime() + dayMs) })
    else {
      await setPromise(work, tx, { ...of, name: 'first_response', at: promise.by })
      await setPromise(work, tx, { ...of, name: 'follow_up', at: promise.followUp })
    }
    await tellDesk(work, tx, key, { ...brief, number: opened.id }, routed.suggested)
    if (routed.suggested.length === 0) await offerLater(work, tx, opened.id, routed.able)
  })
  const texts = textsOf(work)
  say(work, row, () => {
    const next = promiseText(texts, work.ticketNumber ?? '', promise, work)
    return saidAt(
      'hand_off',
      because.answered === null
        ? said(`${texts(`why_${because.reason}`)}\n${next}`)
        : renderHandOff(because.answered, next, texts, because.about),
    )
  })
  offerOnPlatform(work, row, routed.suggested, routed.able)
}

const dayMs = 86_400_000
/** A packet of this many lines holds at most this many answers. */
const linesTold = 20

async function prepare(work: Work, because: Because): Promise<{ routed: Routed; brief: Omit<Brief, 'number'> }> {
  const { deps, lane } = work
  const { conversation } = lane
  const { answered, reason, words } = because
  const [lines, told, texts, verified] = await Promise.all([
    deps.messages.of(conversation.id),
    deps.answers.latest(conversation.id, linesTold),
    deps.answers.publicTexts((answered?.evidence ?? []).map((each) => each.passage_id)),
    deps.verified.of(conversation.person),
  ])
  const past = told.slice(0, 5)
  // Whoever asks for a person while telling a demand means that demand.
  const need = needOf(because.need ?? answered?.question ?? toldSoFar(work), past, words)
  const { before = null, excluded = [] } = because
  // A title is in the person's own words; who is able to take it is told by what they lean on too.
  const routed = await routeFor(work, {
    text: `${answered?.standalone ?? past[0]?.standalone ?? ''} ${need} ${words}`,
    reason,
    verified,
    before,
    excluded,
  })
  const now = { id: '', author: 'person' as const, authorName: null, text: words, answer: null, at: deps.clock() }
  const suggested = routed.suggested.map((person) => person.name)
  const byRule = packetOf({ need, reason, lines: [...lines, now], past, open: answered, texts, verified, suggested })
  // A verified enterprise, or one that was verified, may have been told what is not public: no model may read that.
  const open = verified === null && !told.some((each) => each.protected)
  const spoken = [...lines, now].filter((each) => each.author !== 'note').map((each) => `${each.author}: ${each.text}`)
  const summary = open ? await deps.summarise(spoken.join('\n'), conversation.person ?? conversation.chat) : null
  const packet = summary === null ? byRule : { ...byRule, summary }
  const brief = {
    need,
    reason,
    priority: priorityOf(reason),
    who: verified ?? conversation.personName ?? conversation.person ?? '—',
    chat: conversation.chat,
    language: work.language,
    packet,
    promise: routed.promise,
  }
  return { routed, brief }
}

/** Complaints, failures and sensitive matters first, a question outside the field last. */
function priorityOf(reason: Reason): number {
  if (reason === 'complaint' || reason === 'failed' || reason === 'sensitive') return 1
  return reason === 'off_topic' ? 3 : 2
}

/** The packet in a topic of its own, and as a card to the most suitable brokers who have no part in the topics. */
async function tellDesk(work: Work, tx: ClientBase, key: string, brief: Brief, suggested: readonly Person[]): Promise<void> {
  const { deps, lane } = work
  const desk = deps.texts.zh
  const conversation = lane.conversation.id
  await offer(work, tx, key, brief, suggested)
  if (deps.desk === null) return
  const name = desk('desk_topic', { number: brief.number, need: brief.need })
  await deps.outbox.put(tx, [
    { key: `${key}:topic`, chat: `ticket:${brief.number}:topic`, conversation, body: { kind: 'open_topic', name } },
    {
      key: `${key}:packet`,
      chat: `ticket:${brief.number}`,
      conversation,
      body: renderBrief(brief, desk, { how: desk('desk_how') }),
    },
  ])
}

function promiseText(texts: Texts, number: string, promise: Promised | null, work: Work): string {
  if (promise === null) return texts('hand_off_nobody', { number })
  const { by, followUp, onDuty } = promise
  return texts(onDuty ? 'hand_off_on_duty' : 'hand_off_off_duty', {
    number,
    by: sayTime(by, work.language),
    follow_up: sayTime(followUp, work.language),
  })
}
