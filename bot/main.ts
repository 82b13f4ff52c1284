import { randomUUID } from 'node:crypto'
import { fstatSync } from 'node:fs'
import { fail } from '../retrieval/base/command.ts'
import { SettingsError } from '../retrieval/base/env.ts'
import { jsonLog, problemsOnly } from '../retrieval/base/log.ts'
import { switchedOn } from '../retrieval/base/plugin.ts'
import { channels as channelPlugins } from './channels/index.ts'
import { seed } from './commands/seed.ts'
import { tellAddress } from './desk/address.ts'
import { openPark, readEnv, settingsFaults } from './open.ts'
import { openService } from './service.ts'

/** `npm start`: builds every part, runs until a signal or the end of piped questions, stops the parts in order. */
async function main(): Promise<void> {
  const env = readEnv()
  const faults = settingsFaults(env)
  if (faults.length > 0) throw new SettingsError(faults)
  const plugins = switchedOn(channelPlugins, env)
  const input = questionsFrom()
  const atTerminal = plugins.length === 0 && input?.isTTY === true
  // At a terminal events would stand between question and answer, so only problems are logged.
  const log = atTerminal ? problemsOnly(jsonLog()) : jsonLog()
  if (atTerminal)
    process.stderr.write('正在打开数据库，第一次启动需要几秒… Opening the database; the first start takes some seconds.\n')
  const park = await openPark(env, { holder: 'npm start', exclusive: true, log })
  await seed(park, env, log)
  const service = await openService({
    park,
    plugins,
    env,
    log,
    owner: randomUUID(),
    input,
    output: process.stdout,
    greeting: (url) => `${park.texts.zh('welcome', { park: park.settings.PARK_NAME })}\n${park.texts.zh('terminal', { url })}`,
  })
  const takeBack = tellAddress(park.settings.YUANQIAO_HOME, service.url, log)
  let stopping = false
  const stop = async (why: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log('stopping', { why })
    takeBack()
    await service.stop()
    await park.close()
  }
  process.on('SIGTERM', () => void stop('SIGTERM').then(() => process.exit(0)))
  process.on('SIGINT', () => void stop('SIGINT').then(() => process.exit(0)))
  if (service.ended !== null) {
    await service.ended
    await stop('end of input')
    process.exit(0)
  }
}

/** A terminal, a pipe or a file asks questions; /dev/null, as services have it, asks none and must not end the bot. */
function questionsFrom(): typeof process.stdin | null {
  if (process.stdin.isTTY) return process.stdin
  const input = fstatSync(0)
  return input.isFIFO() || input.isFile() || input.isSocket() ? process.stdin : null
}

await main().catch(fail)
