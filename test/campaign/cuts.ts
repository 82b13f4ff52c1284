import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { telegramServer } from '../fakes/telegram-server.ts'
import { supervise } from './wecom/workers.ts'

const firstPerson = 70_000
/** Longer than the lease of a message: whatever would be sent again has been by then. */
const afterwardsMs = 18_000
const patienceMs = 240_000

export type CutFigures = { readonly messages: number; readonly cuts: number; readonly lost: number; readonly twice: number }

/**
 * Two `npm start` on the server of DATABASE_URL (a database of its own), whose connections the server ends again and again, in the middle of
 * whatever they do. Telegram knows no key by which it could drop a repetition, so nobody may be answered twice by us.
 */
export async function runCuts(of: {
  messages: number
  everyMs: number
  seconds: number
  databaseUrl: string
}): Promise<CutFigures> {
  const telegram = await telegramServer()
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-cuts-'))
  const admin = new pg.Client({ connectionString: of.databaseUrl, application_name: 'cuts' })
  await admin.connect()
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    YUANQIAO_HOME: home,
    DATABASE_URL: of.databaseUrl,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
  }
  const workers = supervise({ workers: 2, killEveryMs: null, env })
  let cuts = 0
  try {
    await workers.ready()
    for (let index = 0; index < of.messages; index += 1) telegram.sayAs(firstPerson + index, `P${index}`, '/help')
    for (const until = Date.now() + of.seconds * 1_000; Date.now() < until; cuts += 1) {
      await wait(of.everyMs)
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'yuanqiao'`,
      )
    }
    const answers = () => telegram.sent.filter((each) => each.chat >= firstPerson).map((each) => each.chat)
    for (const until = Date.now() + patienceMs; new Set(answers()).size < of.messages && Date.now() < until; ) await wait(100)
    await wait(afterwardsMs)
    const answered = new Set(answers()).size
    return { messages: of.messages, cuts, lost: of.messages - answered, twice: answers().length - answered }
  } finally {
    await workers.stop()
    await admin.end()
    await telegram.close()
    rmSync(home, { recursive: true, force: true })
  }
}
