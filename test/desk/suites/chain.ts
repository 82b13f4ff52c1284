import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Person } from '../../../bot/handoff/people.ts'
import { hasBrowser, openPage } from '../../fakes/browser.ts'
import type { Client, DeskWorld } from '../../fakes/desk-world.ts'
import { policy } from '../../fakes/library.ts'
import type { TelegramServer } from '../../fakes/telegram-server.ts'

const firm = 877

/** Demands and achievements on the desk: over its addresses, and in a browser where there is one. */
export function chainSuite(opened: () => { world: DeskWorld; browser: Browser | null; telegram: TelegramServer }): void {
  let world: DeskWorld
  let browser: Browser | null
  let telegram: TelegramServer
  let broker: Client
  let other: Client
  let staff: Client
  let wang: Person
  let d = ''
  let a = ''
  let ticket = ''

  beforeAll(async () => {
    ;({ world, browser, telegram } = opened())
    wang = await world.add('broker', '链上王工')
    broker = await world.signIn(wang)
    other = await world.signIn(await world.add('broker', '链上李工'))
    staff = await world.signIn(await world.add('staff', '链上钱老师'))
    // The fictional park may be gone by now.
    const text = '材料：聚酰胺；方法：界面聚合；指标：截留率98%，耐酸碱；产品：耐酸碱纳滤膜；应用：印染废水脱盐'
    const passages = [{ clause: 'L-1', heading: '链上耐酸碱纳滤膜', text, fields: { owner: '示例研究所' } }]
    await world.park.park.library.documents.replace(policy('链上成果表', { kind: 'achievement', passages }))
  })

  const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
  /** One after the other: short lines of one moment would be read together. */
  const says = async (...lines: string[]) => {
    for (const text of lines) {
      const before = told().length
      telegram.sayAs(firm, '恒力 沈工', text)
      await until(() => told().length).toBeGreaterThan(before)
    }
  }
  const told = () => telegram.sent.filter((each) => each.chat === firm)
  const step = (who: Client, stage: string, more: object = {}) =>
    who.post(`/desk/api/demands/${d}/step`, { key: randomUUID(), stage, ...more })

  test('a demand from chat is on the desk; each step by whoever may, and refusals say why', async () => {
    await says('提需求', '我们是苏州恒力环保科技有限公司，印染废水脱盐，想找耐酸碱的纳滤膜，截留率98%以上', '完成')
    const list = (await broker.get('/desk/api/demands')).body as { demands: { id: string; stage: string; ticket: string }[] }
    const [mine] = list.demands
    d = mine?.id ?? ''
    ticket = mine?.ticket ?? ''
    expect(mine).toMatchObject({ stage: 'collected' })
    await broker.post(`/desk/api/cases/${mine?.ticket}/action`, { key: randomUUID(), action: { do: 'claim' } })
    expect((await other.get(`/desk/api/demands/${d}`)).status).toBe(404)
    expect(((await staff.get('/desk/api/counts')).body as { demands: number }).demands).toBe(1)
    expect(
      await step(broker, 'published', { publish: { form: 'anonymous', board: null, text: null, until: null } }),
    ).toMatchObject({
      status: 409,
      body: { error: 'step_not_yet', after: ['vetted'] },
    })
    expect((await step(other, 'vetted')).status).toBe(404)
    expect((await step(staff, 'vetted', { evidence: { note: '指标可量化' } })).status).toBe(200)
    expect((await step(staff, 'introduced')).body).toMatchObject({ error: 'step_not_yours' })
    const key = randomUUID()
    const publish = { form: 'anonymous', board: 'park', text: '找恒力要的纳滤膜', until: '2027-06-30' }
    expect((await step(broker, 'published', { publish })).body).toMatchObject({ error: 'step_leaks', words: ['恒力'] })
    const preview = (text: string | null) => broker.post(`/desk/api/demands/${d}/preview`, { form: 'anonymous', text })
    expect((await preview(publish.text)).body).toMatchObject({ code: 'leaks', words: ['恒力'] })
    const before = (await preview(null)).body as { code: string; text: string }
    expect(before.code).toBe('ok')
    expect((await other.post(`/desk/api/demands/${d}/preview`, { form: 'anonymous', text: null })).status).toBe(404)
    // Words that nobody has read are not published.
    const unread = await step(broker, 'published', { publish: { ...publish, text: null } })
    expect(unread).toMatchObject({ status: 409, body: { error: 'step_unread', text: before.text } })
    const again = { key, stage: 'published', publish: { ...publish, text: before.text } }
    for (const _ of [1, 2]) expect((await broker.post(`/desk/api/demands/${d}/step`, again)).status).toBe(200)
    const shown = (await broker.get(`/desk/api/demands/${d}`)).body as {
      demand: { publicText: string }
      steps: unknown[]
      stage: string
    }
    expect(shown.stage).toBe('published')
    expect(shown.steps).toHaveLength(3)
    expect(shown.demand.publicText).not.toMatch(/恒力/)
    expect(shown.demand.publicText).toBe(before.text)
    expect((await broker.post(`/desk/api/demands/${d}/undo`, { stage: 'vetted', why: '再看看' })).body).toMatchObject({
      error: 'step_rested_on',
    })
  })

  test('an achievement is coached and shown at a roadshow on the desk', async () => {
    const { achievements } = (await staff.get(`/desk/api/achievements?q=${encodeURIComponent('链上耐酸碱')}`)).body as {
      achievements: { id: string; stage: string }[]
    }
    a = achievements[0]?.id ?? ''
    expect(achievements[0]?.stage).toBe('published')
    const take = (stage: string, evidence = {}) =>
      staff.post(`/desk/api/achievements/${a}/step`, { key: randomUUID(), stage, evidence })
    expect((await take('coached', { note: '概念验证' })).status).toBe(200)
    expect((await take('financed')).body).toMatchObject({ error: 'step_lacks', lacks: ['amount'] })
    expect((await take('roadshow')).status).toBe(200)
    expect((await staff.post(`/desk/api/achievements/${a}/undo`, { stage: 'roadshow', why: '改期' })).status).toBe(200)
  })

  test.skipIf(!hasBrowser)('a broker publishes and introduces with the mouse, wide and narrow', async () => {
    if (browser === null) return
    expect((await broker.post(`/desk/api/demands/${d}/undo`, { stage: 'published', why: '重来' })).status).toBe(200)
    for (const width of [1280, 390]) {
      const { page, context, problems } = await openPage(browser, { width })
      await page.goto(await world.link(wang))
      await page.getByRole('button').click()
      await page.locator('.shell').waitFor()
      await open(page, 'demands', width)
      await open(page, `demand/${d}`, width)
      if (width === 1280) {
        await page.getByRole('button', { name: '发布', exact: true }).click()
        await picture(page, `publish-${width}`)
        expect(await page.locator('.preview').textContent()).toContain('纳滤膜')
        // Emptied, it is the words of the demand: they are read first.
        await page.getByLabel('发布的文字').fill('')
        await page.getByRole('button', { name: '记这一步' }).click()
        await page.locator('.ask-problem', { hasText: '大家会看到' }).waitFor()
        expect(await page.locator('.preview').textContent()).toContain('纳滤膜')
        await page.getByRole('button', { name: '记这一步' }).click()
        await page.locator('.toast.ok').waitFor()
        await page.getByRole('button', { name: '对接', exact: true }).click()
        await page.getByLabel('说明').fill('约了周三面谈')
        await page.getByRole('button', { name: '记这一步' }).click()
        await page.locator('.step', { hasText: '约了周三面谈' }).waitFor()
        await page.getByRole('button', { name: '签合同', exact: true }).click()
        await page.getByRole('button', { name: '记这一步' }).click()
        await page.locator('.ask-problem', { hasText: '还缺：金额（元）' }).waitFor()
        await page.getByLabel('金额（元）').fill('很多')
        await page.getByLabel('说明').fill('当面签的')
        await page.getByRole('button', { name: '记这一步' }).click()
        await page.locator('.ask-problem', { hasText: '很多' }).waitFor()
        await page.getByLabel('金额（元）').fill('30万')
        await page.getByRole('button', { name: '记这一步' }).click()
        await page.locator('.step', { hasText: '300,000' }).waitFor()
        expect(await page.locator('.step', { hasText: '当面签的' }).count()).toBe(1)
      }
      await open(page, `case/${ticket}`, width)
      await page
        .getByText(`D${d}`)
        .first()
        .waitFor({ state: width === 1280 ? 'visible' : 'attached' })
      await open(page, 'achievements', width)
      await open(page, `achievement/${a}`, width)
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(problems).toEqual([])
      await context.close()
    }
  })

  async function open(page: Page, hash: string, width: number): Promise<void> {
    await page.goto(`${world.service.url}#/${hash}`)
    await page.locator('#main:not([aria-busy]) h1').first().waitFor()
    await picture(page, `${hash.replaceAll('/', '-')}-${width}`)
  }
  async function picture(page: Page, name: string): Promise<void> {
    const folder = process.env['YUANQIAO_SCREENSHOTS']
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
}
