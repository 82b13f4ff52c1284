import type { Pool } from 'pg'
import type { Language, Texts } from '../../prompts/load.ts'
import { type Clock, dayInChina } from '../../retrieval/base/clock.ts'
import type { Passage } from '../../retrieval/evidence.ts'
import type { Draft } from '../draft.ts'
import { type AgendaQuestion, agendaAsked, isGathering, mayConcernEvents, titlesNamed } from './asked.ts'
import { type Chosen, chosen, momentOf } from './choose.ts'
import { joining, type ParkEvent } from './event.ts'
import { eventLine, moreLines, type Saying } from './lines.ts'
import type { Agenda } from './store.ts'

export type AgendaAsking = {
  /** As it was asked, and as it stands alone. */
  readonly questions: readonly string[]
  readonly language: Language
  readonly asOf: string | undefined
}

/** @returns what the agenda says, with its rows cited; null when the question is about something else or there is nothing to tell */
export type AskAgenda = (asking: AgendaAsking) => Promise<Draft | null>

/** Answers from the park's own records: nothing is ranked and no model is asked, so that times and places are those of the table. */
export function agendaAsker(deps: {
  readonly pool: Pool
  readonly agenda: Agenda
  readonly clock: Clock
  readonly texts: Readonly<Record<Language, Texts>>
}): AskAgenda {
  return async ({ questions, language, asOf }) => {
    const candidates = questions.filter(mayConcernEvents)
    if (candidates.length === 0) return null
    const now = momentOf(asOf, deps.clock())
    const events = await deps.agenda.list()
    const saying = { texts: deps.texts[language], language, now }
    for (const question of candidates) {
      const told = answerFrom(question, events, saying)
      if (told !== null) return drafted(deps.pool, told, saying)
    }
    return null
  }
}

/** 金鸡湖, 生物医药: more letters are a question of their own. */
const longestAbout = 5

type Told = Chosen & { readonly question: AgendaQuestion }

/** Pure: what is told; an event called by its title goes before all others. */
function answerFrom(question: string, events: readonly ParkEvent[], { now }: Saying): Told | null {
  if (events.length === 0) return null
  const today = dayInChina(now)
  const asked = agendaAsked(question, today)
  const titles = events.map((each) => each.title)
  const named = titlesNamed(question, titles).flatMap((index) => events[index] ?? [])
  const about = named[0]?.title
  const meant = about === undefined ? asked : { types: null, period: null, past: false, ...asked, about }
  if (meant === null) return null
  const found = chosen(meant, about === undefined ? events : named, now)
  // 活动 and 比赛 also mean other things: where none of ours is meant, the documents are asked.
  const elsewhere = (meant.types === null && !isGathering(meant.about)) || [...meant.about].length > longestAbout
  if (found === null || (found.as === 'none_about' && elsewhere)) return null
  return { ...found, question: meant }
}

async function drafted(pool: Pool, told: Told, saying: Saying): Promise<Draft> {
  const { texts } = saying
  const { events, as, of, question } = told
  const passages = await passagesOf(pool, events)
  const kind = question.types === null ? texts('event_kind_any') : texts(`event_kind_${question.types[0] ?? 'other'}`)
  const head = texts(`agenda_${as}`, { count: of, kind, when: question.period?.words ?? '', about: question.about }).replace(
    / +(?=[ :])/g,
    '',
  )
  const lines = events.map(
    (event, index) => `${events.length === 1 ? '' : `${index + 1}. `}${eventLine(event, saying)}[${index + 1}]`,
  )
  const first = events[0]
  const more = events.length === 1 && first !== undefined ? moreLines(first, saying) : []
  const open = events.map((event) => joining(event, saying.now) === 'open')
  const foot = [
    ...(of > events.length && (as === 'coming' || as === 'past') ? [texts('agenda_more', { count: of - events.length })] : []),
    ...(open.some(Boolean)
      ? [texts(events.length === 1 ? 'agenda_join_one' : 'agenda_join', { n: open.indexOf(true) + 1 })]
      : []),
  ]
  return {
    text: [head, ...lines, ...more, ...foot].filter((line) => line !== '').join('\n'),
    cited: events.flatMap((event) => {
      const passage = passages.get(event.id)
      return passage === undefined ? [] : [{ passage, score: 1, signals: {} }]
    }),
    quotes: events.flatMap((event) => passages.get(event.id)?.text ?? []),
    ...{ generated: false, prompt: null, model: null },
    agenda: events.map((event, index) => ({ event: event.id, open: open[index] === true })),
  }
}

/** The rows of the tables, as they are cited. */
async function passagesOf(pool: Pool, events: readonly ParkEvent[]): Promise<Map<string, Passage>> {
  const { rows } = await pool.query<Passage>(
    `select p.id, d.id as "documentId", d.kind, d.title, d.doc_no as "docNo", d.genre, p.clause, p.heading, p.text, p.position,
            'effective' as status, d.issued_on::text as "issuedOn", d.effective_from::text as "effectiveFrom", d.effective_to::text as "effectiveTo",
            d.regions, d.source, p.fields
       from passage p join document d on d.id = p.document_id where p.id = any($1) and d.state = 'live'`,
    [events.flatMap((each) => each.passage ?? [])],
  )
  return new Map(events.flatMap((event) => rows.filter((row) => row.id === event.passage).map((row) => [event.id, row] as const)))
}
