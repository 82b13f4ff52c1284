import { afterEach, expect, test } from 'vitest'
import { channels } from '../../bot/channels/index.ts'
import { openService } from '../../bot/service.ts'
import type { Log } from '../../retrieval/base/log.ts'
import { switchedOn } from '../../retrieval/base/plugin.ts'
import { onServer } from '../fakes/database.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'
import { type TelegramServer, telegramServer } from '../fakes/telegram-server.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

function start(test: TestPark, owner: string, log: Log) {
  const nobody = { input: null, output: process.stdout, greeting: () => '' }
  return openService({
    park: test.park,
    plugins: switchedOn(channels, test.env),
    env: test.env,
    log,
    owner,
    stopWithinMs: 200,
    ...nobody,
  })
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((go) => setTimeout(go, 10))
}

test.skipIf(onServer)('a database that only reads is not ready for messages', async () => {
  const park = await openTestPark()
  closing.push(() => park.close())
  const service = await start(park, 'one', () => {})
  closing.push(() => service.stop())
  const ready = async () => (await fetch(`${service.url}readyz`)).status
  const { pool } = park.database
  expect(await ready()).toBe(200)
  await pool.query('set default_transaction_read_only = on')
  expect(await ready()).toBe(503)
  await pool.query('set default_transaction_read_only = off')
  expect(await ready()).toBe(200)
})

test('a platform that does not answer does not hold up the end; whoever starts next sends what was left', async () => {
  const telegram: TelegramServer = await telegramServer()
  closing.push(() => telegram.close())
  const park = await openTestPark({ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root, DEMO: '1' })
  closing.push(() => park.close())
  const events: string[] = []
  const first = await start(park, 'one', (event) => void events.push(event))
  telegram.fail('sendMessage', 'hang', 1)
  telegram.sayAs(50_001, 'P', '/help')
  await until(() => telegram.calls.some((each) => each.method === 'sendMessage'))
  await first.stop()
  expect(events).toContain('stopped_in_the_middle')
  await park.database.pool.query(`update outbox set lease_until = now() where state = 'sending'`) // fifteen seconds later
  const next = await start(park, 'two', () => {})
  closing.push(() => next.stop())
  await until(() => telegram.sent.some((each) => each.chat === 50_001))
  expect(telegram.sent.filter((each) => each.chat === 50_001)).toHaveLength(1)
})
