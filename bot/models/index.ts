import { z } from 'zod'
import { type Env, parseSettings } from '../../retrieval/base/env.ts'
import { langchainModel } from './langchain.ts'
import type { Model } from './model.ts'

export const modelSettings = z.object({
  CHAT_MODEL: z.string().optional().describe('e.g. qwen-plus, or provider:model; unset = answers are quoted, not phrased'),
  OPENAI_BASE_URL: z.url().optional().describe('any OpenAI-compatible service'),
  OPENAI_API_KEY: z.string().optional().describe('its key; a local service may need none'),
})

/** @returns the chat model of the settings, or null: then answers are quotations */
export function openModel(env: Env): Model | null {
  const { CHAT_MODEL, OPENAI_BASE_URL, OPENAI_API_KEY } = parseSettings(modelSettings, env)
  return CHAT_MODEL === undefined ? null : langchainModel({ name: CHAT_MODEL, baseUrl: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY })
}
