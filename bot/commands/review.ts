import { demoRetired, elsewhereInWords, inWords, reviewLine } from '../../ingest/report.ts'
import { clockFor } from '../../retrieval/base/clock.ts'
import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type Library, openLibrary } from '../../retrieval/library.ts'
import { placeOf } from '../../retrieval/settings.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { actorOf } from '../../retrieval/store/documents/actors.ts'
import type { FieldName, ReviewPage } from '../../retrieval/store/documents/review.ts'
import { deskWord } from '../desk/words.ts'
import { parkSettings, readEnv } from '../open.ts'

const how = `npm run review -- …   [--as PERSON] [--json]
  list [--proposals]                    等待审核的文件；--proposals 已入库、有待确认的 what waits, or is live and proposes
  show ID                               读出的字段、疑点和正文 fields, doubts, text
  approve ID [--set field=value]…       改好后通过，例如 --set issued_on=2026-01-31 corrected and approved
  edit ID --set field=value…            只改字段 corrected only
  reject ID | withdraw ID               不通过；撤下已入库的 refused; taken out of search`
const options = {
  json: { type: 'boolean' },
  proposals: { type: 'boolean' },
  set: { type: 'string', multiple: true },
  as: { type: 'string' },
} as const
const commands = ['list', 'show', 'approve', 'edit', 'reject', 'withdraw'] as const
type Command = (typeof commands)[number]
type Order = {
  command: Command
  id: string
  changes: Partial<Record<FieldName, string>>
  json: boolean
  proposals: boolean
  as: string | null
}

/** Lists, shows, corrects, approves and rejects what waits for a person. */
async function run(): Promise<void> {
  const order = readOrder()
  const env = readEnv()
  const settings = parkSettings(env)
  const clock = clockFor(settings.YUANQIAO_CLOCK)
  const database = await openDatabase({
    ...placeOf(settings),
    holder: 'npm run review',
    log: silentLog,
    clock,
  })
  const library = openLibrary({ pool: database.pool, env, log: silentLog, clock })
  try {
    if (order.command === 'list') await list(library, order)
    else if (order.command === 'show') show(await page(library, order.id), order.json)
    else await act(library, order, await actorOf(database.pool, order.as))
  } finally {
    await library.close()
    await database.close()
  }
}

function readOrder(): Order {
  const { values, positionals } = parsed({ options, allowPositionals: true }, how)
  const [word = 'list', id = ''] = positionals
  const command = commands.find((each) => each === word)
  if (command === undefined) throw usage(`review 没有 ${word} · Review does not know ${word}.`, how)
  if (command !== 'list' && id === '') throw usage(`${command} 后面要写资料编号 · ${command} needs the id of a document.`, how)
  const pairs = (values.set ?? []).map((each) => {
    const at = each.indexOf('=')
    if (at < 1) throw usage(`--set ${each} 要写成 字段=值 · it is no field=value.`, how)
    return [each.slice(0, at).trim(), each.slice(at + 1)] as const
  })
  if (command === 'edit' && pairs.length === 0) throw usage('edit 要写 --set 字段=值 · edit needs --set field=value.', how)
  return {
    command,
    id,
    changes: Object.fromEntries(pairs),
    json: values.json === true,
    proposals: values.proposals === true,
    as: values.as ?? null,
  }
}

async function list(library: Library, { proposals, json }: Order): Promise<void> {
  const items = await library.reviews.list(proposals ? 'proposals' : 'waiting')
  for (const item of items) {
    const line = reviewLine(item)
    const doubts = [...new Set(item.doubts.map(({ code }) => deskWord(`doubt.${code}`, 'zh') ?? code))].join('；')
    const told = `${item.documentId}  ${inWords(line)}${doubts === '' ? '' : `\n             ${doubts}`}\n             ${item.why.join(', ')}; since ${line.waiting_since}, by ${line.uploaded_by ?? '?'}`
    process.stdout.write(`${json ? JSON.stringify(line) : told}\n`)
  }
  if (items.length > 0 && !json)
    process.stderr.write('→ npm run review -- show ID, then approve ID [--set issued_on=2026-01-31], or reject ID\n')
  if (items.length === 0 && !json) process.stdout.write('没有等待审核的文件。Nothing waits for review.\n')
}

