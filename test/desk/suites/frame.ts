import type { Browser } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../../fakes/browser.ts'
import type { DeskWorld } from '../../fakes/desk-world.ts'

/** What stands around every page: the menu, who is signed in, short messages. */
export function frameSuite(opened: () => { world: DeskWorld; browser: Browser }): void {
  test('a lead finds the way out on a laptop, and sees on a telephone that the menu goes on', async () => {
    const { world, browser } = opened()
    const { page, context, problems } = await openPage(browser)
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(await world.link(await world.add('lead', '周主任 框')))
    await page.getByRole('button').click()
    await page.locator('#main:not([aria-busy]) h1').waitFor()
    const out = await page.getByRole('button', { name: '退出' }).boundingBox()
    expect((out?.y ?? 900) + (out?.height ?? 0)).toBeLessThanOrEqual(800)

    // Said and looked at in one go: on a busy machine a message is gone before the next question about the page.
    const said = (words: string, kind: string) =>
      page.evaluate<{ texts: string[]; overTitle: boolean }>(`import('/desk/page/dom.js').then(({ toast }) => {
        toast('${words}', '${kind}')
        const [title, message] = ['h1', '.toast:last-child'].map((each) => document.querySelector(each).getBoundingClientRect())
        return {
          texts: [...document.querySelectorAll('.toast')].map((each) => each.textContent),
          overTitle: title.top < message.bottom && message.top < title.bottom,
        }
      })`)
    await said('没有成功', 'bad')
    expect(await said('已经好了', 'ok')).toEqual({ texts: ['已经好了'], overTitle: false })

    await page.setViewportSize({ width: 390, height: 844 })
    await page.reload()
    await page.locator('#main:not([aria-busy]) h1').waitFor()
    const menu = page.locator('#menu')
    const ends = () => menu.evaluate((each) => [each.getAttribute('data-before'), each.getAttribute('data-after')])
    await expect.poll(ends).toEqual(['false', 'true'])
    await menu.evaluate((each) => each.scrollTo({ left: 100_000 }))
    await expect.poll(ends).toEqual(['true', 'false'])
    expect((await said('没有成功', 'bad')).overTitle).toBe(false)
    expect(problems).toEqual([])
    await context.close()
  })
}
