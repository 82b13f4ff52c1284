import { loadTexts } from '../prompts/load.ts'
import type { Clock } from '../retrieval/base/clock.ts'
import { type Env, faultsOf, parseSettings, SettingsError } from '../retrieval/base/env.ts'
import { loadEnvFile } from '../retrieval/base/env-file.ts'
import type { Log } from '../retrieval/base/log.ts'
import { type Library, openLibrary } from '../retrieval/library.ts'
import { type Ask, prepared } from '../retrieval/prepared.ts'
import { placeOf, type RetrievalSettings, regionsOf, retrievalSettings } from '../retrieval/settings.ts'
import { type Database, openDatabase } from '../retrieval/store/database.ts'
import { agendaAsker } from './agenda/answer.ts'
import { type Agenda, agenda } from './agenda/store.ts'
import { standaloner } from './answer/follow/standalone.ts'
import { translator } from './answer/foreign.ts'
import { type AskQuestions, questionsAsked } from './answer/questions.ts'
import { type Answer, answerer } from './answer.ts'
import { type Judging, liveJudging } from './calibrate/live.ts'
import { channels } from './channels/index.ts'
import { phraser } from './compose/compose.ts'
import { extract } from './compose/extract.ts'
import { sufficiencyOf } from './compose/sufficiency.ts'
import { type Summarise, summariser } from './compose/summary.ts'
import { type BotSettings, botSettings, clockOf } from './config.ts'
import { topics } from './control/topics.ts'
import { demandDesk } from './demand/desk.ts'
import type { DemandDesk } from './demand/interview.ts'
import type { Calendar } from './handoff/duty/duty.ts'
import { liveCalendar } from './handoff/duty/holidays.ts'
import { conflicting } from './judge/conflicting.ts'
import { offTopic } from './judge/off-topic.ts'
import type { Clerk } from './models/clerk.ts'
import { modelSettings, openClerk } from './models/index.ts'
import { otlpSpans, type Spans, spanSettings } from './observe/spans.ts'

/** Everything a question needs, opened from the environment; `main` adds channels and workers, `ask` only a question. */
export type Park = {
  readonly settings: BotSettings & RetrievalSettings
  readonly clock: Clock
  readonly database: Database
  readonly library: Library
  /** Prepared statements that come with every message. */
  readonly ask: Ask
  readonly answer: Answer
  readonly questions: AskQuestions
  readonly summarise: Summarise
  readonly demand: DemandDesk
  /** What takes place in the park. */
  readonly agenda: Agenda
  readonly texts: ReturnType<typeof loadTexts>
  readonly calendar: Calendar
  /** Asks chat models; null without one. */
  readonly clerk: Clerk | null
  readonly spans: Spans
  close(): Promise<void>
}

/** @returns `.env` beneath the real environment: a variable set outside wins */
export function readEnv(): Env {
  return loadEnvFile().env
}

/** @returns the faults of every part that is on, each named once */
export function settingsFaults(env: Env): string[] {
  const on = channels.filter((channel) => channel.isOn(env))
  const schemas = [botSettings, retrievalSettings, modelSettings, ...on.map((channel) => channel.settings)]
  return [...new Set([...schemas.flatMap((schema) => faultsOf(schema, env)), ...clockFaults(env)])]
}

function clockFaults(env: Env): string[] {
  const set = (name: string) => (env[name] ?? '').trim() !== ''
  const both = set('YUANQIAO_CLOCK') && set('PUBLIC_URL')
  return both ? ['YUANQIAO_CLOCK: 供测试用，不能与 PUBLIC_URL 同时设 · is for tests and cannot be used with PUBLIC_URL'] : []
}

/** @throws SettingsError naming every fault of both parts at once */
export function parkSettings(env: Env): BotSettings & RetrievalSettings {
  const faults = [...faultsOf(botSettings, env), ...faultsOf(retrievalSettings, env), ...clockFaults(env)]
  if (faults.length > 0) throw new SettingsError(faults)
  return named({ ...parseSettings(botSettings, env), ...parseSettings(retrievalSettings, env) }, env)
}

/** A park that says where it is and not how it is called must not be called as the demo park is. */
function named<S extends BotSettings & RetrievalSettings>(settings: S, env: Env): S {
  const regions = regionsOf(settings.PARK_REGION)
  const here = (env['PARK_REGION'] ?? '').trim() !== '' && regions !== '*' ? regions[0] : undefined
  return here === undefined || (env['PARK_NAME'] ?? '').trim() !== '' ? settings : { ...settings, PARK_NAME: here }
}

/**
 * @param options.holder the command, as shown to others while the embedded database is in use; `exclusive` refuses instead of sharing;
 * `database` is one that is already open; `judging` replaces the park's own; `prompts` is another folder of prompts
 */
export async function openPark(
  env: Env,
  options: {
    holder: string
    exclusive: boolean
    log: Log
    database?: Database
    judging?: () => Promise<Judging>
    prompts?: string
  },
): Promise<Park> {
  const { log } = options
  const settings = parkSettings(env)
  const clock = clockOf(settings, settings.YUANQIAO_CLOCK)
  const texts = loadTexts()
  const spans = otlpSpans(parseSettings(spanSettings, env), log)
  const database =
    options.database ??
    (await openDatabase({
      ...placeOf(settings),
      holder: options.holder,
      exclusive: options.exclusive,
      log,
      clock,
    }))
  const judging = options.judging ?? liveJudging({ pool: database.pool, budget: settings.ERROR_BUDGET, log })
  const weights = async (model: string) => (await judging()).weights(model)
  const library = openLibrary({ pool: database.pool, env, log, clock, server: database.kind === 'server', weights })
  const ask = prepared(database.pool, database.kind === 'server')
  const clerk = openClerk(env, { ask, clock, log, content: spans.content, prompts: options.prompts })
  const { search, regions } = library
  const demand = demandDesk({ clerk, search, regions, clock, spans, log, texts })
  const events = agenda(database.pool, { clock })
  const answer = answerer({
    search: library.search,
    regions: library.regions,
    clock,
    log,
    judging,
    standalone: standaloner({ clerk, log }),
    translate: translator({ clerk, log }),
    quote: (question, found) => extract(question, found.evidence, found.terms),
    explain: demand.explain,
    agenda: agendaAsker({ pool: database.pool, agenda: events, clock, texts }),
    model: clerk && { phrase: phraser({ clerk, log }), sufficient: sufficiencyOf({ clerk, log }) },
    spans,
    texts,
    offTopic,
    conflicting,
    closedTopics: topics(database.pool).closed,
  })
  return {
    settings,
    clock,
    database,
    library,
    ask,
    answer,
    questions: questionsAsked({ clerk, spans, log }),
    summarise: summariser({ clerk, spans, log }),
    demand: demand.desk,
    agenda: events,
    texts,
    calendar: liveCalendar(settings.YUANQIAO_HOME, log),
    clerk,
    spans,
    async close() {
      await clerk?.settled()
      await spans.flush()
      await library.close()
      await database.close()
    },
  }
}
