import type { ClientBase } from 'pg'
import type { IncomingMessage } from '../../channels/message.ts'
import { reply as answer } from '../../converse/reply.ts'
import { commandIn } from '../../converse/wishes.ts'
import { hear, nextKey, type Work } from '../../converse/work.ts'
import type { Person } from '../../handoff/people.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { isOfEvents } from '../commands.ts'
import { isAhead, type ParkEvent } from '../event.ts'
import { eventLine } from '../lines.ts'
import type { Decision } from '../store.ts'

const lookBackMs = 90 * 24 * 3_600_000
const mostListed = 10

/**
 * Registered people record in chat what became of events: `/held E12 35 link`, `/attended E12 张三 李四`, `/trained E12 王工`, `/cancel_event E12
 * why`; `/events` lists them. Anybody else who says `/events` asks what is to come.
 * @returns false when the message is no such command
 */
export async function agendaRecorded(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const { name = '', rest = '' } = message.kind === 'text' ? (commandIn(message.text) ?? {}) : {}
  if (!isOfEvents(name) || message.group) return false
  const person = await work.deps.people.byAccount(message.from.id)
  if (person === null) {
    if (name !== 'events' || work.turn !== 'bot') return false
    await answer(work, row, { ...message, text: work.language === 'zh' ? '最近有什么活动' : 'any upcoming events' })
    return true
  }
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  if (name === 'events') await listForStaff(work, row, message)
  else await recordFor(work, row, message, { person, name, rest })
  return true
}

async function listForStaff(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  const { agenda, clock, texts } = work.deps
  const now = clock()
  const events = await agenda.list({ all: true })
  const ahead = events.filter((each) => isAhead(each, now)).slice(0, mostListed)
  const since = now.getTime() - lookBackMs
  const over = events.filter((each) => !isAhead(each, now) && each.startsAt.getTime() > since).slice(-mostListed)
  const line = (event: ParkEvent) =>
    texts.zh('event_staff_line', {
      number: event.id,
      line: eventLine({ ...event, closesAt: null }, { texts: texts.zh, language: 'zh', now }),
      taken: event.taken,
      waiting: event.waiting,
      held: event.state === 'held' ? texts.zh('event_staff_held', { attendance: event.attendance ?? '—' }) : '',
    })
  const lines = [
    ...(ahead.length === 0 ? [] : [texts.zh('event_staff_ahead'), ...ahead.map(line)]),
    ...(over.length === 0 ? [] : [texts.zh('event_staff_over'), ...over.map(line)]),
  ]
  tell(work, row, message, lines.length === 0 ? texts.zh('event_staff_none') : [...lines, texts.zh('event_staff_how')].join('\n'))
  work.outcomes.push('events:listed')
}

async function recordFor(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  { person, name, rest }: { person: Person; name: string; rest: string },
): Promise<void> {
  const { agenda } = work.deps
  const texts = work.deps.texts.zh
  const [, number = '', words = ''] = /^\s*[eE#Ｅ]?\s*(\d{1,18})(?=\s|[，,、:：]|$)[\s，,、:：]*([\s\S]*)$/.exec(rest) ?? []
  const event = number === '' ? null : await agenda.byId(number)
  if (event === null) return tell(work, row, message, texts('event_staff_how'))
  const decisions = await decisionsIn(work, name, event, words.trim())
  if (typeof decisions === 'string') return tell(work, row, message, decisions)
  const done = decisions.at(-1)?.do ?? 'hold'
  const values = { title: event.title, seats: event.seats ?? 0, words: words.trim() || '—' }
  tell(work, row, message, async (tx) => {
    const refused = await agenda.decide(tx, event.id, person, decisions)
    return texts(`event_staff_${refused ?? `did_${done}`}`, values)
  })
  work.outcomes.push(`event:${done}`)
}

/** Said in answer to our doubt about a number. */
const confirmed = /^(?:确认|属实|confirm(?:ed)?)(?=[\s，,、。]|$)[\s，,、。]*/iu
const hold: Decision = { do: 'hold', attendance: null, evidence: null }

/** @returns what is to be recorded, or why these words cannot be: names nobody has */
async function decisionsIn(work: Work, name: string, event: ParkEvent, words: string): Promise<readonly Decision[] | string> {
  if (name.startsWith('cancel')) return [{ do: 'cancel', evidence: words || null }]
  const [, count, proof = ''] = /^(\d{1,6})\s*(?:人|位)?(?=\s|[，,、]|$)[\s，,、]*([\s\S]*)$/.exec(words) ?? []
  if (name === 'held' || (name === 'attended' && count !== undefined)) {
    const said = count === undefined ? words : proof.trim()
    const evidence = said.replace(confirmed, '').trim() || null
    return [{ do: 'hold', attendance: count === undefined ? null : Number(count), evidence, sure: confirmed.test(said) }]
  }
  const names = words.split(/[\s，,、;；]+/).filter(Boolean)
  if (names.length === 0) return work.deps.texts.zh('event_staff_names')
  return name === 'attended' ? whoCame(work, event, names) : whoWasTrained(work, event, names)
}

async function whoCame(work: Work, event: ParkEvent, names: readonly string[]): Promise<readonly Decision[] | string> {
  const list = (await work.deps.agenda.signupsOf(event.id)).filter((each) => each.state === 'in')
  const everybody = /^(?:全部|所有人?|都来了|all)$/i.test(names.join(''))
  const unknown = everybody ? [] : names.filter((each) => !list.some((signup) => signup.name === each))
  if (unknown.length > 0) return work.deps.texts.zh('event_staff_unknown', { names: unknown.join('、') })
  const came = list.filter((each) => everybody || names.includes(each.name ?? ''))
  return [hold, { do: 'attend', ids: came.map((each) => each.id) }]
}

/** Beside whoever was named before. */
async function whoWasTrained(work: Work, event: ParkEvent, names: readonly string[]): Promise<readonly Decision[] | string> {
  const brokers = (await work.deps.people.list()).filter((each) => each.role !== 'staff')
  const unknown = names.filter((each) => brokers.filter((broker) => broker.name === each).length !== 1)
  if (unknown.length > 0) return work.deps.texts.zh('event_staff_unknown', { names: unknown.join('、') })
  const all = [...(await work.deps.agenda.trained(event.id)), ...brokers.filter((each) => names.includes(each.name))]
  return [hold, { do: 'train', people: [...new Set(all.map((each) => each.id))] }]
}

function tell(work: Work, row: InboxRow, { chat }: IncomingMessage, words: string | ((tx: ClientBase) => Promise<string>)): void {
  const key = nextKey(work, row)
  const conversation = work.lane.conversation.id
  work.effects.push(async (tx) => {
    const body = said(typeof words === 'string' ? words : await words(tx))
    await work.deps.outbox.put(tx, [{ key, chat, conversation, body }])
  })
}
