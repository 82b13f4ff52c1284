import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { briefly } from '../fakes/command.ts'
import { makeHome } from '../fakes/database.ts'
import { telegramServer } from '../fakes/telegram-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const firstPerson = 50_000
/** This many sends may be under way at a kill, as many as the outbox has workers; Telegram has no key to recognise a repeat. */
const sendsAtOnce = 4

export type KillFigures = {
  readonly messages: number
  readonly kills: number
  readonly lost: number
  readonly repeated: number
  /** Repeats the channel makes unavoidable: sends under way when the process died. */
  readonly mayRepeat: number
}

type Kills = {
  readonly messages: number
  readonly kills: number
  readonly databaseUrl: string | null
  readonly progress?: (line: string) => void
}

/** Kills `npm start` on Telegram with -9 in the middle of its work, again and again; every person must get the one reply they asked for. */
export async function runKills({ messages, kills, databaseUrl, progress = () => {} }: Kills): Promise<KillFigures> {
  const telegram = await telegramServer()
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-kills-'))
  if (databaseUrl === null) await makeHome(home)
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    YUANQIAO_HOME: home,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  }
  const start = () =>
    spawn(process.execPath, [...briefly, 'bot/preflight.mjs', 'bot/main.ts'], { cwd: root, env, stdio: 'ignore' })
  const replies = () => telegram.sent.filter((each) => each.chat >= firstPerson).length
  let bot = start()
  try {
    for (let index = 0; index < messages; index += 1) telegram.sayAs(firstPerson + index, `P${index}`, '/help')
    for (let kill = 1; kill <= kills; kill += 1) {
      const wanted = Math.floor((messages * kill) / (kills + 1))
      await until(() => replies() >= wanted)
      await killed(bot)
      progress(`kill ${kill} of ${kills} after ${replies()} of ${messages} replies`)
      bot = start()
    }
    await until(() => missing(telegram.sent, messages) === 0).catch(() => {})
    const lost = missing(telegram.sent, messages)
    return { messages, kills, lost, repeated: replies() - (messages - lost), mayRepeat: kills * sendsAtOnce }
  } finally {
    await killed(bot)
    await telegram.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function missing(sent: readonly { readonly chat: number }[], messages: number): number {
  const answered = new Set(sent.map((each) => each.chat))
  return Array.from({ length: messages }, (_, index) => firstPerson + index).filter((id) => !answered.has(id)).length
}

async function killed(bot: ChildProcess): Promise<void> {
  if (bot.exitCode !== null || bot.signalCode !== null) return
  const gone = new Promise((resolve) => bot.once('exit', resolve))
  bot.kill('SIGKILL')
  await gone
}

async function until(done: () => boolean): Promise<void> {
  const patience = Date.now() + 240_000
  while (!done()) {
    if (Date.now() > patience) throw new Error('the bot did not get there')
    await new Promise((go) => setTimeout(go, 20))
  }
}
