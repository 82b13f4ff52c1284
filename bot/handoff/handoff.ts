import type { Texts } from '../../prompts/load.ts'
import type { Answered } from '../answer.ts'
import type { Block, Outgoing } from '../channels/channel.ts'
import { happens, keyOf, say, textsOf, type Work } from '../converse/work.ts'
import type { Reason } from '../decide.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { renderHandOff, said, saidAt } from '../render.ts'
import { sayTime } from './duty.ts'
import { needOf, type Packet, packetOf } from './packet.ts'
import type { Person } from './people.ts'
import { route } from './route.ts'
import { offerOnPlatform } from './session.ts'

/** Opens a ticket, tells the person the truth about when, and tells the desk everything. */
export async function handOff(
  work: Work,
  row: InboxRow,
  because: { reason: Reason; answered: Answered | null; words: string },
): Promise<void> {
  const { deps, lane } = work
  const [everybody, loads, lines, past] = await Promise.all([
    deps.people.list(),
    deps.tickets.loads(),
    deps.messages.of(lane.conversation.id),
    deps.answers.latest(lane.conversation.id, 5),
  ])
  const need = needOf(because.answered?.standalone ?? null, past, because.words)
  const { suggested, promise } = route(realFirst(everybody), { text: need, at: deps.clock() }, loads, deps.calendar)
  const now = { id: '', author: 'person' as const, authorName: null, text: because.words, answer: null, at: deps.clock() }
  const packet = packetOf([...lines, now], past, because.answered)
  happens(work, { is: 'handed_off' })
  work.events.push({ ticket: null, kind: 'opened' })
  work.clarified = 0
  work.outcomes.push(`hand_off:${because.reason}`)
  const topicKey = keyOf(work, row)
  work.effects.push(async (tx) => {
    const opened = await deps.tickets.open(tx, {
      conversation: lane.conversation.id,
      reason: because.reason,
      need,
      packet,
      priority: priorityOf(because.reason),
      excluded: [],
      promisedAt: promise?.by ?? null,
      followUpAt: null,
    })
    work.ticketNumber = opened.id
    if (!opened.isNew) return
    if (promise !== null) await setFirstResponse(work, tx, opened.id, 1, promise.by)
    if (deps.desk === null) return
    const desk = deps.texts.zh
    await deps.outbox.put(tx, [
      {
        key: `${topicKey}:topic`,
        chat: `ticket:${opened.id}:topic`,
        conversation: lane.conversation.id,
        body: { kind: 'open_topic', name: desk('desk_topic', { number: opened.id, need }) },
      },
      {
        key: `${topicKey}:packet`,
        chat: `ticket:${opened.id}`,
        conversation: lane.conversation.id,
        body: renderPacket(work, opened.id, { need, reason: because.reason, packet, suggested, promise }),
      },
    ])
  })
  const texts = textsOf(work)
  say(work, row, () => {
    const next = promiseText(texts, work.ticketNumber ?? '', promise, work)
    return saidAt(
      'hand_off',
      because.answered === null
        ? said(`${texts(`why_${because.reason}`)}\n${next}`)
        : renderHandOff(because.answered, next, texts),
    )
  })
  offerOnPlatform(work, row, suggested, everybody)
}

/** Complaints and what broke come first, a question outside the field last. */
function priorityOf(reason: Reason): number {
  if (reason === 'complaint' || reason === 'failed' || reason === 'sensitive') return 1
  return reason === 'off_topic' ? 3 : 2
}

/** Once somebody real is registered, the demo park's brokers promise nothing any more. */
function realFirst(everybody: readonly Person[]): readonly Person[] {
  const real = everybody.filter((person) => !person.demo)
  return real.length > 0 ? real : everybody
}

/** The promise is a row: it falls due whichever process is alive then. */
export async function setFirstResponse(
  work: Work,
  tx: Parameters<Work['effects'][number]>[0],
  ticket: string,
  round: number,
  at: Date,
): Promise<void> {
  await work.deps.inbox.setTimer(tx, work.lane.conversation.id, `ticket:${ticket}:first_response:${round}`, at, {
    kind: 'timer',
    name: 'first_response',
    ticket,
    round,
  })
}

function promiseText(texts: Texts, number: string, promise: { onDuty: boolean; by: Date } | null, work: Work): string {
  if (promise === null) return texts('hand_off_nobody', { number })
  return texts(promise.onDuty ? 'hand_off_on_duty' : 'hand_off_off_duty', { number, by: sayTime(promise.by, work.language) })
}

type Brief = { need: string; reason: Reason; packet: Packet; suggested: readonly Person[]; promise: { by: Date } | null }

/** The packet as the desk reads it: always in the park's own language. */
function renderPacket(work: Work, number: string, brief: Brief): Outgoing {
  const desk = work.deps.texts.zh
  const { conversation } = work.lane
  const head = desk('desk_packet', {
    number,
    need: brief.need,
    reason: desk(`reason_${brief.reason}`),
    who: conversation.personName ?? conversation.person ?? '—',
    chat: conversation.chat,
    language: work.language,
    promise: brief.promise === null ? desk('none_promised') : sayTime(brief.promise.by, 'zh'),
    suggested:
      brief.suggested
        .slice(0, 3)
        .map((person) => person.name)
        .join('、') || desk('nobody'),
  })
  const lines = brief.packet.transcript.map((line) => `${marks[line.author]} ${line.text.replaceAll('\n', ' ')}`)
  return {
    kind: 'text',
    blocks: [
      ...paragraphs(head),
      ...section(desk('desk_transcript'), lines),
      ...section(desk('desk_cited'), brief.packet.cited),
      ...section(desk('desk_candidates'), brief.packet.candidates),
      { type: 'small', spans: [desk('desk_how')] },
    ],
  }
}

const marks = { person: '企业：', bot: '机器人：', broker: '人工：', note: '备注：' }

function paragraphs(text: string): Block[] {
  return text.split('\n').map((line) => ({ type: 'paragraph', spans: [line] }))
}

function section(title: string, lines: readonly string[]): Block[] {
  if (lines.length === 0) return []
  return [{ type: 'paragraph', spans: [{ bold: title }] }, ...lines.map((line): Block => ({ type: 'list_item', spans: [line] }))]
}
