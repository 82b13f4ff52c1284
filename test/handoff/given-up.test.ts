import { expect, test } from 'vitest'
import { openTestDesk } from '../fakes/desk.ts'

test('what cannot be worked off after five tries ends with a person who is told, a broker who is told, and timers that come again', async () => {
  let broken = false
  const directChat = () => {
    if (broken) throw new Error('a part is broken')
    return null
  }
  const desk = await openTestDesk({ directChat })
  const { pool } = desk.database
  const wang = await desk.broker('王工', { telegram: '77' })
  await desk.write('web:g', '转人工')
  await desk.settle()
  await pool.query(`update ticket set desk_chat = 'telegram:-100#5'`)
  await pool.query(`update inbox set run_at = '2000-01-01' where channel = 'timer'`)
  broken = true // whoever claims or is asked cannot be found
  const from = { id: `telegram:${wang.telegram}`, name: '王' }
  await desk.write('telegram:-100#5', '我来处理', { from })
  const [queued] = await desk.view.queue(wang)
  const posted = desk.post(wang, queued?.id ?? '', { do: 'claim' }, 'desk:1:given-up')
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await pool.query(`update inbox set run_at = '2000-01-01', attempts = $1 where done_at is null `, [attempt])
    await desk.worker()()
    if (attempt === 4) broken = false
  }
  await desk.settle()
  const { rows } = await pool.query<{ outcome: string }>(
    `select distinct outcome from inbox where done_at is not null order by 1`,
  )
  expect(rows.map((row) => row.outcome)).toContain('given_up')
  expect((await desk.said('telegram:-100#5')).join()).toContain('没有生效')
  expect((await desk.said('web:g')).join()).not.toContain('我来处理')
  const again = await pool.query(`select external_id from inbox where channel = 'timer' and done_at is null`)
  expect(again.rows.length).toBeGreaterThan(0)
  // Whoever clicked on a page reads that nothing has happened, and is not left with “will be done”.
  expect(await posted).toMatchObject({ code: 'failed' })
  await desk.close()
})
