import { runClaims } from './claims.ts'
import { runKills } from './kills.ts'

/** `npm run campaign -- kills [messages] [kills]`, `claims [races] [seed] [processes]`: the long runs, with figures. */
const campaigns: Readonly<Record<string, (numbers: readonly number[]) => Promise<{ readonly lost: number }>>> = {
  kills: ([messages = 500, kills = 10]) =>
    runKills({
      messages,
      kills,
      databaseUrl: process.env['DATABASE_URL'] ?? null,
      progress: (line) => process.stderr.write(`${line}\n`),
    }),
  claims: ([races = 10_000, seed = 1, processes = 3]) =>
    runClaims({ races, seed, processes, progress: (line) => process.stderr.write(`${line}\n`) }),
}

const [name = '', ...rest] = process.argv.slice(2)
const campaign = campaigns[name]
if (campaign === undefined) {
  process.stderr.write(`Campaigns: ${Object.keys(campaigns).join(', ')}\n`)
  process.exit(2)
}
const figures = await campaign(rest.map(Number))
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(figures.lost === 0 ? 0 : 1)
