import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { people } from '../../bot/handoff/people.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { type KfServer, kfServer } from '../fakes/kf-server.ts'
import { kfEnv } from '../fakes/kf-world.ts'
import { type PeopleFigures, runPeople } from './wecom/people.ts'
import { supervise, type Workers } from './wecom/workers.ts'

const perRound = 1_000
type WecomFigures = PeopleFigures & {
  readonly database: string
  readonly seed: number
  readonly rounds: number
  readonly kills: number
  readonly seconds: number
}

const servicers = ['wanggong', 'ligong']

/** Everything the platform does to those who are careless. Shares are of 1. */
export function unkind(kf: KfServer): void {
  Object.assign(kf.chaos, {
    lostBells: 0.1,
    bells: 3,
    busy: 0.02,
    lostAnswers: 0.01,
    emptyPages: 0.1,
    shuffledPages: 0.5,
    repeats: 0.2,
    largestPage: 40,
  })
  kf.knobs.expire = () => kf.random() < 0.005
  for (const each of servicers) kf.servicers.set(each, 'receiving')
}

/**
 * `npm run campaign -- wecom [--messages 10000] [--seed 1] [--kill] [--workers 4] [--from 1] [--minutes 40]`: customers of 微信客服 against
 * `npm start`, in rounds of a thousand messages, each with a seed of its own, so that a run that was broken off goes on with `--from`.
 * The server of DATABASE_URL, or the embedded database; with `--kill` one worker is killed every second (embedded: the only one, every 20 s).
 */
export async function wecomCampaign(args: readonly string[]): Promise<WecomFigures> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      kill: { type: 'boolean', default: false },
      workers: { type: 'string' },
      from: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '40' },
    },
  })
  const server = process.env['DATABASE_URL']
  const [messages, seed, from] = [Number(values.messages), Number(values.seed), Number(values.from)]
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-wecom-'))
  const untilMs = Date.now() + Number(values.minutes) * 60_000
  const total: PeopleFigures[] = []
  let kills = 0
  const began = Date.now()
  const begin = (kf: KfServer) =>
    supervise({
      workers: server === undefined ? 1 : Number(values.workers ?? (values.kill ? 6 : 2)),
      killEveryMs: values.kill ? (server === undefined ? 20_000 : 1_000) : null,
      env: envOf(kf, home, server),
    })
  try {
    await register(server ?? null, home)
    for (let round = from; (round - 1) * perRound < messages && Date.now() < untilMs; round += 1) {
      const wanted = Math.min(perRound, messages - (round - 1) * perRound)
      const kf = await kfServer({ seed: seed + round, account: `wkCampaign${seed}r${round}d${Date.now()}` })
      unkind(kf)
      const workers = begin(kf)
      const figures = await oneRound(kf, workers, { messages: wanted, seed: seed * 1_000 + round, untilMs })
      kills += workers.kills()
      total.push(figures)
      process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`)
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  const database = server === undefined ? 'embedded' : 'server'
  return { database, seed, rounds: total.length, kills, seconds: Math.round((Date.now() - began) / 1000), ...summed(total) }
}

async function oneRound(
  kf: KfServer,
  workers: Workers,
  of: { messages: number; seed: number; untilMs: number },
): Promise<PeopleFigures> {
  try {
    await workers.ready()
    kf.callback = () => {
      const address = workers.address()
      return address === null ? null : `${address}wecom/callback`
    }
    // What is older than the first start is history: it has to have started.
    await new Promise((go) => setTimeout(go, 1_500))
    const progress = (line: string) => void process.stderr.write(`${line}, ${workers.kills()} kills\n`)
    return await runPeople({ kf, atOnce: Math.min(250, of.messages), servicers, progress, ...of })
  } finally {
    kf.callback = null
    await workers.stop()
    await kf.close()
  }
}

function envOf(kf: KfServer, home: string, server: string | undefined): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...kfEnv(kf), PATH: process.env['PATH'], PORT: '0', DEMO: '1', YUANQIAO_HOME: home }
  return server === undefined ? env : { ...env, DATABASE_URL: server }
}

/** The servicers are registered brokers, so that they are chosen at a hand-off and their words claim. */
async function register(databaseUrl: string | null, home: string): Promise<void> {
  const database = await openDatabase({ databaseUrl, home, holder: 'campaign', log: silentLog })
  const known = await people(database.pool).list()
  const broker = { role: 'broker' as const, telegram: null, fields: [], hours: null, capacity: 1_000, demo: false }
  for (const wecom of servicers)
    if (!known.some((each) => each.wecom === wecom))
      await people(database.pool).add({ ...broker, name: wecom, wecom }, 'campaign')
  await database.close()
}

function summed(rounds: readonly PeopleFigures[]): PeopleFigures {
  const names = Object.keys(rounds[0] ?? {}) as (keyof PeopleFigures)[] // all are numbers
  const sum = (name: keyof PeopleFigures) => rounds.reduce((total, each) => total + each[name], 0)
  const figures = Object.fromEntries(names.map((name) => [name, sum(name)])) as PeopleFigures // the same names
  return { ...figures, ackP99Ms: Math.max(0, ...rounds.map((each) => each.ackP99Ms)) }
}
