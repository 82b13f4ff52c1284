import { randomUUID } from 'node:crypto'
import { agenda } from '../../bot/agenda/store.ts'
import { questionsOf } from '../../bot/answer/questions.ts'
import type { Answered } from '../../bot/answer.ts'
import { type IncomingMessage, ownMessage } from '../../bot/channels/message.ts'
import type { ConverseDeps } from '../../bot/converse/work.ts'
import { type PostAction, postAction } from '../../bot/handoff/desk/post.ts'
import { type DeskView, deskView } from '../../bot/handoff/desk/view.ts'
import type { Calendar } from '../../bot/handoff/duty/duty.ts'
import { parsePromises } from '../../bot/handoff/duty/promises.ts'
import type { NewPerson, Person } from '../../bot/handoff/people.ts'
import { inbox } from '../../bot/inbox.ts'
import { outbox } from '../../bot/outbox.ts'
import { inboxStep } from '../../bot/queue/step.ts'
import { openStores } from '../../bot/queue/stores.ts'
import { demands } from '../../bot/records/demands.ts'
import { loadTexts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { prepared } from '../../retrieval/prepared.ts'
import { reviewStore } from '../../retrieval/store/documents/reviews.ts'
import { documentStore } from '../../retrieval/store/documents.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

/** The hand-off on a real database, with an answerer supplied by the test and no channel: replies stay in the outbox. */
export type TestDesk = {
  readonly database: TestDatabase
  readonly deps: ConverseDeps
  readonly view: DeskView
  readonly post: PostAction
  /** Another worker on the same database, as in a second process. */
  worker(answer?: ConverseDeps['answer']): () => Promise<boolean>
  broker(name: string, change?: Partial<NewPerson>): Promise<Person>
  /** Stores words of a person; nothing is worked off yet. */
  write(chat: string, text: string, change?: Partial<IncomingMessage>): Promise<void>
  /** Works off everything that is due. */
  settle(): Promise<void>
  /** What the outbox holds for an address, in order, as plain text. */
  said(chat: string): Promise<string[]>
  close(): Promise<void>
}

/** Hands everything over, except greetings, which the real road answers by itself. */
export function handsOver(asking: { question: string; language: 'zh' | 'en' }): Answered {
  return {
    question: asking.question,
    standalone: asking.question,
    asOf: '2026-11-26',
    past: false,
    language: asking.language,
    decision: 'hand_off',
    reason: 'nothing_found',
    confidence: 0.1,
    threshold: 0.7,
    draft: null,
    citations: [],
    evidence: [],
    options: [],
    notInForce: null,
    asks: null,
    calls: [],
    ms: { embed: 0, search: 0, compose: 0, total: 0 },
  }
}

/** Gives the question back as its answer. */
export function answers(asking: { question: string; language: 'zh' | 'en' }): Answered {
  const draft = { text: `答：${asking.question}`, cited: [], quotes: [], generated: false, prompt: null, model: null }
  return { ...handsOver(asking), decision: 'answer', reason: null, confidence: 0.9, draft }
}

export async function openTestDesk(
  options: {
    clock?: Clock
    calendar?: Calendar
    answer?: ConverseDeps['answer']
    desk?: string | null
    database?: TestDatabase
    promises?: string
    directChat?: ConverseDeps['directChat']
    demand?: ConverseDeps['demand']
  } = {},
): Promise<TestDesk> {
  const database = options.database ?? (await openTestDatabase())
  const { pool } = database
  const clock = options.clock ?? (() => new Date('2026-11-26T02:00:00Z'))
  const log = silentLog
  const texts = loadTexts()
  const ask = prepared(pool, database.kind === 'server')
  const sending = outbox({
    pool,
    log,
    owner: 'test',
    channelOf: () => undefined,
    partsOf: (_, body) => (body.kind === 'hand_off' ? [] : [body]),
    addressOf: async () => null,
    onSent: async () => null,
    onDead: async () => [],
    onHeld: async () => [],
    onTopicGone: async () => [],
  })
  const documents = documentStore(pool, { clock })
  const parts = openStores({ pool, ask, log, clock, owner: randomUUID(), documents })
  const deps: ConverseDeps = {
    ...parts,
    outbox: sending,
    answer: options.answer ?? (async (asking) => handsOver(asking)),
    texts,
    log,
    clock,
    park: '测试园区',
    desk: options.desk === undefined ? 'telegram:-100' : options.desk,
    calendar: options.calendar ?? new Map(),
    streamOf: () => null,
    questions: async (text) => questionsOf(text),
    summarise: async () => null,
    agenda: agenda(pool, { clock }),
    demand: options.demand ?? {
      store: demands,
      askField: async ({ field, language }) => texts[language](`demand_ask_${field}`),
      candidates: async () => '',
    },
    promises: parsePromises(options.promises ?? '* 30m 24h'),
    directChat: options.directChat ?? (() => null),
    deskLink: async (person) => `http://127.0.0.1/desk/sign-in/${person}`,
    documents: {
      take: () => Promise.reject(new Error('no file is sent here')),
      reviews: reviewStore(pool, { clock, twoPerson: false }),
    },
  }
  const view = deskView({ pool, ...parts })
  const step = inboxStep(deps)
  return {
    database,
    deps,
    view,
    post: postAction({ inbox: parts.inbox, events: parts.events, view, patienceMs: 60_000 }),
    worker: (answer = deps.answer) =>
      inboxStep({ ...deps, answer, inbox: inbox({ pool, ask, log, clock, owner: randomUUID() }), log }),
    broker: (name, change = {}) =>
      parts.people.add(
        { role: 'broker', name, telegram: null, wecom: null, fields: [], hours: null, capacity: 5, demo: false, ...change },
        'test',
      ),
    async write(chat, text, change = {}) {
      await parts.inbox.store(chat.slice(0, chat.indexOf(':')), {
        ...ownMessage({ externalId: randomUUID(), chat, text }),
        ...change,
      })
    },
    async settle() {
      while (await step());
    },
    async said(chat) {
      const { rows } = await pool.query<{ body: { kind: string; blocks?: { spans: unknown[] }[] } }>(
        'select body from outbox where chat = $1 order by id',
        [chat],
      )
      return rows.map(({ body }) =>
        body.blocks === undefined ? `(${body.kind})` : body.blocks.map((block) => block.spans.map(spanText).join('')).join('\n'),
      )
    },
    close: () => database.close(),
  }
}

function spanText(span: unknown): string {
  if (typeof span === 'string') return span
  return span !== null && typeof span === 'object' && 'bold' in span ? String(span.bold) : ''
}