const undated = (id: string) => `npm run review -- edit ${id} --set issued_on=2026-01-31`

async function page(library: Library, id: string): Promise<ReviewPage> {
  const found = await library.reviews.show(id)
  if (found === null) throw usage(`没有编号为 ${id} 的资料 · There is no document ${id}.`, 'npm run review -- list')
  return found
}

function show(found: ReviewPage, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`)
    return
  }
  process.stdout.write(`${[...headOf(found), ...fieldsOf(found), ...clausesOf(found), ...historyOf(found)].join('\n')}\n`)
}

function headOf({ document, replaces }: ReviewPage): string[] {
  return [
    `《${document.title}》 ${document.state}, ${document.status}  (${document.source})`,
    ...(replaces === null ? [] : [`takes the place of ${replaces.documentId} 《${replaces.title}》`]),
    ...(document.prolongedBy === null
      ? []
      : [`《${document.prolongedBy}》 says that it goes on: set effective_to, or the same day again if it does not`]),
    ...(document.basisEnded === null ? [] : [`its basis 《${document.basisEnded}》 is no longer in force`]),
  ]
}

const quoted = (phrase: string | null) => (phrase === null ? '' : `   “${phrase}”`)

function fieldsOf({ document, fields }: ReviewPage): string[] {
  return [
    ...fields.map(({ name, value, phrase, confirmed }) => {
      const shown = Array.isArray(value) ? value.join('；') : String(value ?? '—')
      return `  ${confirmed ? '✓' : ' '} ${name.padEnd(15)} ${shown}${quoted(phrase)}`
    }),
    ...document.doubts.map(
      ({ code, field, phrase }) => `  ? ${deskWord(`doubt.${code}`, 'zh') ?? ''} ${code} ${field ?? ''}${quoted(phrase)}`,
    ),
  ]
}

function clausesOf({ clauses }: ReviewPage): string[] {
  return clauses.flatMap(({ clause, text, support }) => [
    '',
    clause !== null && text.startsWith(clause) ? text : `${clause ?? '·'}  ${text}`,
    ...support.map(({ rate, amount, cap, base }) => `     → ${JSON.stringify({ rate, base, amount, cap })}`),
  ])
}

function historyOf({ history }: ReviewPage): string[] {
  return history.map(({ at, actor, action, field, after }) =>
    [at.toISOString(), actor, action, field ?? '', after === null ? '' : JSON.stringify(after)].join(' ').trim(),
  )
}

async function act(library: Library, { command, id, changes, json }: Order, by: string): Promise<void> {
  const { reviews } = library
  if (Object.keys(changes).length > 0) await reviews.edit(id, changes, by)
  const approved = command === 'approve' ? await reviews.approve(id, by) : null
  if (approved?.demoRetired === true) process.stderr.write(`${demoRetired}\n`)
  if (command === 'reject') await reviews.reject(id, by)
  if (command === 'withdraw') await reviews.withdraw(id, by)
  const { document } = await page(library, id)
  const words = `${command === 'edit' ? 'corrected' : document.state}  ${id} 《${document.title}》 ${document.status}`
  process.stdout.write(`${json ? JSON.stringify(reviewLine(document)) : words}\n`)
  if (!json && document.state === 'live' && document.kind === 'policy' && document.status === 'unknown')
    process.stderr.write(`没有日期，不会用来回答；请补上：${undated(id)}\nWithout a day it is never quoted.\n`)
  const elsewhere = approved === null ? null : elsewhereInWords(await library.elsewhere(), library.regions)
  if (elsewhere !== null) process.stderr.write(`${elsewhere}\n`)
  // It is approved whatever becomes of this; the next start continues it.
  if (approved !== null) await library.documents.keepUp().catch(() => {})
}

await run().then(() => process.exit(0), fail)
