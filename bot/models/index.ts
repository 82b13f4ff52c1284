import { z } from 'zod'
import { loadPrompts } from '../../prompts/catalogue.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import { type Env, parseSettings } from '../../retrieval/base/env.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Ask } from '../../retrieval/prepared.ts'
import { spending } from '../records/spending.ts'
import { chainOf } from './chain.ts'
import { type Clerk, clerkOf, type Prices } from './clerk.ts'
import { langchainModel } from './langchain.ts'
import type { Model } from './model.ts'
import { checkInstalled, providerOf } from './providers.ts'

const seconds = (preset: number) => z.coerce.number().min(0.1).max(300).default(preset)
const tokens = (preset: number) => z.coerce.number().int().min(0).default(preset)
const price = /^\s*[^=,\s]+\s*=\s*\d+(?:\.\d+)?\s*\/\s*\d+(?:\.\d+)?\s*$/

const each = z.object({
  CHAT_MODEL: z
    .string()
    .optional()
    .describe(
      'e.g. qwen-plus, or qwen-plus,deepseek-chat to fall back, or provider:model; unset = answers are quoted, not phrased',
    ),
  OPENAI_BASE_URL: z.url().optional().describe('any OpenAI-compatible service'),
  OPENAI_API_KEY: z.string().optional().describe('its key; a local service may need none'),
  CHAT_IDLE_SECONDS: seconds(10).describe('a model that says nothing for so long is given up'),
  CHAT_TOTAL_SECONDS: seconds(30).describe('all tries for one answer together may take so long'),
  CHAT_DAILY_TOKENS: tokens(2_000_000).describe('tokens a day for everybody; beyond, answers are quoted; 0 = no cap'),
  CHAT_PERSON_TOKENS: tokens(100_000).describe('tokens a day for one person; 0 = no cap'),
  CHAT_PRICE: z
    .string()
    .refine((list) => list.split(',').every((each) => price.test(each)), 'is not like qwen-plus=0.8/2')
    .optional()
    .describe('price of a million tokens in / out, e.g. qwen-plus=0.8/2,deepseek-chat=2/3'),
})
/** Without either, every question would be sent to OpenAI with no key: an address nobody named. */
export const modelSettings = each.refine(
  ({ CHAT_MODEL = '', OPENAI_BASE_URL, OPENAI_API_KEY }) =>
    (OPENAI_BASE_URL ?? OPENAI_API_KEY) !== undefined || namesIn(CHAT_MODEL).every((name) => providerOf(name) !== null),
  { path: ['OPENAI_BASE_URL'], message: 'CHAT_MODEL needs OPENAI_BASE_URL, or OPENAI_API_KEY for OpenAI itself' },
)
type Settings = z.infer<typeof modelSettings>

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

/** @returns the chat models of the settings as one, or null: then answers are quotations. @throws ModelError `model_missing` */
export function openModel(env: Env, log: Log): Model | null {
  const settings = parseSettings(modelSettings, env)
  const names = namesIn(settings.CHAT_MODEL ?? '')
  if (names.length === 0) return null
  const patience = { idleMs: settings.CHAT_IDLE_SECONDS * 1000, totalMs: settings.CHAT_TOTAL_SECONDS * 1000 }
  const models = names.map((name) => {
    checkInstalled(name)
    return langchainModel({ name, baseUrl: settings.OPENAI_BASE_URL, apiKey: settings.OPENAI_API_KEY }, patience)
  })
  return chainOf({ models, log, totalMs: patience.totalMs })
}

/** @returns the clerk that asks the models our prompts, within the caps; null without a model */
export function openClerk(
  env: Env,
  needs: { ask: Ask; clock: Clock; log: Log; content: boolean; prompts?: string | undefined },
): Clerk | null {
  const prompts = loadPrompts(needs.prompts)
  const model = openModel(env, needs.log)
  if (model === null) return null
  const settings = parseSettings(modelSettings, env)
  const caps = { everybody: settings.CHAT_DAILY_TOKENS || null, person: settings.CHAT_PERSON_TOKENS || null }
  return clerkOf({ ...needs, model, prompts, prices: pricesOf(settings), spending: spending(needs.ask, caps, needs.clock) })
}

function pricesOf({ CHAT_PRICE }: Settings): Prices {
  const list = (CHAT_PRICE ?? '').split(',').filter((each) => each.trim() !== '')
  return new Map(
    list.map((each) => {
      const [name = '', input = '0', output = '0'] = each.split(/[=/]/).map((part) => part.trim())
      return [name, { input: Number(input), output: Number(output) }]
    }),
  )
}
