import { fail, parsed } from '../../retrieval/base/command.ts'
import type { Env } from '../../retrieval/base/env.ts'
import { loadEnvFile, slipsIn } from '../../retrieval/base/env-file.ts'
import { AppError, hintInBoth, toError } from '../../retrieval/base/errors.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { machineTrouble } from '../../retrieval/base/machine.ts'
import type { ChannelCheck } from '../channels/channel.ts'
import { channels } from '../channels/index.ts'
import { channelState } from '../channels/state.ts'
import { people } from '../handoff/people.ts'
import { httpServer } from '../http.ts'
import { openModel } from '../models/index.ts'
import { openPark, type Park, settingsFaults } from '../open.ts'
import { clockCheck, diskCheck, holidaysCheck, libraryCheck, rerankerCheck } from './park-checks.ts'
import { settingsList } from './settings-list.ts'

type Check = ChannelCheck

const good = (name: string, message: string): Check => ({ name, ok: true, code: null, message, hint: null })

/** Checks settings, database, model, vectors and channels, and says what to do. Exit 1 when something is wrong. */
async function doctor(): Promise<boolean> {
  const json = parsed({ options: { json: { type: 'boolean' } } }, 'npm run doctor [-- --json]').values.json === true
  const { env, names } = loadEnvFile()
  const settings = settingsChecks(env, names)
  // A misspelt name stops nothing from starting; a wrong value does.
  const stops = settings.some((check) => check.code === 'bad_settings')
  const checks = stops ? settings : [...settings, ...(await partsChecks(env))]
  const ok = checks.every((check) => check.ok)
  process.stdout.write(json ? `${JSON.stringify({ ok, checks })}\n` : `${checks.map(inWords).join('\n')}\n`)
  return ok
}

/** @param names those that `.env` sets: one that is nearly a setting is a slip, and would be passed over in silence */
function settingsChecks(env: Env, names: readonly string[]): Check[] {
  const on = channels.filter((channel) => channel.isOn(env))
  const faults = settingsFaults(env)
  const known = settingsList().flatMap(({ settings }) => settings.map(({ name }) => name))
  const slips = slipsIn(names, known).map(({ name, meant }) => `${name} in .env is no setting; is ${meant} meant?`)
  if (faults.length + slips.length === 0)
    return [
      good(
        'settings',
        `complete; channels: ${on.map((channel) => channel.name).join(', ') || 'none, so the terminal and /chat'}`,
      ),
    ]
  const bad = (code: string) => (message: string) => ({
    ...{ name: 'settings', ok: false, code, message },
    hint: 'Correct it in the environment or in .env; .env.example lists every setting.',
  })
  return [...faults.map(bad('bad_settings')), ...slips.map(bad('unknown_setting'))]
}

async function partsChecks(env: Env): Promise<Check[]> {
  const opened = await attempt('database', () => openPark(env, { holder: 'npm run doctor', exclusive: false, log: silentLog }))
  if ('failed' in opened) return [opened.failed]
  const park = opened.value
  try {
    const parts = [
      await databaseCheck(park),
      ...(await diskCheck(park)),
      ...(await clockCheck(park)),
      await libraryCheck(park),
      await vectorsCheck(park),
      ...(await rerankerCheck(park.settings)),
      await modelCheck(env),
      holidaysCheck(park),
    ]
    return [...parts, ...(await channelChecks(park, env))]
  } finally {
    await park.close()
  }
}

/** Each channel that is on asks its own platform; none is started, so a running service is not disturbed. */
async function channelChecks({ database, settings }: Park, env: Env): Promise<Check[]> {
  const { pool } = database
  const http = await httpServer({
    host: settings.HOST,
    port: 0,
    log: silentLog,
    ready: async () => ({ ok: true, checks: [] }),
    metrics: async () => '',
  })
  const accounts = (await people(pool).list()).flatMap(({ telegram, wecom }) => [
    ...(telegram === null ? [] : [`telegram:${telegram}`]),
    ...(wecom === null ? [] : [`wecom:${wecom}`]),
  ])
  const asked = channels
    .filter((channel) => channel.isOn(env))
    .map(async (channel): Promise<readonly Check[]> => {
      const state = channelState(pool, channel.name)
      const stateOf = (name: string) => channelState(pool, name)
      const deps = { log: silentLog, state, stateOf, http: http.app, publicUrl: settings.PUBLIC_URL ?? null }
      const opened = await attempt(channel.name, async () => (await channel.open(env, deps).check?.(accounts)) ?? [])
      return 'failed' in opened ? [opened.failed] : opened.value
    })
  return (await Promise.all(asked)).flat()
}

async function databaseCheck({ database }: Park): Promise<Check> {
  const { rows } = await database.pool.query<{ server: string; vector: string }>(
    `select current_setting('server_version') as server, (select extversion from pg_extension where extname = 'vector') as vector`,
  )
  return good(
    'database',
    `${database.kind}: PostgreSQL ${rows[0]?.server ?? '?'}, pgvector ${rows[0]?.vector ?? '?'}, migrations current`,
  )
}

async function vectorsCheck({ library, settings }: Park): Promise<Check> {
  if (settings.EMBEDDING_MODEL === undefined) {
    return {
      ...good('vectors', 'EMBEDDING_MODEL is not set: search goes by words alone'),
      code: 'lexical_alone',
      hint: 'Set OPENAI_BASE_URL and EMBEDDING_MODEL to find everyday wordings too.',
    }
  }
  const built = await attempt('vectors', () => library.vectors.build())
  if ('failed' in built) return built.failed
  return good('vectors', `${built.value.serving?.model ?? 'none'} serves, ${built.value.missing ?? 0} passages without a vector`)
}

async function modelCheck(env: Env): Promise<Check> {
  const model = openModel(env, silentLog)
  if (model === null) return { ...good('model', 'CHAT_MODEL is not set: answers are quotations'), code: 'extractive' }
  const answered = await attempt('model', () => model.complete([{ role: 'user', content: 'Reply with the word: ready' }]))
  if ('failed' in answered)
    return {
      ...answered.failed,
      hint: answered.failed.hint ?? 'Check OPENAI_BASE_URL, OPENAI_API_KEY and the name in CHAT_MODEL.',
    }
  return good('model', `${answered.value.model} answers`)
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<{ value: T } | { failed: Check }> {
  try {
    return { value: await work() }
  } catch (error) {
    const explained = machineTrouble(error) ?? error
    const known = explained instanceof AppError
    return {
      failed: {
        name,
        ok: false,
        code: known ? explained.code : 'unexpected',
        message: toError(explained).message,
        hint: known ? (explained.hint ?? null) : null,
      },
    }
  }
}

function inWords({ name, ok, message, hint }: Check): string {
  return `${ok ? '✓' : '✗'} ${name.padEnd(14)} ${message}${hint === null ? '' : `\n  → ${hintInBoth(hint)}`}`
}

await doctor().then((ok) => process.exit(ok ? 0 : 1), fail)
