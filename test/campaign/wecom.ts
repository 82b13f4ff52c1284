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
import { openRounds } from './wecom/rounds.ts'
import { supervise, type Workers } from './wecom/workers.ts'

const perRound = 1_000
type RoundFigures = PeopleFigures & { readonly kills: number; readonly seconds: number }
type WecomFigures = RoundFigures & { readonly database: string; readonly seed: number; readonly rounds: number }

const servicers = ['wanggong', 'ligong']

/** Everything the platform does to careless clients. Shares are of 1. */
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
 * `npm run campaign -- wecom [--messages 10000] [--seed 1] [--kill] [--workers 4] [--round 3] [--state FILE] [--minutes 40]`: customers of
 * 微信客服 against `npm start`, in rounds of a thousand messages, each with its own seed. Finished rounds are kept in the file, so that an
 * interrupted run continues; `--round` runs one alone. On the server of DATABASE_URL or the embedded database; with `--kill` one worker is
 * killed every second (embedded: the only one, every 20 s).
 */
export async function wecomCampaign(args: readonly string[]): Promise<WecomFigures> {
  const options = optionsOf(args)
  const { messages, seed, kill, round: only, server } = options
  const rounds = openRounds<RoundFigures>(options.state, `${server === null ? 'embedded' : 'server'} seed ${seed} kill ${kill}`)
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-wecom-'))
  const untilMs = Date.now() + options.minutes * 60_000
  try {
    await register(server, home)
    const all = Array.from({ length: Math.ceil(messages / perRound) }, (_, index) => index + 1)
    const wanted = only === null ? all.filter((each) => !rounds.done.has(each)) : [only]
    for (const round of wanted) {
      const figures = await oneRound(options, { round, home, untilMs })
      process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`)
      // A round that ran out of time is repeated.
      if (figures === null) break
      rounds.add(round, figures)
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  const database = server === null ? 'embedded' : 'server'
  return { database, seed, rounds: rounds.done.size, ...summed([...rounds.done.values()]) }
}

type Options = ReturnType<typeof optionsOf>

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      kill: { type: 'boolean', default: false },
      workers: { type: 'string' },
      round: { type: 'string' },
      state: { type: 'string' },
      minutes: { type: 'string', default: '40' },
    },
  })
  const server = process.env['DATABASE_URL'] ?? null
  return {
    server,
    kill: values.kill,
    messages: Number(values.messages),
    seed: Number(values.seed),
    workers: server === null ? 1 : Number(values.workers ?? (values.kill ? 6 : 2)),
    round: values.round === undefined ? null : Number(values.round),
    state: values.state ?? null,
    minutes: Number(values.minutes),
  }
}

type Place = { readonly round: number; readonly home: string; readonly untilMs: number }

/** @returns null when time ran out before the round was over */
async function oneRound(options: Options, { round, home, untilMs }: Place): Promise<RoundFigures | null> {
  const { seed, kill, server } = options
  const messages = Math.min(perRound, options.messages - (round - 1) * perRound)
  // An account of its own: leftovers of an interrupted round in the database belong to nobody.
  const kf = await kfServer({ seed: seed + round, account: `wkCampaign${seed}r${round}d${Date.now()}` })
  unkind(kf)
  const workers = supervise({
    workers: options.workers,
    killEveryMs: kill ? (server === null ? 20_000 : 1_000) : null,
    env: envOf(kf, home, server),
  })
  const began = Date.now()
  try {
    const figures = await customers(kf, workers, { messages, seed: seed * 1_000 + round, untilMs })
    if (figures.accepted < messages) return null
    return { ...figures, kills: workers.kills(), seconds: Math.round((Date.now() - began) / 1000) }
  } finally {
    kf.callback = null
    await workers.stop()
    await kf.close()
  }
}

async function customers(
  kf: KfServer,
  workers: Workers,
  of: { messages: number; seed: number; untilMs: number },
): Promise<PeopleFigures> {
  await workers.ready()
  kf.callback = () => {
    const address = workers.address()
    return address === null ? null : `${address}wecom/callback`
  }
  // Messages from before the first start are ignored, so it must have started.
  await new Promise((go) => setTimeout(go, 1_500))
  const progress = (line: string) => void process.stderr.write(`${line}, ${workers.kills()} kills\n`)
  return runPeople({ kf, atOnce: Math.min(250, of.messages), servicers, progress, ...of })
}

function envOf(kf: KfServer, home: string, server: string | null): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...kfEnv(kf), PATH: process.env['PATH'], PORT: '0', DEMO: '1', YUANQIAO_HOME: home }
  return server === null ? env : { ...env, DATABASE_URL: server }
}

/** Registers the servicers as brokers, so that they are chosen at a hand-off and their words claim. */
async function register(databaseUrl: string | null, home: string): Promise<void> {
  const database = await openDatabase({ databaseUrl, home, holder: 'campaign', log: silentLog })
  const known = await people(database.pool).list()
  const broker = { role: 'broker' as const, telegram: null, fields: [], hours: null, capacity: 1_000, demo: false }
  for (const wecom of servicers)
    if (!known.some((each) => each.wecom === wecom))
      await people(database.pool).add({ ...broker, name: wecom, wecom }, 'campaign')
  await database.close()
}

function summed(rounds: readonly RoundFigures[]): RoundFigures {
  const names = Object.keys(rounds[0] ?? {}) as (keyof RoundFigures)[] // all are numbers
  const sum = (name: keyof RoundFigures) => rounds.reduce((total, each) => total + each[name], 0)
  const figures = Object.fromEntries(names.map((name) => [name, sum(name)])) as RoundFigures // the same names
  return { ...figures, ackP99Ms: Math.max(0, ...rounds.map((each) => each.ackP99Ms)) }
}
