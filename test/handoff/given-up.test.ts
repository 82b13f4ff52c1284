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

test('a message that ends the process whenever it is thought about is handed to a person, and thought about no more', async () => {
  let asked = 0
  const answer = async () => {
    asked += 1
    throw new Error('the process would be gone by now')
  }
  const desk = await openTestDesk({ answer })
  const { pool } = desk.database
  await desk.write('web:poison', '技术合同登记最多奖多少')
  // Twelve processes took it and were gone before they could say so.
  await pool.query(`update inbox set attempts = 12 where done_at is null`)
  await desk.settle()
  expect(asked).toBe(0)
  const { rows } = await pool.query(`select reason from ticket`)
  expect(rows).toEqual([{ reason: 'failed' }])
  expect((await desk.said('web:poison')).length).toBeGreaterThan(0)
  await desk.close()
})
