import { readFileSync } from 'node:fs'
import type { Pool } from 'pg'
import { openPark } from '../../bot/open.ts'
import { dayInChina } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { openTestDesk } from '../fakes/desk.ts'
import { lenient } from '../fakes/judging.ts'
import { openTestPark } from '../fakes/park.ts'

/** The demo park's own questions that have an answer. */
const questions = readFileSync(new URL('../../ingest/demo/questions.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as { question: string; decision: string }) // our own file
  .flatMap((each) => (each.decision === 'answer' && /[\u4e00-\u9fff]/.test(each.question) ? [each.question] : []))
const warming = 10

/**
 * `npm run bench -- overhead [rounds]`: everything around the model per answer (history, gate, storage, outbox) beside the bare search of
 * the same question in the same run, taking turns to go first. The model answers at once and its waiting time is subtracted, so what
 * remains is ours. Only questions answered in a model's words count. On a server with TEST_DATABASE_URL.
 */
export async function run([rounds = '60']: readonly string[]): Promise<unknown> {
  const server: ChatServer = await chatServer()
  const world = await openTestPark()
  const env = { CHAT_MODEL: 'fast', OPENAI_BASE_URL: server.baseUrl, CHAT_PERSON_TOKENS: '0', CHAT_DAILY_TOKENS: '0' }
  const park = await openPark(env, {
    holder: 'bench',
    exclusive: false,
    log: silentLog,
    database: world.database,
    judging: lenient,
  })
  const answering = stopwatch()
  const desk = await openTestDesk({
    database: world.database,
    answer: (asking) => answering.time(() => park.answer(asking)),
    clock: park.clock,
  })
  server.script({
    reply: ({ system, user }) =>
      /sufficient/.test(system)
        ? '{"sufficient":true,"quote":""}'
        : `${/\[1\] [^\n]*\n([^\n。]{6,160})/.exec(user)?.[1] ?? ''}。[1]`,
  })
  const look = { regions: park.library.regions, visibility: 1, validity: 'in_force' } as const
  const bare: number[] = []
  const arriving: number[] = []
  const thinking: number[] = []
  const whole: number[] = []
  const step = desk.worker()
  for (let round = 0; bare.length < Number(rounds) && round < Number(rounds) * 6 + warming; round += 1) {
    const text = questions[round % questions.length] ?? ''
    const chat = `web:bench-${round}`
    const bareSearch = () => timed(() => park.library.search({ text, ...look, asOf: dayInChina(park.clock()) }))
    const before = round % 2 === 0 ? await bareSearch() : null
    arriving.push(await timed(() => desk.write(chat, text)))
    const turn = await timed(step)
    const search = before ?? (await bareSearch())
    const { waited, phrased } = await recorded(world.database.pool, chat)
    // The first rounds warm up both sides.
    if (round < warming || !phrased) continue
    bare.push(search)
    thinking.push(answering.last() - waited)
    whole.push(turn - waited)
  }
  const calls = server.asked.length
  await world.close()
  await server.close()
  const of = median(bare)
  const beside = (values: readonly number[]) => ({ p50_ms: median(values), ratio: Math.round((median(values) / of) * 100) / 100 })
  return {
    ...{ bench: 'overhead', database: world.database.kind, rounds: bare.length, model_calls: calls, search_p50_ms: of },
    /** Search, history, judgement, gate and spending, without the model's time. */
    answer: beside(thinking),
    /** With claiming the lane, storing the answer, the transcript and the reply: one turn of a worker. */
    whole: beside(whole),
    /** The same without the search: history, judgement, gate and storage alone. */
    around: beside(whole.map((each, round) => each - (bare[round] ?? 0))),
    /** Storing the message before it is acknowledged, which waits for the disk. */
    arrival_p50_ms: median(arriving),
  }
}

/** How long the model was waited for, by the answer's own record, and whether the answer is in its words. */
async function recorded(pool: Pool, chat: string): Promise<{ waited: number; phrased: boolean }> {
  const { rows } = await pool.query<{ waited: number; phrased: boolean }>(
    `select coalesce(sum((a.usage->>'ms')::float), 0) as waited, coalesce(bool_and(a.model is not null), false) as phrased
       from answer a join conversation c on c.id = a.conversation where c.chat = $1`,
    [chat],
  )
  return rows[0] ?? { waited: 0, phrased: false }
}

function stopwatch() {
  let ms = 0
  return {
    async time<T>(work: () => Promise<T>): Promise<T> {
      const started = performance.now()
      try {
        return await work()
      } finally {
        ms = performance.now() - started
      }
    },
    last: () => ms,
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(values: readonly number[]): number {
  return Math.round(([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0) * 100) / 100
}
