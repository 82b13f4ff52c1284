import type { Pool } from 'pg'
import { openPark } from '../../bot/open.ts'
import { dayInChina } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { openTestDesk } from '../fakes/desk.ts'
import { lenient } from '../fakes/judging.ts'
import { openTestPark } from '../fakes/park.ts'

const questions = [
  '发明专利授权一件资助多少？',
  '概念验证项目最多资助多少钱？',
  '硕士租房补贴每个月多少',
  '专利质押贷款贴息多少',
  '小微企业技术合同登记最多奖多少？',
]

/**
 * `npm run bench -- overhead [rounds]`: everything around the model per answer (history, gate, storage, outbox) beside the bare search in the
 * same run. The model answers at once, so what remains is ours; how long it was waited for is taken off. On a server with TEST_DATABASE_URL.
 */
export async function run([rounds = '40']: readonly string[]): Promise<unknown> {
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
  const desk = await openTestDesk({ database: world.database, answer: park.answer, clock: park.clock })
  server.script({
    reply: ({ system, user }) =>
      /sufficient/.test(system)
        ? '{"sufficient":true,"quote":""}'
        : `${/\[1\] [^\n]*\n([^\n。]{6,160})/.exec(user)?.[1] ?? ''}。[1]`,
  })
  const bare: number[] = []
  const thinking: number[] = []
  const whole: number[] = []
  for (let round = 0; round < Number(rounds) + 5; round += 1) {
    const text = questions[round % questions.length] ?? ''
    const search = await timed(() =>
      park.library.search({
        text,
        asOf: dayInChina(park.clock()),
        regions: park.library.regions,
        visibility: 1,
        validity: 'in_force',
      }),
    )
    await desk.write(`web:bench-${round}`, text)
    const settled = await timed(() => desk.settle())
    const { waited, total } = await recorded(world.database.pool, `web:bench-${round}`)
    // The first rounds warm up what everybody has warm.
    if (round >= 5) {
      bare.push(search)
      thinking.push(total - waited)
      whole.push(settled - waited)
    }
  }
  const calls = server.asked.length
  await world.close()
  await server.close()
  const of = median(bare)
  const beside = (values: readonly number[]) => ({ p50_ms: median(values), ratio: Math.round((median(values) / of) * 100) / 100 })
  return {
    ...{ bench: 'overhead', database: world.database.kind, rounds: bare.length, model_calls: calls, search_p50_ms: of },
    /** Search, history, judgement, gate and spending; the model's time taken off. */
    answer: beside(thinking),
    /** With claiming the lane, storing the answer, the transcript and the reply. */
    whole: beside(whole),
  }
}

/** How long the model was waited for, and the answer took in all, as its own record says. */
async function recorded(pool: Pool, chat: string): Promise<{ waited: number; total: number }> {
  const { rows } = await pool.query<{ waited: number; total: number }>(
    `select coalesce(sum((a.usage->>'ms')::float), 0) as waited, sum((a.ms->>'total')::float) as total
       from answer a join conversation c on c.id = a.conversation where c.chat = $1`,
    [chat],
  )
  return rows[0] ?? { waited: 0, total: 0 }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(values: readonly number[]): number {
  return Math.round(([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0) * 100) / 100
}
