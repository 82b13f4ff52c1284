import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { channels } from '../../bot/channels/index.ts'
import { seed } from '../../bot/commands/seed.ts'
import { openPark, type Park } from '../../bot/open.ts'
import { openService, type Service } from '../../bot/service.ts'
import type { Env } from '../../retrieval/base/env.ts'
import { type Log, silentLog } from '../../retrieval/base/log.ts'
import { switchedOn } from '../../retrieval/base/plugin.ts'
import { openFilledDatabase, openTestDatabase, type TestDatabase } from './database.ts'

/** A whole park with the demo documents, on a database of its own, as `npm start` would open it. */
export type TestPark = { readonly park: Park; readonly database: TestDatabase; readonly env: Env; close(): Promise<void> }

export async function openTestPark(env: Env = {}, log: Log = silentLog): Promise<TestPark> {
  const day = env['YUANQIAO_CLOCK']?.slice(0, 10)
  const then: Env = day === undefined ? {} : { YUANQIAO_CLOCK: `${day}T10:00:00+08:00` }
  const database = shapesTheDemo.some((name) => name in env)
    ? await openTestDatabase()
    : await openFilledDatabase(`demo-park-${day ?? 'today'}`, async (empty) => {
        await (await openedOn(empty, then, silentLog)).library.close()
      })
  const whole: Env = { PORT: '0', ...env }
  const park = await openedOn(database, whole, log)
  return {
    park,
    database,
    env: whole,
    async close() {
      await park.library.close()
      await database.close()
    },
  }
}

/** Settings that change how the demo documents are stored (besides the day): such parks load them for themselves. */
const shapesTheDemo = ['EMBEDDING_MODEL', 'REVIEW']

/** Loads the demo documents unless they are there. */
async function openedOn(database: TestDatabase, env: Env, log: Log): Promise<Park> {
  const park = await openPark(env, { holder: 'test', exclusive: false, log, database })
  await seed(park, { ...env, DEMO: '1' }, log)
  return park
}

/** The running service around a park; `input` takes typed lines when no channel is switched on. */
export async function startService(
  { park, env }: TestPark,
  log: Log = silentLog,
): Promise<{ service: Service; input: PassThrough; output: PassThrough }> {
  const input = new PassThrough()
  const output = new PassThrough()
  const service = await openService({
    park,
    plugins: switchedOn(channels, env),
    env,
    log,
    owner: randomUUID(),
    input,
    output,
    greeting: () => '',
  })
  return { service, input, output }
}
