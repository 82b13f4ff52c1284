import { runClaims } from './claims.ts'
import { runKills } from './kills.ts'
import { wecomCampaign } from './wecom.ts'

/** Figures end with 1 when something was lost, answered twice, or sent where it may not be. */
type Figures = { readonly lost: number; readonly twice?: number; readonly wrongState?: number }

/** `npm run campaign -- kills [messages] [kills]`, `claims [races] [seed] [processes]`, `wecom [--messages 10000] …`: the long runs, with figures. */
const campaigns: Readonly<Record<string, (args: readonly string[]) => Promise<Figures>>> = {
  wecom: wecomCampaign,
  kills: ([messages = '500', kills = '10']) =>
    runKills({
      messages: Number(messages),
      kills: Number(kills),
      databaseUrl: process.env['DATABASE_URL'] ?? null,
      progress: (line) => process.stderr.write(`${line}\n`),
    }),
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
  process.stderr.write(`Campaigns: ${Object.keys(campaigns).join(', ')}\n`)
  process.exit(2)
}
const figures = await campaign(rest)
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(figures.lost + (figures.twice ?? 0) + (figures.wrongState ?? 0) === 0 ? 0 : 1)
