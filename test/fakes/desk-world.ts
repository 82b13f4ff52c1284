import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deskLinks } from '../../bot/desk/links.ts'
import { type NewPerson, type People, type Person, people, type Role } from '../../bot/handoff/people.ts'
import type { Service } from '../../bot/service.ts'
import type { Env } from '../../retrieval/base/env.ts'
import { openTestPark, startService, type TestPark } from './park.ts'

/** A running service with a person of each role, and a way to sign them in to the web desk. */
export type DeskWorld = {
  readonly park: TestPark
  readonly service: Service
  readonly home: string
  readonly book: People
  add(role: Role, name: string, change?: Partial<NewPerson>): Promise<Person>
  /** @returns a one-time link, as the command and the bot make them */
  link(person: Person, minutes?: number): Promise<string>
  /** Signs in like a browser without pages. */
  signIn(person: Person): Promise<Client>
  close(): Promise<void>
}

export type Client = {
  readonly cookie: string
  get(path: string): Promise<{ status: number; body: unknown }>
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<{ status: number; body: unknown }>
}

export async function openDeskWorld(env: Env = {}): Promise<DeskWorld> {
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-desk-'))
  const park = await openTestPark({ YUANQIAO_HOME: home, DEMO: '1', ...env })
  const { service } = await startService(park)
  const { pool } = park.database
  const book = people(pool)
  const { linkFor } = deskLinks({ pool, people: book, settings: park.park.settings, url: () => service.url })

  async function signIn(person: Person): Promise<Client> {
    const answer = await fetch(await linkFor(person.id, 10), { method: 'POST', redirect: 'manual' })
    return client(service.url, /yq_desk=[\w-]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '')
  }

  return {
    park,
    service,
    home,
    book,
    add: (role, name, change = {}) =>
      book.add({ role, name, telegram: null, wecom: null, fields: [], hours: null, capacity: 5, demo: false, ...change }, 'test'),
    link: (person, minutes = 10) => linkFor(person.id, minutes),
    signIn,
    async close() {
      await service.stop()
      await park.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** @param cookie `name=value`, or '' for somebody who is not signed in */
export function client(url: string, cookie: string): Client {
  const call = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
  }
  return { cookie, get: (path) => call('GET', path), post: (path, body = {}, headers) => call('POST', path, body, headers) }
}
