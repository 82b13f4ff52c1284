import { accountName } from '../../retrieval/base/account.ts'
import { dayInChina, midnightInChina } from '../../retrieval/base/clock.ts'
import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { placeOf } from '../../retrieval/settings.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { clockOf } from '../config.ts'
import { parkSettings, readEnv } from '../open.ts'
import { csvOf, flat } from '../report/csv.ts'
import { exported } from '../report/export.ts'
import { figureLine } from '../report/names.ts'
import { type Period, rowsNames, rowsOfName } from '../report/report.ts'

const how = 'npm run report -- [--from 2026-11-01] [--to 2026-11-30] [--json | --csv] [--rows NAME]'
const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  rows: { type: 'string' },
} as const
type Flags = { from?: string; to?: string; json?: boolean; csv?: boolean; rows?: string }

const dayMs = 86_400_000
/** Without `--from`: this many days, including today. */
const daysByDefault = 30

/** Prints the figures the park is judged by; with `--rows` the rows behind one of them. */
async function run(): Promise<void> {
  const flags: Flags = parsed({ options }, how).values
  const name = flags.rows ?? null
  if (name !== null && rowsOfName(name) === null)
    throw usage(`--rows 是一项数字的名称：${rowsNames.join(', ')} · --rows is the path of a figure, one of these.`, how)
  const settings = parkSettings(readEnv())
  const today = dayInChina(clockOf(settings, settings.YUANQIAO_CLOCK)())
  const to = flags.to ?? today
  const days = { from: flags.from ?? dayInChina(new Date(midnight(to).getTime() - (daysByDefault - 1) * dayMs)), to }
  const period: Period = { from: midnight(days.from), to: new Date(midnight(days.to).getTime() + dayMs) }
  if (period.from >= period.to) throw usage('--from 晚于 --to · --from is after --to.', how)
  const database = await openDatabase({
    ...placeOf(settings),
    holder: 'npm run report',
    exclusive: false,
    log: silentLog,
  })
  try {
    const form = flags.json === true ? 'json' : flags.csv === true || name !== null ? 'csv' : 'text'
    const rows = await exported(database.pool, { name, period, days }, { actor: `os:${accountName()}`, form })
    if (name === null) printReport(rows[0] ?? {}, flags)
    else printRows(rows, flags)
  } finally {
    await database.close()
  }
}

/** The instant at which a day begins in China. */
function midnight(day: string): Date {
  const at = midnightInChina(day)
  if (at === null) throw usage(`“${day}”不是日期，请写成 2026-01-31 · “${day}” is not a day.`, how)
  return at
}

function printRows(rows: readonly Readonly<Record<string, unknown>>[], { json }: Flags): void {
  if (json !== true && rows.length === 0) {
    process.stderr.write('没有 nothing\n')
    return
  }
  process.stdout.write(json === true ? rows.map((row) => `${JSON.stringify(row)}\n`).join('') : csvOf(rows))
}

function printReport(figures: Readonly<Record<string, unknown>>, { json, csv }: Flags): void {
  if (json === true) process.stdout.write(`${JSON.stringify(figures)}\n`)
  else if (csv === true) process.stdout.write(csvOf(flat(figures)))
  else for (const each of flat(figures)) process.stdout.write(`${figureLine(each)}\n`)
}

await run().then(() => process.exit(0), fail)
