import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Person } from '../../bot/handoff/people.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { seeded } from '../fakes/random.ts'
import type { ClaimCall, ClaimReply } from './claims-child.ts'

export type ClaimFigures = {
  readonly races: number
  readonly claims: number
  /** Races in which not exactly one broker was told that they have it, or the row names another. */
  readonly notOneOwner: number
  /** Claims refused without the winner's name. */
  readonly losersNotTold: number
  /** Persons who were not told exactly once who took over. */
  readonly personsNotTold: number
  readonly lost: number
  readonly seconds: number
}

export type Claims = {
  readonly races: number
  readonly seed: number
  /** Processes that work on lanes and take claims; workers of this process when it holds the embedded database. */
  readonly processes: number
  readonly progress?: (line: string) => void
}

/** Races for different tickets run side by side. */
const racesAtOnce = 12

/** A claim made by this process or one of the others. */
type Post = (broker: string, ticket: string) => Promise<ClaimReply['result']>

/** Two to eight brokers claim one ticket at the same moment, on several processes, over and over. */
export async function runClaims(plan: Claims): Promise<ClaimFigures> {
  const started = Date.now()
  const desk = await openTestDesk()
  const brokers: Person[] = []
  for (let index = 0; index < 8; index += 1) brokers.push(await desk.broker(`经纪人${index + 1}`, { capacity: 1_000_000 }))
  const others = await openOthers(desk, plan.processes)
  const random = seeded(plan.seed)
  const figures = { races: 0, claims: 0, notOneOwner: 0, losersNotTold: 0, personsNotTold: 0 }
  try {
    let next = 0
    const run = async () => {
      for (let race = next++; race < plan.races; race = next++) {
        await raceOnce(desk, brokers, others.posts, random, race, figures)
        if (figures.races % 500 === 0) plan.progress?.(`${figures.races} of ${plan.races} races`)
      }
    }
    await Promise.all(Array.from({ length: desk.database.kind === 'server' ? racesAtOnce : 2 }, run))
  } finally {
    await others.close()
    await desk.close()
  }
  const lost = figures.notOneOwner + figures.losersNotTold + figures.personsNotTold
  return { ...figures, lost, seconds: Math.round((Date.now() - started) / 1000) }
}

type Counted = { races: number; claims: number; notOneOwner: number; losersNotTold: number; personsNotTold: number }

async function raceOnce(
  desk: TestDesk,
  brokers: readonly Person[],
  posts: readonly Post[],
  random: () => number,
  race: number,
  figures: Counted,
): Promise<void> {
  const chat = `web:race-${race}`
  await desk.write(chat, '转人工')
  const ticket = await ticketOf(desk, chat)
  const count = 2 + Math.floor(random() * 7)
  const racing = brokers.toSorted(() => random() - 0.5).slice(0, count)
  const results = await Promise.all(
    racing.map((broker) => (posts[Math.floor(random() * posts.length)] ?? nowhere)(broker.id, ticket)),
  )
  const row = await desk.deps.tickets.byId(ticket)
  const winners = results.filter((result) => result.code === 'done')
  figures.races += 1
  figures.claims += count
  const [winner] = winners
  if (winners.length !== 1 || row?.state !== 'claimed' || winner?.owner?.id !== row.owner) figures.notOneOwner += 1
  const told = results.filter(
    (result) => result.code === 'taken' && result.owner?.id === row?.owner && result.owner?.name === row?.ownerName,
  )
  figures.losersNotTold += count - 1 - told.length
  const said = (await desk.said(chat)).filter((line) => line.includes('已接手'))
  if (said.length !== 1 || !said[0]?.startsWith(row?.ownerName ?? '?')) figures.personsNotTold += 1
}

const nowhere: Post = () => Promise.reject(new Error('no process'))

async function ticketOf(desk: TestDesk, chat: string): Promise<string> {
  for (;;) {
    const { rows } = await desk.database.pool.query<{ id: string }>(
      'select t.id::text from ticket t join conversation c on c.id = t.conversation where c.chat = $1',
      [chat],
    )
    if (rows[0] !== undefined) return rows[0].id
    if (!(await desk.worker()())) await new Promise((go) => setTimeout(go, 2))
  }
}

type Others = { readonly posts: readonly Post[]; close(): Promise<void> }

/** On a server: processes of their own. On the embedded database, which one process holds: workers of this one, each with its own lease. */
async function openOthers(desk: TestDesk, processes: number): Promise<Others> {
  const { url } = desk.database
  return url === null ? sameProcess(desk, processes) : ownProcesses(url, processes)
}

function sameProcess(desk: TestDesk, processes: number): Others {
  let stopping = false
  const loops = Array.from({ length: processes }, async () => {
    const step = desk.worker()
    while (!stopping) if (!(await step())) await new Promise((go) => setTimeout(go, 20))
  })
  const post: Post = async (broker, ticket) => {
    const person = await desk.deps.people.byId(broker)
    if (person === null) throw new Error('no such broker')
    return desk.post(person, ticket, { do: 'claim' })
  }
  return {
    posts: [post],
    async close() {
      stopping = true
      await Promise.all(loops)
    },
  }
}

async function ownProcesses(url: string, processes: number): Promise<Others> {
  const children = await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(fileURLToPath(new URL('claims-child.ts', import.meta.url)), [url], { execArgv: [] })
      const waiting = new Map<string, (reply: ClaimReply) => void>()
      await new Promise((ready) => child.once('message', ready))
      child.on('message', (reply: ClaimReply) => {
        waiting.get(reply.key)?.(reply)
        waiting.delete(reply.key)
      })
      const post: Post = (broker, ticket) =>
        new Promise((resolve) => {
          const key = randomUUID()
          waiting.set(key, (reply) => resolve(reply.result))
          child.send({ key, broker, ticket } satisfies ClaimCall)
        })
      return { child, post }
    }),
  )
  return {
    posts: children.map(({ post }) => post),
    async close() {
      await Promise.all(
        children.map(({ child }) => {
          const gone = new Promise((resolve) => child.once('exit', resolve))
          child.disconnect()
          return gone
        }),
      )
    },
  }
}
