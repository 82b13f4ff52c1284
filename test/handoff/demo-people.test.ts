import { expect, test } from 'vitest'
import { syncPeople } from '../../bot/commands/seed.ts'
import { rounds } from '../../bot/control/rounds.ts'
import { people } from '../../bot/handoff/people.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestDesk } from '../fakes/desk.ts'
import { openTestPark } from '../fakes/park.ts'

test('the fictional brokers leave with the fictional park while the bot runs: nobody is promised an answer by them', async () => {
  const [{ park, close }, desk] = await Promise.all([openTestPark(), openTestDesk({ desk: null })])
  const { pool } = park.database
  const nothing = async () => undefined
  const recurring = rounds(pool, desk.deps, {
    ...{ retentionDays: undefined, plan: nothing, announce: nothing, log: silentLog, everyMs: 20 },
    syncPeople: () => syncPeople(park),
  })
  try {
    expect((await people(pool).list()).map(({ demo }) => demo)).toEqual([true, true])
    recurring.start()
    await park.library.documents.removeDemo()
    await expect.poll(() => people(pool).list()).toEqual([])
  } finally {
    await recurring.stop()
    await desk.close()
    await close()
  }
})

test('one part of the round that fails holds up none of the others: what is older than the park keeps goes', async () => {
  const desk = await openTestDesk({ desk: null })
  const { pool } = desk.database
  const fails = async () => {
    throw new Error('down')
  }
  const recurring = rounds(pool, desk.deps, {
    ...{ retentionDays: 30, plan: fails, announce: fails, syncPeople: fails, log: silentLog, everyMs: 20 },
  })
  try {
    await desk.write('web:old', '你好')
    await desk.settle()
    await pool.query(`update message set at = at - interval '99 days'`)
    recurring.start()
    await expect.poll(async () => (await pool.query('select 1 from message')).rowCount, { timeout: 30_000 }).toBe(0)
  } finally {
    await recurring.stop()
    await desk.close()
  }
})
