import { existsSync, readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Person } from '../../../bot/handoff/people.ts'
import { sanitise } from '../../../retrieval/base/sanitise.ts'
import { openPage, type WatchedPage } from '../../fakes/browser.ts'
import type { DeskWorld } from '../../fakes/desk-world.ts'
import { nastyStrings } from '../../fakes/nasty-strings.ts'

/** The big list lies beside the repository where available; our own is always there. */
const shared = ['blns', 'unicode_hazards'].flatMap((name) => {
  const file = new URL(`../../../../shared/attacks/strings/${name}.jsonl`, import.meta.url)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => (JSON.parse(line) as { text: string }).text) // the list's own shape
})
/** As stored: what no database and no chat can hold is removed on entry. */
const payloads = [...new Set([...nastyStrings, ...shared].map(sanitise))]
const perPage = 180

/** Whatever somebody writes is text on the desk. Closes every open ticket: run it last. */
export function stringSuite(given: () => { world: DeskWorld; browser: Browser }): void {
  let world: DeskWorld
  let opened: WatchedPage
  let lead: Person

  beforeAll(async () => {
    world = given().world
    lead = await world.add('lead', '周主任')
    opened = await openPage(given().browser)
    await opened.page.goto(await world.link(lead))
    await opened.page.getByRole('button').click()
    await opened.page.locator('.shell').waitFor()
  })

  const query = (sql: string, values: readonly unknown[]) => world.park.database.pool.query(sql, [...values])
  const batches = Array.from({ length: Math.ceil(payloads.length / perPage) }, (_, index) =>
    payloads.slice(index * perPage, (index + 1) * perPage),
  )
  const open = async (page: Page, hash: string) => {
    await page.goto('about:blank')
    await page.goto(`${world.service.url}#/${hash}`)
    await page.locator('#main:not([aria-busy]) h1').first().waitFor()
  }
  const texts = (page: Page, selector: string) => page.locator(selector).evaluateAll((all) => all.map((each) => each.textContent))
  /** Nothing ran, nothing was loaded or requested, and there is no foreign element. */
  const expectQuiet = async (page: Page) => {
    expect(opened.problems).toEqual([])
    expect(await page.locator('#main :is(script, style, iframe, svg, img, form, link, meta, base, object, math)').count()).toBe(0)
  }

  test.each(batches.map((batch, index) => ({ index, batch })))('as messages, batch $index', async ({ batch }) => {
    const { rows } = await query(
      `with talk as (insert into conversation (chat, turn, person_name) values ('telegram:' || (900000 + $1::int), 'broker', '企业') returning id)
       insert into ticket (conversation, reason, need, state, owner) select id, 'asked_for_a_person', $2, 'claimed', $3 from talk returning id::text, conversation::text`,
      [payloads.indexOf(batch[0] ?? ''), batch[0], lead.id],
    )
    const made = rows[0] as { id: string; conversation: string } // the columns just asked for
    await query(`insert into message (conversation, author, text) select $1, 'person', text from unnest($2::text[]) as text`, [
      made.conversation,
      batch,
    ])
    await open(opened.page, `case/${made.id}`)
    expect(await texts(opened.page, '.line.person .bubble')).toEqual(batch)
    await expectQuiet(opened.page)
  })

  test.each(batches.map((batch, index) => ({ index, batch })))(
    'as nicknames and needs in the queue, batch $index',
    async ({ batch }) => {
      await query(`update ticket set state = 'closed', closed_at = now() where state <> 'closed'`, [])
      await query(
        `with talk as (insert into conversation (chat, turn, person_name)
         select 'wecom:' || gen_random_uuid(), 'waiting_for_broker', name from unnest($1::text[]) with ordinality as each (name, n) order by n returning id, person_name)
       insert into ticket (conversation, reason, need) select id, 'low_confidence', person_name from talk order by id`,
        [batch],
      )
      await open(opened.page, 'queue')
      expect(await texts(opened.page, '.row .name')).toEqual(batch)
      expect(await texts(opened.page, '.row .row-title')).toEqual(batch.map((each) => each || '（内容已按对方要求清除）'))
      await expectQuiet(opened.page)
    },
  )

  test('as titles and file names of documents, in the list and on their own page', async () => {
    await query(
      `insert into document (id, family, version, source, sha256, fingerprint, kind, title, doc_no, issuers, state, doubts)
       select 'd' || n, 'd' || n, 1, '/upload/' || text, n, n, 'policy', text, text, array[text], 'waiting', jsonb_build_array(jsonb_build_object('code', 'masked_characters', 'field', 'title', 'phrase', text))
         from unnest($1::text[]) with ordinality as each (text, n)`,
      [payloads],
    )
    await query(
      `insert into passage (id, document_id, position, clause, heading, text, terms) select 'p' || n, 'd' || n, 0, text, text, text, '{}' from unnest($1::text[]) with ordinality as each (text, n)`,
      [payloads],
    )
    await open(opened.page, 'review')
    expect((await texts(opened.page, '.row .row-title')).sort()).toEqual([...payloads].sort())
    const fileOf = (text: string) => `/upload/${text}`.split(/[\\/]/).at(-1) || `/upload/${text}`
    expect((await texts(opened.page, '.row .file')).sort()).toEqual(payloads.map(fileOf).sort())
    await expectQuiet(opened.page)
    for (const index of [0, 4, 13, 24]) {
      await open(opened.page, `review/d${index + 1}`)
      expect(await texts(opened.page, '.case-title h1, .case-title .file')).toEqual([
        payloads[index],
        `/upload/${payloads[index]}`,
      ])
      expect(await texts(opened.page, '.clause-text')).toEqual([payloads[index]])
      await expectQuiet(opened.page)
    }
  })

  test('as words that wait for somebody who is to be telephoned, and as their name', async () => {
    const some = payloads.filter((_, index) => index % 4 === 0) // as many as the page lists
    await query(
      `with c as (insert into conversation (chat, person_name) select 'kf:s:' || n, text from unnest($1::text[]) with ordinality as each (text, n) returning id, person_name),
            o as (insert into outbox (key, chat, conversation, body, state)
                  select 'held:' || id, 'kf:s', id, jsonb_build_object('kind', 'text', 'blocks', jsonb_build_array(
                    jsonb_build_object('type', 'paragraph', 'spans', jsonb_build_array(person_name)))), 'held' from c returning id, conversation)
       insert into call_task (conversation, outbox) select conversation, id from o`,
      [some],
    )
    await open(opened.page, 'calls')
    for (const shown of ['.row .row-title', '.row .row-text'])
      expect((await texts(opened.page, shown)).sort()).toEqual([...some].sort())
    await expectQuiet(opened.page)
  })

  test('what an address says is no page, no markup and no script', async () => {
    for (const hash of [
      'javascript:alert(1)',
      '__proto__',
      'constructor/1',
      'case/%3Cimg src=x onerror=alert(1)%3E',
      'source/..%2f..%2fme',
      '%E0%A4%A',
    ])
      await open(opened.page, hash)
    await expectQuiet(opened.page)
  })
}
