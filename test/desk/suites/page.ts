import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Person } from '../../../bot/handoff/people.ts'
import { recalls } from '../../../bot/recall/recalls.ts'
import { ingest } from '../../../ingest/ingest.ts'
import { silentLog } from '../../../retrieval/base/log.ts'
import { openPage, type WatchedPage } from '../../fakes/browser.ts'
import type { DeskWorld } from '../../fakes/desk-world.ts'
import type { TelegramServer } from '../../fakes/telegram-server.ts'

/** A page's stream without the page. */
async function listen(url: string, cookie: string, last?: string): Promise<{ text(): string; stop(): void }> {
  const stopper = new AbortController()
  const headers = { cookie, ...(last === undefined ? {} : { 'last-event-id': last }) }
  const { body } = await fetch(`${url}desk/api/events`, { headers, signal: stopper.signal })
  let text = ''
  const read = async () => {
    for await (const piece of body ?? []) text += Buffer.from(piece).toString()
  }
  read().catch(() => undefined) // it ends by being stopped
  return { text: () => text, stop: () => stopper.abort() }
}

/** What brokers, leads and staff do on the desk, in a browser. */
export function pageSuite(opened: () => { world: DeskWorld; browser: Browser; telegram: TelegramServer }): void {
  let telegram: TelegramServer
  let world: DeskWorld
  let browser: Browser
  let wang: Person
  let zhao: Person
  let first: WatchedPage
  let second: WatchedPage

  beforeAll(async () => {
    ;({ telegram, world, browser } = opened())
    wang = await world.add('broker', '王工', { fields: ['膜'] })
    zhao = await world.add('broker', '赵晴')
  })

  const seen = (chat: number) => telegram.sent.filter((each) => each.chat === chat).map((each) => each.text)
  const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
  const says = (id: number, name: string, text: string) => telegram.sayAs(id, name, text)
  const row = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    world.park.database.pool.query<Row>(sql, [...values]).then(({ rows }) => rows[0])

  async function enter(person: Person, options: { width?: number; locale?: string } = {}): Promise<WatchedPage> {
    const opened = await openPage(browser, options)
    await opened.page.goto(await world.link(person))
    await opened.page.getByRole('button').click()
    await opened.page.locator('.shell').waitFor()
    return opened
  }

  const open = async (page: Page, hash: string) => {
    await page.goto(`${world.service.url}#/${hash}`)
    await page.locator('#main:not([aria-busy]) h1').first().waitFor()
  }

  test('the link opens the desk after a click, once; the second use is refused with a page that says so', async () => {
    first = await openPage(browser)
    const link = await world.link(wang)
    await first.page.goto(link)
    await first.page.getByRole('button', { name: '登录' }).click()
    await first.page.getByRole('heading', { name: '待接单' }).waitFor()
    const again = await openPage(browser)
    await again.page.goto(link)
    await again.page.getByText('已经用过了').waitFor()
    await again.page.goto(world.service.url)
    await again.page.getByRole('heading', { name: '请先登录' }).waitFor()
    expect([...first.problems, ...again.problems]).toEqual([])
    await again.context.close()
  })

  test('a hand-off appears without a reload; of two who claim at once one gets it and the other reads who', async () => {
    second = await enter(zhao)
    says(601, '云汀膜科技 李工', '有没有纳滤膜')
    await until(() => seen(601).length).toBeGreaterThan(0)
    says(601, '云汀膜科技 李工', '转人工')
    for (const { page } of [first, second]) await page.locator('.row', { hasText: '云汀膜科技 李工' }).waitFor()

    await second.page.route('**/action', async (route) => {
      await first.page.keyboard.press('j')
      await first.page.keyboard.press('c')
      await first.page.locator('.case').waitFor()
      await route.continue()
    })
    await second.page.getByRole('button', { name: '接手 T1' }).click()
    await second.page.getByText('慢了一步：王工 已经接手').waitFor()
    await second.page.unroute('**/action')
    await second.page.getByText('现在没有等待的转交').waitFor()
    await until(() => seen(601).at(-1)).toContain('王工已接手')
  })

  test('a reply arrives on Telegram marked as a person’s, the answer comes back without a reload, a note stays inside', async () => {
    const { page } = first
    await page.locator('.case').waitFor()
    await page.keyboard.press('r')
    await page.keyboard.type('您好，膜的中试线可以约，请问进水氨氮多少？')
    await page.keyboard.press('Control+Enter')
    await until(() => seen(601).at(-1)).toMatch(/人工 · 王工[\s\S]*进水氨氮多少/)
    says(601, '云汀膜科技 李工', '冬天 35 左右，想降到 5 以下')
    await page.locator('.line.person', { hasText: '冬天 35 左右' }).waitFor()
    await page.getByRole('textbox', { name: '答复' }).fill('客户要求 5 mg/L')
    await page.getByRole('button', { name: '记备注' }).click()
    await page.locator('.line.note', { hasText: '客户要求 5 mg/L' }).waitFor()
    // As in a chat: a note by its command, and a mistyped one is not sent.
    await page.getByRole('textbox', { name: '答复' }).fill('／note 客户要求先报价')
    await page.getByRole('button', { name: '发送' }).click()
    await page.locator('.line.note', { hasText: /^(?!.*note).*客户要求先报价/s }).waitFor()
    await page.getByRole('textbox', { name: '答复' }).fill('/notes 客户要求打折')
    await page.getByRole('button', { name: '发送' }).click()
    await page.getByText('以 / 开头的话没有发出').waitFor()
    await page.getByRole('textbox', { name: '答复' }).fill('')
    expect(first.problems.splice(0).filter((problem) => !problem.includes('409'))).toEqual([])
    expect(seen(601).join('\n')).not.toContain('客户要求')
    expect(await page.locator('.line', { hasText: '进水氨氮多少' }).count()).toBe(1)
  })

  test('the case shows need, promise and what was cited; the source opens at the clause with its validity', async () => {
    const { page } = first
    await page.locator('.case-aside').getByText('承诺首答').waitFor()
    await page.locator('.cited a.source').first().click()
    const clause = page.locator('.clause.chosen')
    await clause.waitFor()
    expect(await clause.textContent()).toContain('纳滤膜')
    expect(await page.locator('.page-head .badge').first().textContent()).toBe('有效')
    expect(await page.evaluate(`document.activeElement.className`)).toContain('chosen')
    await page.getByRole('button', { name: '返回' }).click()
    await page.locator('.case').waitFor()
  })

  test('a colleague’s case is not there for another broker, whatever they ask of it; who was a moment late is told', async () => {
    const stranger = await world.signIn(zhao)
    const { pool } = world.park.database
    const action = { key: '5b1a6a52-1111-4222-8333-944455566688', action: { do: 'claim' } }
    expect(await stranger.post('/desk/api/cases/1/action', action)).toEqual({
      status: 409,
      body: { error: 'taken', owner: { id: wang.id, name: '王工' } },
    })
    await pool.query(`update ticket set claimed_at = now() - interval '3 minutes' where id = 1`)
    const paths = ['', '/state', '/lines'].map((each) => `/desk/api/cases/1${each}`)
    const said = await Promise.all([...paths.map(stranger.get), stranger.post('/desk/api/cases/1/action', action)])
    for (const each of said) expect(each).toEqual({ status: 404, body: { error: 'not_found' } })
  })

  test('a verdict is one tap and is kept', async () => {
    await first.page.locator('.verdicts').first().getByRole('button', { name: '对', exact: true }).click()
    await first.page.getByText('已记下，用于校准').waitFor()
    expect(await row('select verdict, person::text from verdict')).toEqual({ verdict: 'right', person: wang.id })
  })

  test('transferred: the colleague has it at once, and whoever had it can say nothing more', async () => {
    const { page } = first
    await page.getByRole('textbox', { name: '答复' }).fill('迟到的话')
    const stale = await openPage(browser, { context: first.context })
    await open(stale.page, 'case/1')
    await page.keyboard.press('Escape')
    await stale.page.getByRole('button', { name: '转交' }).click()
    await stale.page.getByRole('combobox', { name: '转给' }).selectOption({ value: zhao.id })
    await stale.page.getByRole('dialog').getByRole('button', { name: '转交' }).click()
    await second.page.locator('.menu-link', { hasText: '我的办理' }).locator('.count').waitFor()
    await open(second.page, 'mine')
    await second.page.locator('.row', { hasText: 'T1' }).waitFor()
    await page.getByText('这件事由别的同事办理').waitFor()
    expect(seen(601).join('\n')).not.toContain('迟到的话')
    await stale.page.close()
  })

  test('closed with an outcome and its figures; the person is told and the bot answers again', async () => {
    const { page } = second
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.locator('.case').waitFor()
    await page.keyboard.press('x')
    await page.getByRole('combobox', { name: '结果' }).selectOption('contract_signed')
    await page.getByRole('textbox', { name: '金额（元）' }).fill('120万')
    await page.getByRole('textbox', { name: '已到账（元）' }).fill('3000000')
    await page.getByRole('dialog').getByRole('button', { name: '办结' }).click()
    await page.locator('.ask-problem', { hasText: '不能大于合同成交额' }).waitFor()
    await page.getByRole('textbox', { name: '已到账（元）' }).fill('300,000')
    await page.getByRole('dialog').getByRole('button', { name: '办结' }).click()
    await page.getByRole('heading', { name: '我的办理' }).waitFor()
    await until(() => seen(601).join('\n')).toContain('本次人工服务已结束')
    expect(await row('select state, owner::text, outcome, outcome_detail from ticket where id = 1')).toEqual({
      state: 'closed',
      owner: zhao.id,
      outcome: 'contract_signed',
      outcome_detail: { amount: 1_200_000, received: 300_000 },
    })
    says(601, '云汀膜科技 李工', '发明专利授权一件资助多少？')
    await until(() => seen(601).at(-1)).toContain('3000元')
    expect([...first.problems, ...second.problems]).toEqual([])
  })

  test('review: a doubtful document beside its fields, corrected by hand, approved with one click, then it may be quoted', async () => {
    const staff = await world.add('staff', '何敏')
    const text =
      '云汀市科技创新券管理办法\n云科规〔2026〕7号\n第一条 每家企业每年度申领创新券*高不超过20万元。\n第二条 创新券按企业实际支付服务费的50%兑付。\n第三条 本办法自2026年1月1日起施行。\n'
    const file = { source: '/upload/创新券.txt', name: '创新券.txt', bytes: async () => Buffer.from(text) }
    for await (const outcome of ingest([file], {
      library: world.park.park.library,
      log: silentLog,
      demo: true,
      uploadedBy: 'os:test',
    }))
      expect(outcome.outcome).toBe('needs_review')
    const { page, problems, context } = await enter(staff)
    await page.locator('.row', { hasText: '云汀市科技创新券管理办法' }).locator('a').click()
    await page.locator('.review').waitFor()
    expect(await page.locator('.review mark').allTextContents()).toEqual(expect.arrayContaining([expect.stringContaining('*高')]))
    await page.getByRole('button', { name: '改 发文机关' }).click()
    await page.getByRole('textbox', { name: '发文机关' }).fill('云汀市科学技术局')
    await page.getByRole('button', { name: '保存' }).click()
    await page.locator('[data-field="issuers"]', { hasText: '云汀市科学技术局' }).waitFor()
    await page.getByRole('button', { name: '通过并入库' }).click()
    await page.getByText('没有等待审核的资料').waitFor()
    expect(await row(`select state, issuers, reviewed_by from document where title = '云汀市科技创新券管理办法'`)).toEqual({
      state: 'live',
      issuers: ['云汀市科学技术局'],
      reviewed_by: `person:${staff.id}`,
    })
    expect(problems).toEqual([])
    await context.close()
    const asked = {
      text: '创新券按什么比例兑付？',
      asOf: '2026-11-26',
      regions: '*',
      visibility: 1,
      validity: 'in_force',
    } as const
    const { evidence } = await world.park.park.library.search(asked)
    expect(evidence.map(({ passage }) => passage.docNo)).toContain('云科规〔2026〕7号')
  })

  test.each([1280, 390])('at %d pixels no page is wider than the window, in Chinese and in English', async (width) => {
    const lead = await world.add('lead', `周主任 ${width}`)
    const { page, problems, context } = await enter(lead, { width, locale: 'en-GB' })
    await page.getByRole('heading', { name: 'Queue' }).waitFor()
    for (const hash of [...'queue mine others calls closed case/1 review library faq recalls gaps controls people'.split(' ')]) {
      await open(page, hash)
      expect([hash, await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([hash, true])
    }
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { name: '人员' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: '快捷键' }).waitFor()
    await page.keyboard.press('Escape')
    expect(problems).toEqual([])
    await context.close()
  })

  test('an answer kept from a case is approved on the desk and answers the next person, with name and day', async () => {
    const { page } = second
    says(605, '远山装备', '园区班车周六几点从地铁站发车？')
    await until(() => seen(605).join('\n')).toContain('编号')
    const id = (await row<{ id: string }>('select max(id)::text as id from ticket'))?.id
    await open(page, 'queue')
    await page.getByRole('button', { name: `接手 T${id}` }).click()
    await page.locator('.composer textarea').fill('周六班车 9:10 和 13:30 从云汀地铁站 2 号口发车。')
    await page.getByRole('button', { name: '发送' }).click()
    await page.locator('.line.broker', { hasText: '2 号口发车' }).waitFor()
    await page.getByRole('button', { name: '存为问答' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '存为问答' }).click()
    await page.getByText('等待采用').waitFor()

    const lead = await enter(await world.add('lead', '周主任'))
    await open(lead.page, 'faq')
    await lead.page.locator('.row', { hasText: '班车' }).getByRole('button', { name: '采用', exact: true }).click()
    await lead.page.getByRole('dialog').getByRole('button', { name: '采用' }).click()
    await lead.page.getByText('从现在起用于答复').waitFor()
    says(606, '下一家企业', '园区班车周六几点从地铁站发车？')
    await until(() => seen(606).at(-1)).toMatch(/2 号口[\s\S]*赵晴 \d{4}-\d{2}-\d{2}/)

    await open(lead.page, 'controls')
    await lead.page.getByRole('textbox', { name: /关键词/ }).fill('班车')
    await lead.page.getByRole('button', { name: '停用话题' }).click()
    await lead.page.getByText('“班车”已停用').waitFor()
    says(607, '再下一家', '园区班车周六几点从地铁站发车？')
    await until(() => seen(607).at(-1)).toContain('编号')
    expect(seen(607).join('\n')).not.toContain('2 号口')
    expect([...lead.problems, ...second.problems]).toEqual([])
    await lead.context.close()
  })

  test('returned to the queue, taken again, closed and opened anew, off duty and on: each by a button, each told to the person', async () => {
    const { page, problems, context } = await enter(await world.add('broker', '林工'))
    says(608, '青石机械', '转人工')
    await page.locator('.row', { hasText: '青石机械' }).waitFor()
    // A promise renewed after two days is not a case of half an hour.
    await row(`update ticket set first_promised_at = now() - interval '2 days 1 hour' where state = 'waiting' returning id`)
    await page.reload()
    await page.locator('.row', { hasText: '青石机械' }).locator('.deadline.late', { hasText: '已超时 2 天' }).waitFor()
    await page.locator('.row', { hasText: '青石机械' }).getByRole('button', { name: /接手/ }).click()
    await page.locator('.case').waitFor()
    await until(() => seen(608).at(-1)).toContain('林工已接手')
    await page.getByRole('button', { name: '退回', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: '退回', exact: true }).click()
    await page.locator('.row', { hasText: '青石机械' }).waitFor()
    await until(() => seen(608).at(-1)).toContain('正在改派')
    await page.locator('.row', { hasText: '青石机械' }).getByRole('button', { name: /接手/ }).click()
    await page.locator('.case').waitFor()
    await page.getByRole('button', { name: '办结' }).click()
    await page.getByRole('combobox', { name: '结果' }).selectOption('too_early')
    await page.getByRole('dialog').getByRole('button', { name: '办结' }).click()
    await page.getByRole('heading', { name: '我的办理' }).waitFor()
    await open(page, 'closed')
    await page.locator('.row', { hasText: '青石机械' }).locator('.badge', { hasText: '已办结' }).waitFor()
    await row(`update ticket set closed_how = 'nobody' where state = 'closed' and outcome = 'too_early' returning id`)
    await page.reload()
    await page
      .locator('.row', { hasText: '青石机械' })
      .locator('.badge.bad', { hasText: '无人接手' })
      .locator('xpath=ancestor::a')
      .click()
    await page.getByRole('button', { name: '重新打开' }).click()
    await page.locator('.composer textarea').waitFor()
    await until(() => seen(608).filter((text) => text.includes('林工已接手'))).toHaveLength(3)

    // Stored, then given up: the page says so, and the words are still in the box.
    await page.route('**/action', (route) => route.fulfill({ json: { code: 'pending', owner: null } }))
    const codes = [{ json: { code: 'pending' } }, { status: 503, json: { error: 'failed', owner: null } }]
    await page.route('**/result?*', (route) => route.fulfill(codes.shift() ?? { status: 500 }))
    await page.locator('.composer textarea').fill('还在吗')
    await page.getByRole('button', { name: '发送' }).click()
    await page.getByText('这一步没有完成，什么也没有发出').waitFor()
    expect(await page.locator('.composer textarea').inputValue()).toBe('还在吗')
    await page.unroute('**/action')
    await page.unroute('**/result?*')

    const present = () => row(`select present from person where name = '林工'`)
    await page.getByRole('button', { name: '在岗', exact: true }).click()
    await page.getByText('已离岗：等您答复的转交退回排队').waitFor()
    expect(await present()).toEqual({ present: false })
    await page.getByRole('button', { name: '已离岗' }).click()
    await page.getByText('已上岗').waitFor()
    expect(await present()).toEqual({ present: true })
    expect(problems.filter((problem) => !problem.includes('503'))).toEqual([])
    await context.close()
  })

  test('a clause marked wrong on the desk brings up whom it misled; confirmed once, they are told in their chat', async () => {
    const lead = await enter(await world.add('lead', '周主任 更正'))
    await open(lead.page, 'closed')
    await lead.page.locator('.row', { hasText: 'T1' }).locator('a').click()
    await lead.page.locator('.sources a.source').first().click()
    await lead.page.locator('.clause.chosen').getByRole('button', { name: '标为有误' }).click()
    await lead.page.getByText('已标为有误，不再用于答复').waitFor()
    expect(await recalls(world.park.database.pool, { clock: () => new Date() }).look()).toBe(1)
    await open(lead.page, 'recalls')
    // One press drops nothing: it asks first.
    await lead.page.getByRole('button', { name: '不必通知' }).click()
    await lead.page.getByText('之后不能撤回').waitFor()
    await lead.page.getByRole('button', { name: '取消' }).click()
    await lead.page.getByRole('button', { name: '查看并确认' }).click()
    await lead.page.locator('.people', { hasText: '云汀膜科技 李工' }).waitFor()
    await lead.page.locator('.standing', { hasText: '请不要再按原答复办理' }).waitFor()
    await lead.page.getByRole('textbox', { name: /通知的话/ }).fill('纳滤膜的那条信息有误，请以我们随后的答复为准。')
    await lead.page.getByRole('button', { name: /确认并通知/ }).click()
    await until(() => seen(601).at(-1)).toContain('请以我们随后的答复为准')
    await lead.page.getByText('没有需要更正的答复').waitFor()
    expect(lead.problems).toEqual([])
    await lead.context.close()
  })

  test('what is not public is shown only on purpose, and that it was is kept', async () => {
    const { pool } = world.park.database
    const { id = '', document = '' } =
      (await row<{ id: string; document: string }>(
        `select p.id, p.document_id as document from passage p join document d on d.id = p.document_id where d.kind = 'achievement' order by p.id limit 1`,
      )) ?? {}
    await pool.query(`insert into passage_protected (passage, visibility, text) values ($1, 2, '底价 80 万')`, [id])
    const broker = await world.signIn(zhao)
    const shown = JSON.stringify((await broker.get(`/desk/api/documents/${document}`)).body)
    expect(shown).toContain('"kept":2')
    expect(shown).not.toContain('底价')
    const audited = 'select count(*)::int as n from audit where action = $1 and about = $2 and actor = $3'
    const seenBy = [audited, ['protected_viewed', `passage:${id}`, `person:${zhao.id}`]] as const
    expect(await row(...seenBy)).toEqual({ n: 0 })
    expect(await broker.post(`/desk/api/documents/${document}/protected`, { passage: id })).toEqual({
      status: 200,
      body: { text: '底价 80 万' },
    })
    expect(await row(...seenBy)).toEqual({ n: 1 })
    const staff = await world.signIn(await world.add('staff', '无权'))
    expect((await staff.post(`/desk/api/documents/${document}/protected`, { passage: id })).status).toBe(404)
  })

  test('/desk in a private chat brings a link to whoever is registered, and to nobody else', async () => {
    const sun = await world.add('broker', '孙工', { telegram: '604' })
    says(604, '孙工', '/desk')
    // Cards of the cases that wait come to whoever is new, too.
    await until(() => seen(604).join('\n')).toContain('只能用一次')
    const link = /http:\S+sign-in\/[\w-]+/.exec(seen(604).join('\n'))?.[0] ?? ''
    expect((await fetch(link, { method: 'POST', redirect: 'manual' })).status).toBe(303)
    expect(await row('select 1 as kept from message where text like $1', [`%${link.slice(-40)}%`])).toBeUndefined()
    await world.book.remove(sun.id, 'test')
    says(604, '孙工', '/desk')
    await until(() => seen(604).at(-1)).toContain('还没有登记')
  })

  test('the stream resumes after the last event seen, and staff hear nothing of cases', async () => {
    const { cookie } = await world.signIn(zhao)
    const opened = await listen(world.service.url, cookie)
    await until(() => opened.text()).toContain('event: reset')
    const last = /id: (\d+)/.exec(opened.text())?.[1] ?? ''
    opened.stop()
    says(603, '启明新材', '转人工')
    await until(() => seen(603).length).toBeGreaterThan(0)
    const resumed = await listen(world.service.url, cookie, last)
    await until(() => resumed.text()).toMatch(/id: \d+\nevent: change\ndata: \{"topic":"case","id":"\d+","kind":"opened"\}/)
    expect(resumed.text()).not.toContain('event: reset')
    const deaf = await listen(world.service.url, (await world.signIn(await world.add('staff', '聋'))).cookie, last)
    await until(() => deaf.text()).toContain('id: ')
    expect(deaf.text()).not.toContain('case')
    for (const each of [resumed, deaf]) each.stop()
  })

  test('somebody who is removed is out, without a reload', async () => {
    await world.book.remove(wang.id, 'test')
    await first.page.goto(`${world.service.url}#/closed`)
    await first.page.getByRole('heading', { name: '请先登录' }).waitFor()
    expect(readFileSync(`${world.home}/desk-secret`, 'utf8').length).toBeGreaterThan(40)
  })
}
