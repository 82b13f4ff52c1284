import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Service } from '../../bot/service.ts'
import { hasBrowser, openBrowser } from '../fakes/browser.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'

/** YUANQIAO_SCREENSHOTS=folder keeps what the page looks like, for the README. */
const screenshots = process.env['YUANQIAO_SCREENSHOTS']

describe.runIf(hasBrowser)('the page to try the bot, in a browser', () => {
  let world: TestPark
  let service: Service
  let browser: Browser

  beforeAll(async () => {
    world = await openTestPark({ YUANQIAO_CLOCK: '2026-11-24T10:00:00+08:00' })
    service = (await startService(world)).service
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await service.stop()
    await world.close()
  })

  async function openPage(width: number, locale = 'zh-CN'): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 860 }, locale })
    const problems: string[] = []
    page.on('dialog', (dialog) => problems.push(`dialog ${dialog.message()}`))
    page.on('console', (message) => (message.type() === 'error' ? problems.push(message.text()) : undefined))
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(`${service.url}chat`)
    await page
      .getByText(/您好|Hello/)
      .first()
      .waitFor()
    return { page, problems }
  }

  async function ask(page: Page, question: string): Promise<void> {
    await page.locator('#text').fill(question)
    await page.keyboard.press('Enter')
  }

  test.each([1280, 390])('at %d pixels a question gets an answer with its source and buttons', async (width) => {
    const { page, problems } = await openPage(width)
    await ask(page, '小微企业技术合同登记最多奖多少？')
    await page.getByText('云园管〔2025〕3号').waitFor()
    expect(await page.getByText('30万元').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: '有帮助' }).click()
    await page.getByText('谢谢，已记下').waitFor()
    await ask(page, '转人工')
    await page.getByText('编号').first().waitFor()
    const wide = await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')
    expect(wide).toBe(true)
    if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/chat-${width}.png` })
    expect(problems).toEqual([])
    await page.close()
  })

  test('what was said is there again after a reload', async () => {
    const { page } = await openPage(1280)
    await ask(page, '发明专利授权一件资助多少？')
    await page.getByText('3000元').waitFor()
    await page.reload()
    await page.getByText('发明专利授权一件资助多少？').waitFor()
    await page.getByText('3000元').waitFor()
    await page.close()
  })

  test('markup that was typed is shown as text and never runs', async () => {
    const { page, problems } = await openPage(1280, 'en-GB')
    await ask(page, '<img src=x onerror=alert(1)><script>alert(2)</script>')
    await page.getByText('<img src=x onerror=alert(1)>').waitFor()
    await page.locator('.message.bot').nth(1).waitFor()
    expect(await page.locator('#messages img, #messages script').count()).toBe(0)
    expect(problems).toEqual([])
    await page.close()
  })

  test('a page of another site cannot speak, and unknown paths say nothing', async () => {
    const send = (headers: Record<string, string>, body: string) =>
      fetch(`${service.url}chat/messages`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
    const cookie = 'yq_chat=AAAAAAAAAAAAAAAAAAAAAA'
    expect((await send({}, '{"id":"12345678","text":"x"}')).status).toBe(403)
    expect((await send({ cookie, 'sec-fetch-site': 'cross-site' }, '{"id":"12345678","text":"x"}')).status).toBe(403)
    expect((await send({ cookie }, '{"id":"12345678"}')).status).toBe(400)
    expect((await send({ cookie }, 'not json')).status).toBe(400)
    expect((await send({ cookie }, JSON.stringify({ id: '12345678', text: 'x'.repeat(60_000) }))).status).toBe(413)
    const missing = await fetch(`${service.url}nothing/here`)
    expect(missing.status).toBe(404)
    expect(missing.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await (await fetch(`${service.url}readyz`)).json()).toMatchObject({ ok: true })
    expect(await (await fetch(`${service.url}healthz`)).json()).toEqual({ ok: true })
  })

  test('metrics tell figures of the rows and of the process, and nothing anybody wrote', async () => {
    const reply = await fetch(`${service.url}metrics`)
    expect(reply.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    const text = await reply.text()
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) yuanqiao_\w+ .+|yuanqiao_\w+(\{\w+="[\w.]+"\})? [\d.e+-]+)$/)
    expect(text).toContain('yuanqiao_database_up 1\n')
    expect(text).toMatch(/yuanqiao_answers_day\{decision="answer"\} [1-9]/)
    expect(text).toMatch(/yuanqiao_documents\{state="live"\} [1-9]/)
    expect(text).toMatch(/yuanqiao_inbox_waiting \d+\n/)
    expect(Number(/^yuanqiao_inbox_oldest_seconds (\S+)$/m.exec(text)?.[1])).toBeLessThan(600)
  })
})
