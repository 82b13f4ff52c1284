import { openTestDatabase } from '../fakes/database.ts'
import { runAttacks } from './attacks.ts'
import { runClaims } from './claims.ts'
import { runCuts } from './cuts.ts'
import { runIngestKills } from './ingest-kills.ts'
import { runInterleavings } from './interleavings.ts'
import { runKills } from './kills.ts'
import { runReembed } from './reembed.ts'
import { runReplace } from './replace.ts'
import { wecomCampaign } from './wecom.ts'
import { runYear } from './year.ts'

/** A campaign ends with 1 when something was lost, answered twice, read by somebody else, unasked, or sent where it must not be. */
type Figures = {
  readonly lost: number
  readonly twice?: number
  readonly wrongState?: number
  readonly astray?: number
  readonly unasked?: number
}

/**
 * `npm run campaign -- kills [messages] [kills]`, `cuts [messages] [every ms] [seconds]` (on DATABASE_URL), `claims [races] [seed] [processes]`, `interleavings [runs] [seed]`, `year [demands] [seed]`, `attacks`, `wecom
 * [--messages 10000] …`: the long runs, with figures.
 */
const campaigns: Readonly<Record<string, (args: readonly string[]) => Promise<Figures>>> = {
  attacks: () => runAttacks({ every: 1, progress: (line) => process.stderr.write(`${line}\n`) }),
  wecom: wecomCampaign,
  kills: ([messages = '500', kills = '10']) =>
    runKills({
      messages: Number(messages),
      kills: Number(kills),
      databaseUrl: process.env['DATABASE_URL'] ?? null,
      progress: (line) => process.stderr.write(`${line}\n`),
    }),
  cuts: async ([messages = '300', everyMs = '400', seconds = '25']) => {
    const databaseUrl = process.env['DATABASE_URL']
    if (databaseUrl === undefined) throw new Error('cuts need a server: set DATABASE_URL to a database of its own')
    return runCuts({ messages: Number(messages), everyMs: Number(everyMs), seconds: Number(seconds), databaseUrl })
  },
  ingest: async ([kills = '20', files = '12', seed = '11']) => {
    const database = await openTestDatabase()
    const progress = (line: string) => process.stderr.write(`${line}\n`)
    const options = { database, kills: Number(kills), files: Number(files), seed: Number(seed), progress }
    return runIngestKills(options).finally(() => database.close())
  },
  reembed: ([documents = '1000', changed = '10']) => runReembed({ documents: Number(documents), changed: Number(changed) }),
  replace: ([questions = '10000', everyMs = '50']) =>
    runReplace({
      questions: Number(questions),
      everyMs: Number(everyMs),
      progress: (line) => process.stderr.write(`${line}\n`),
    }),
  year: ([demands = '80', seed = '1']) => runYear({ demands: Number(demands), seed: Number(seed) }),
  interleavings: ([runs = '2000', seed = '1']) => runInterleavings({ runs: Number(runs), seed: Number(seed) }),
  claims: ([races = '10000', seed = '1', processes = '3']) =>
    runClaims({
      races: Number(races),
      seed: Number(seed),
      processes: Number(processes),
      progress: (line) => process.stderr.write(`${line}\n`),
    }),
}

const [name = '', ...rest] = process.argv.slice(2)
const campaign = campaigns[name]
if (campaign === undefined) {
  // Whoever names none asks which there are.
  const asks = name === '' || name === '--help' || name === '-h'
  const known = `npm run campaign -- NAME，NAME 是其中一个 · one of: ${Object.keys(campaigns).join(', ')}\n`
  process[asks ? 'stdout' : 'stderr'].write(known)
  process.exit(asks ? 0 : 2)
}
const figures = await campaign(rest)
process.stdout.write(`${JSON.stringify(figures)}\n`)
const { lost, twice = 0, wrongState = 0, astray = 0, unasked = 0 } = figures
process.exit(lost + twice + wrongState + astray + unasked === 0 ? 0 : 1)
