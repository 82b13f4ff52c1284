import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../../fakes/browser.ts'
import type { DeskWorld } from '../../fakes/desk-world.ts'
import type { KfServer } from '../../fakes/kf-server.ts'
import { customer } from '../../fakes/kf-world.ts'

/** A case of a customer of 微信客服, worked on from the desk in a browser. */
export function kfSuite(opened: () => { world: DeskWorld; browser: Browser; kf: KfServer }): void {
  let world: DeskWorld
  let kf: KfServer
  let page: Page
  let problems: readonly string[]

  beforeAll(async () => {
    world = opened().world
    kf = opened().kf
    const entered = await openPage(opened().browser)
    page = entered.page
    problems = entered.problems
    await page.goto(await world.link(await world.add('broker', '钱晴')))
    await page.getByRole('button').click()
    await page.locator('.shell').waitFor()
  })
  afterAll(async () => {
    await page.context().close()
    expect(problems).toEqual([])
  })

  const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
  const row = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    world.park.database.pool.query<Row>(sql, [...values]).then(({ rows }) => rows[0])
  const lastSeen = () => kf.seen.filter((each) => each.user === customer).at(-1)?.text

  test('on 微信客服 words from the desk arrive as a person’s, and the answer comes back', async () => {
    kf.enter(customer)
    kf.say(customer, '转人工')
    const found = () =>
      row<{ id: string }>(
        `select t.id::text from ticket t join conversation c on c.id = t.conversation where c.chat like '%' || $1 and t.state = 'waiting'`,
        [customer],
      )
    await until(found).toBeDefined()
    const id = (await found())?.id
    await page.goto(`${world.service.url}#/queue`)
    await page
      .locator('.row', { hasText: '微信客服' })
      .getByRole('button', { name: `接手 T${id}` })
      .click()
    await page.locator('.composer textarea').fill('您好，资料我这就发您。')
    await page.getByRole('button', { name: '发送' }).click()
    await until(() => lastSeen()).toMatch(/人工 · 钱晴[\s\S]*资料我这就发您/)
    kf.say(customer, '好的，收到了')
    await page.locator('.line.person', { hasText: '好的，收到了' }).waitFor()
    expect(await page.locator('.composer .held').isVisible()).toBe(false)
  })

  test('words that 微信客服 does not take any more are said to wait in the reply box, until the person writes', async () => {
    const held = page.locator('.composer .held')
    kf.pass(49 * 3_600_000)
    await page.locator('.composer textarea').fill('样品下周寄出。')
    await page.getByRole('button', { name: '发送' }).click()
    await held.getByText('有 1 段话已存好，对方下次来信时自动发出').waitFor()
    kf.say(customer, '样品寄了吗')
    await until(() => lastSeen()).toContain('样品下周寄出')
    await held.waitFor({ state: 'hidden' })
  })
}
