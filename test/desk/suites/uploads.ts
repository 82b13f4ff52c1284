import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Person } from '../../../bot/handoff/people.ts'
import { ocrLanguage } from '../../../ingest/reader/ocr.ts'
import { openPage } from '../../fakes/browser.ts'
import { client, type DeskWorld } from '../../fakes/desk-world.ts'

const screenshots = process.env['YUANQIAO_SCREENSHOTS']
const clean =
  '云汀园区会展补助办法\n云园管〔2026〕21号\n第一条 举办技术对接会议的企业，每场补助1万元，由第三科受理。\n第二条 本办法自2026年3月1日起施行。\n云汀园区管理委员会\n2026年2月1日\n'
const scan = () => readFileSync(new URL('../../cases/files/png-scan/source.png', import.meta.url))

type Given = { name: string; state: string; outcome: { outcome: string; document_id: string | null; error: unknown } | null }

/** Files given to the desk: over HTTP, then in a browser. */
export function uploadSuite(opened: () => { world: DeskWorld; browser: Browser | null }): void {
  let world: DeskWorld
  let staff: Person
  let cookie: string
  beforeAll(async () => {
    world = opened().world
    staff = await world.add('staff', '何敏 上传')
    cookie = (await world.signIn(staff)).cookie
  })

  const give = async (name: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const address = new URL(`/desk/api/uploads?name=${encodeURIComponent(name)}`, world.service.url)
    const type = { 'content-type': 'application/octet-stream' }
    const answer = await fetch(address, { method: 'POST', body, headers: { cookie, ...type, ...headers } })
    return { status: answer.status, body: (await answer.json()) as { id?: string; error?: string } }
  }
  const list = async () =>
    ((await client(world.service.url, cookie).get('/desk/api/uploads')).body as { uploads: Given[] }).uploads
  const result = async (name: string) => {
    const found = async () => (await list()).find((each) => each.name === name)
    await expect.poll(async () => (await found())?.state, { timeout: 30_000 }).toBe('done')
    return (await found())?.outcome
  }

  test('a file is stored, then read by the road of every file; its name is a name and no path', async () => {
    expect((await give('../../etc/\u202E云汀会展.txt', clean)).status).toBe(200)
    expect(await result('云汀会展.txt')).toMatchObject({ outcome: 'added', doc_no: '云园管〔2026〕21号', error: null })
    const { rows } = await world.park.database.pool.query(
      `select d.source, d.uploaded_by, u.bytes from document d join upload u on d.source = 'desk/' || u.id || '/' || u.name where d.doc_no = '云园管〔2026〕21号'`,
    )
    expect(rows).toEqual([
      { source: expect.stringMatching(/^desk\/\d+\/云汀会展\.txt$/), uploaded_by: `person:${staff.id}`, bytes: null },
    ])
    await give('bad.pdf', '%PDF-1.7 nothing')
    expect(await result('bad.pdf')).toMatchObject({ outcome: 'refused', document_id: null, error: { code: 'damaged' } })
    expect(JSON.stringify(await list())).not.toMatch(/hint|message|stack/)
  })

  test('what is too large, from nobody, from another site or without a name is refused before it is read', async () => {
    expect(await untilAnswer(world.service.url, cookie, 21 * 1024 * 1024)).toBe(413)
    expect((await give('a.txt', clean, { cookie: '' })).body).toEqual({ error: 'signed_out' })
    expect((await give('a.txt', clean, { 'sec-fetch-site': 'cross-site' })).body).toEqual({ error: 'foreign_origin' })
    expect((await give('', clean)).body).toEqual({ error: 'bad_request' })
    const broker = (await world.signIn(await world.add('broker', '上传 不行'))).cookie
    expect((await give('a.txt', clean, { cookie: broker })).body).toEqual({ error: 'not_allowed' })
  })

  test('a file a process had begun with is read by the next; bytes of 18 MB arrive whole', async () => {
    const { pool } = world.park.database
    await pool.query(
      `insert into upload (name, bytes, size, uploaded_by, taken_at) values ('leftover.txt', $1, 9, $2, now() - interval '11 minutes')`,
      [Buffer.from(clean.replace('21号', '22号').replace('会展', '差旅')), `person:${staff.id}`],
    )
    expect((await give('large.bin', new Uint8Array(18 * 1024 * 1024))).status).toBe(200)
    expect(await result('leftover.txt')).toMatchObject({ outcome: expect.stringMatching(/added|needs_review/) })
    expect(await result('large.bin')).toMatchObject({ outcome: 'refused', error: { code: 'unsupported_format' } })
  })

  test('the notice of one event becomes an event with one click; another document is none', async () => {
    const text =
      '关于举办“氢能技术对接会”的通知\n各企业：\n一、活动时间：2027年3月3日14:00-16:00\n二、活动地点：孵化楼二楼\n云汀园区管理委员会\n2026年11月20日\n'
    await give('氢能通知.txt', text)
    const notice = (await result('氢能通知.txt'))?.document_id
    const desk = client(world.service.url, cookie)
    expect((await desk.get(`/desk/api/documents/${notice}`)).body).toMatchObject({ event: { 活动地点: '孵化楼二楼' } })
    expect((await desk.post(`/desk/api/documents/${notice}/event`)).status).toBe(200)
    expect(await result('氢能技术对接会.csv')).toMatchObject({ outcome: 'added', records: 1 })
    const { coming } = (await desk.get('/desk/api/agenda')).body as { coming: { title: string; place: string }[] }
    expect(coming).toContainEqual(expect.objectContaining({ title: '氢能技术对接会', place: '孵化楼二楼' }))
    await give('别的办法.txt', clean.replace('21号', '23号').replace('会展', '氢能'))
    const other = (await result('别的办法.txt'))?.document_id
    expect((await desk.post(`/desk/api/documents/${other}/event`)).body).toEqual({ error: 'no_event' })
  })

  const reads = ocrLanguage() !== null
  const shown = reads ? /等待审核|与已有的相同/ : '没有装文字识别'

  test.each([1280, 390])(
    'uploaded in a browser %d pixels wide: on its way, read, and one click from its review',
    async (width) => {
      const { browser } = opened()
      if (browser === null) return
      const { page, problems, context } = await openPage(browser, { width })
      await page.goto(await world.link(staff))
      await page.getByRole('button').click()
      await page.locator('.upload').waitFor()
      const name = `扫描件 ${width}.png`
      await page.locator('#upload-files').setInputFiles([
        { name, mimeType: 'image/png', buffer: scan() },
        { name: `空 ${width}.txt`, mimeType: 'text/plain', buffer: Buffer.alloc(0) },
      ])
      await page
        .locator('.upload-row', { hasText: `空 ${width}` })
        .getByText('文件是空的')
        .waitFor()
      await page.locator('.upload-row', { hasText: name }).getByText(shown).waitFor({ timeout: 60_000 })
      await keep(page, `desk-upload-${width}`)
      if (reads) await besideFields(page, String((await result(name))?.document_id), width)
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
      expect(problems).toEqual([])
      await context.close()
    },
    90_000,
  )

  async function besideFields(page: Page, id: string, width: number): Promise<void> {
    await page.goto(`${world.service.url}#/review/${id}`)
    await page.locator('.pictures img').waitFor()
    await expect.poll(() => page.evaluate(`document.querySelector('.pictures img').naturalWidth`)).toBeGreaterThan(300)
    await keep(page, `desk-review-scan-${width}`)
    await page.getByRole('button', { name: '第 1 页' }).click()
    await page.locator('.picture[aria-expanded="true"]').waitFor()
    await keep(page, `desk-review-page-${width}`)
  }
}

async function keep(page: Page, name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) })
}

/** Announces a length and waits: nobody must send 21 MB to learn that it is too much. */
function untilAnswer(url: string, cookie: string, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, 'content-type': 'application/octet-stream', 'content-length': String(length) }
    const sent = request(new URL('/desk/api/uploads?name=x', url), { method: 'POST', headers }, (answer) => {
      resolve(answer.statusCode ?? 0)
      sent.destroy()
    })
    sent.on('error', reject)
    sent.write('x')
  })
}
