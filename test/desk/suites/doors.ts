import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { rules } from '../../../bot/desk/rules.ts'
import { signer } from '../../../bot/desk/secret.ts'
import type { Role } from '../../../bot/handoff/people.ts'
import { type Client, client, type DeskWorld } from '../../fakes/desk-world.ts'

/** Sign-in, sessions, and every route × role × foreign id. */
export function doorSuite(opened: () => DeskWorld): void {
  let world: DeskWorld
  const signedIn = new Map<Role, Client>()

  beforeAll(async () => {
    world = opened()
    for (const role of ['broker', 'lead', 'staff'] as const)
      signedIn.set(role, await world.signIn(await world.add(role, `${role} 一`)))
  })

  const as = (role: Role): Client => signedIn.get(role) ?? client(world.service.url, '')
  const post = (link: string, headers: Record<string, string> = {}) =>
    fetch(link, { method: 'POST', redirect: 'manual', headers })

  test('a link signs in once: looking does not burn it, the second use is refused with a clear page', async () => {
    const link = await world.link(await world.add('broker', '链接'))
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(link, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(200)
    const page = await fetch(link)
    expect(await page.text()).toContain('<form method="post">')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')

    const first = await post(link)
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    expect(first.headers.get('set-cookie')).toMatch(/^yq_desk=[\w-]{46}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)

    for (const again of [await post(link), await fetch(link)]) {
      expect(again.status).toBe(410)
      expect(again.headers.get('set-cookie')).toBeNull()
      expect(await again.text()).toContain('已经用过了')
    }
  })

  test('of eight uses at once one signs in', async () => {
    const link = await world.link(await world.add('broker', '抢登录'))
    const all = await Promise.all(Array.from({ length: 8 }, () => post(link)))
    expect(all.map((each) => each.status).sort()).toEqual([303, 410, 410, 410, 410, 410, 410, 410])
  })

  test('a link that is too old, made up, or posted from another site does nothing', async () => {
    const person = await world.add('broker', '过期')
    const old = await post(await world.link(person, 0))
    expect([old.status, await old.text()]).toEqual([410, expect.stringContaining('已经过期')])

    const link = await world.link(person)
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      { origin: 'https://evil.example' },
    ])
      expect((await post(link, headers)).status).toBe(403)
    const forged = signer('another secret of sixteen').make('link')
    const statuses: number[] = []
    for (let turn = 0; turn < 12; turn += 1) statuses.push((await post(`${world.service.url}desk/sign-in/${forged}`)).status)
    expect(statuses.slice(0, 10).every((each) => each === 404)).toBe(true)
    expect(statuses.slice(-2)).toEqual([429, 429])
    expect((await post(link, { 'sec-fetch-site': 'same-origin', origin: 'null' })).status).toBe(303) // guesses lock nobody out
  })

  test('a person who is removed is out at the next request, and their links are void', async () => {
    const person = await world.add('broker', '离职')
    const browser = await world.signIn(person)
    const unused = await world.link(person)
    expect((await browser.get('/desk/api/me')).status).toBe(200)
    expect((await as('lead').post(`/desk/api/people/${person.id}/remove`)).status).toBe(200)
    expect((await browser.get('/desk/api/me')).status).toBe(401)
    expect((await post(unused)).status).toBe(404)
  })

  test('signing out ends the session on the server, not only in the browser', async () => {
    const browser = await world.signIn(await world.add('broker', '退出'))
    expect((await browser.post('/desk/api/sign-out')).status).toBe(200)
    expect((await browser.get('/desk/api/me')).status).toBe(401)
  })

  test('the secret is made once, for its owner alone, and signs: a changed cookie is nobody', async () => {
    const file = join(world.home, 'desk-secret')
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    expect(readFileSync(file, 'utf8').trim().length).toBeGreaterThan(40)
    const { cookie } = as('lead')
    const changed = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A')
    expect((await client(world.service.url, changed).get('/desk/api/me')).status).toBe(401)
    expect(
      await world.park.database.pool.query('select 1 from desk_session where id_hash = $1', [cookie.split('=')[1]]),
    ).toMatchObject({ rowCount: 0 })
  })

  /** Every route × role × an id that is not theirs: without the role 404; with the role 404 because there is no such thing. */
  const cells = Object.keys(rules).flatMap((route) => {
    const [method = '', path = ''] = route.split(' ')
    return (['broker', 'lead', 'staff'] as const).map((role) => ({
      method,
      path,
      role,
      allowed: rules[route]?.includes(role) === true,
    }))
  })
  const bodies: Readonly<Record<string, unknown>> = {
    '/desk/api/people/:id/duty': { present: true },
    '/desk/api/cases/:id/action': { key: '5b1a6a52-1111-4222-8333-944455566677', action: { do: 'claim' } },
    '/desk/api/documents/:id/protected': { passage: 'ffffffffffffffff' },
    '/desk/api/documents/:id/wrong': { passage: 'ffffffffffffffff', wrong: true },
  }

  test.each(cells.filter(({ path }) => path.includes(':id')))(
    '$method $path for $role with a foreign id is 404',
    async ({ method, path, role }) => {
      for (const id of ['999999999', '0123456789abcdef', "1'or'1'='1"]) {
        const address = path.replace(':id', encodeURIComponent(id))
        for (const body of method === 'GET' ? [null] : [bodies[path] ?? {}, { none: 'of these' }]) {
          const said = body === null ? await as(role).get(address) : await as(role).post(address, body)
          expect([id, said.status, said.body]).toEqual([id, 404, { error: 'not_found' }])
        }
      }
    },
  )

  test.each(cells.filter(({ path }) => !path.includes(':id')))(
    '$method $path for $role: allowed $allowed',
    async ({ method, path, role, allowed }) => {
      if (path.endsWith('/sign-out') || path.endsWith('/events')) return expect(allowed).toBe(true)
      const said = method === 'GET' ? await as(role).get(path) : await as(role).post(path)
      if (allowed) expect([200, 400]).toContain(said.status)
      else expect([said.status, said.body]).toEqual([403, { error: 'not_allowed' }])
    },
  )

  test.each(Object.keys(rules))('%s answers nobody who is not signed in, and no other site', async (route) => {
    const [method = '', path = ''] = route.split(' ')
    const address = path.replace(':id', '1')
    const stranger = client(world.service.url, '')
    const said = method === 'GET' ? await stranger.get(address) : await stranger.post(address)
    expect([said.status, said.body]).toEqual([401, { error: 'signed_out' }])
    if (method !== 'POST') return
    const foreign = await as('lead').post(address, {}, { 'sec-fetch-site': 'cross-site' })
    expect([foreign.status, foreign.body]).toEqual([403, { error: 'foreign_origin' }])
  })

  test('a field nobody asked for, a body that is too long and one that is no JSON are refused without a word about why inside', async () => {
    const person = { name: '新人', role: 'broker', fields: [], hours: null, capacity: 5 }
    const lead = as('lead')
    expect((await lead.post('/desk/api/people', { ...person, demo: true })).status).toBe(400)
    expect((await lead.post('/desk/api/people', { ...person, role: 'admin' })).status).toBe(400)
    expect(await lead.post('/desk/api/people', { ...person, hours: '随时' })).toEqual({
      status: 400,
      body: { error: 'bad_hours' },
    })
    expect((await lead.post('/desk/api/people', { ...person, name: 'x'.repeat(70_000) })).status).toBe(413)
    expect(await lead.post('/desk/api/people', '{"name":')).toEqual({ status: 400, body: { error: 'bad_request' } })
  })

  test('the page is served with a policy that runs nothing inline, and only the files that are there', async () => {
    const page = await fetch(world.service.url)
    const html = await page.text()
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/)
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(html).not.toMatch(/<script(?![^>]*src=)|\sstyle=|\son\w+=/)
    expect((await fetch(`${world.service.url}desk/page/app.js`)).headers.get('content-type')).toContain('text/javascript')
    for (const path of ['desk/page/..%2f..%2fconfig.ts', 'desk/page/sign-in.html', 'desk/page/', 'desk/api/nothing'])
      expect((await fetch(world.service.url + path)).status).toBe(404)
  })

  test('the two languages of the page say the same things', () => {
    const book = (name: string) =>
      JSON.parse(readFileSync(new URL(`../../../bot/desk/page/words.${name}.json`, import.meta.url), 'utf8')) as Record<
        string,
        string
      > // our own file
    const [zh, en] = [book('zh'), book('en')]
    const holes = (sentence: string | undefined) => [...(sentence ?? '').matchAll(/\{\w+\}/g)].map((match) => match[0]).sort()
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    const different = Object.keys(zh).filter(
      (key) => zh[key] !== '' && en[key] !== '' && String(holes(zh[key])) !== String(holes(en[key])),
    )
    expect(different).toEqual([])
  })
}
