import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { filesIn } from '../../ingest/files.ts'
import { ingest } from '../../ingest/ingest.ts'
import { openReader, type Reader } from '../../ingest/reader.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openLibrary } from '../../retrieval/library.ts'
import type { TestDatabase } from '../fakes/database.ts'
import type { IngestOrder } from '../fakes/ingest-child.ts'
import { seeded } from '../fakes/random.ts'

export type IngestKillFigures = {
  readonly kills: number
  /** Kills after which some files were stored and some were not. */
  readonly inTheMiddle: number
  /** Second runs that did not end in the rows of one clean run. */
  readonly lost: number
}

type Kills = {
  readonly database: TestDatabase
  readonly kills: number
  readonly files: number
  readonly seed: number
  readonly progress?: (line: string) => void
}

const now = '2026-11-23T04:00:00Z'
const longestDelayMs = 40

/** Kills a run of ingest with -9 at a random point and runs it again; it must end in the rows of one clean run. Repeated. */
export async function runIngestKills({ database, kills, files, seed, progress = () => {} }: Kills): Promise<IngestKillFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'yuanqiao-ingest-'))
  writePolicies(folder, files)
  const random = seeded(seed)
  const order: IngestOrder = { url: database.url, folder: database.folder ?? null, files: folder, now }
  const reader = openReader()
  let spare = start()
  try {
    await takeIn(database, folder, reader)
    const clean = await rowsOf(database)
    let [inTheMiddle, lost] = [0, 0]
    for (let kill = 1; kill <= kills; kill += 1) {
      await empty(database)
      const child = spare
      spare = start() // starts up while the other works
      await killedAt(child, order, Math.floor(random() * files), random() * longestDelayMs)
      const stored = await countOf(database)
      if (stored > 0 && stored < files) inTheMiddle += 1
      await takeIn(database, folder, reader)
      const same = (await rowsOf(database)) === clean
      if (!same) lost += 1
      progress(`kill ${kill} of ${kills} after ${stored} of ${files} documents: ${same ? 'same rows' : 'OTHER ROWS'}`)
    }
    return { kills, inTheMiddle, lost }
  } finally {
    spare.kill('SIGKILL')
    reader.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function start(): ChildProcess {
  return fork(new URL('../fakes/ingest-child.ts', import.meta.url), { execArgv: [], stdio: 'ignore' as never }) // fork adds the ipc channel itself
}

async function killedAt(child: ChildProcess, order: IngestOrder, after: number, delayMs: number): Promise<void> {
  const exited = once(child, 'exit')
  const reached = new Promise<void>((resolve) => {
    let told = 0
    if (after === 0) resolve()
    child.on('message', () => {
      told += 1
      if (told >= after) resolve()
    })
  })
  child.send(order)
  await Promise.race([reached, exited])
  await wait(delayMs)
  child.kill('SIGKILL')
  await exited
}

async function takeIn(database: TestDatabase, folder: string, reader: Reader): Promise<void> {
  const library = openLibrary({ pool: database.pool, env: {}, log: silentLog, clock: () => new Date(now) })
  for await (const outcome of ingest(filesIn([folder]), { library, log: silentLog, reader, uploadedBy: 'os:test' }))
    if (outcome.error !== null) throw new Error(`${outcome.path}: ${outcome.error.code}`)
  await library.close()
}

/** Fictional rules; every third ends the one before it, every fifth has a doubt and waits. */
function writePolicies(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < count; index += 1) {
    const ends = index % 3 === 2 ? `《测试办法${index - 1}》（测园管〔2024〕${index}号）同时废止。` : ''
    const cap = index % 5 === 4 ? '*高' : '最高'
    writeFileSync(
      join(folder, `${String(index).padStart(3, '0')}.md`),
      `# 测试办法${index}\n\n测园管〔2024〕${index + 1}号\n\n第一条 为鼓励第${index}类项目，制定本办法。\n\n第二条 按投入的${index + 1}%给予补助，${cap}${index + 1}0万元。\n\n第三条 本办法自2025年1月${(index % 27) + 1}日起施行，有效期三年。${ends}\n\n测试园区管理委员会\n\n2024年12月1日\n`,
    )
  }
}

/** Everything that was stored, under names independent of order and time. */
async function rowsOf({ pool }: TestDatabase): Promise<string> {
  const all = await Promise.all(
    [
      `select id, family, version, source, sha256, title, doc_no, issued_on, effective_from, effective_to, ended_on, ended_how, ended_by, names, ends,
              passages, length, fields, doubts, state, uploaded_by, sketch from document order by id`,
      `select id, document_id, position, clause, text, fields, terms from passage order by id`,
      `select p.id, o.term, o.impact from posting o join passage p on p.number = o.passage order by 1, 2`,
      `select term, passages from term_count where passages <> 0 order by 1`,
      `select name, value from library_state where name = 'totals'`,
    ].map((sql) => pool.query(sql)),
  )
  return JSON.stringify(all.map(({ rows }) => rows))
}

async function countOf({ pool }: TestDatabase): Promise<number> {
  return (await pool.query<{ n: number }>('select count(*)::int as n from document')).rows[0]?.n ?? 0
}

async function empty({ pool }: TestDatabase): Promise<void> {
  await pool.query('truncate document, passage, posting, term_count, passage_vector, passage_code, library_state cascade')
}
