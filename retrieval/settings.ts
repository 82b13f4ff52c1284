import { z } from 'zod'

/** The fictional park of the demonstration documents. */
export const demoRegions = '云汀科技园,云汀市,云江省'

export const retrievalSettings = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional()
    .describe('a Postgres server, 15 or newer, with pgvector; without it the embedded database is used'),
  YUANQIAO_HOME: z.string().default('./.yuanqiao').describe('embedded data, uploads, lock'),
  OPENAI_BASE_URL: z.url().optional().describe('any OpenAI-compatible service'),
  OPENAI_API_KEY: z.string().optional().describe('its key; a local service may need none'),
  EMBEDDING_MODEL: z.string().optional().describe('e.g. text-embedding-v4; without it search is lexical alone'),
  EMBEDDING_DIMENSIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16_000)
    .optional()
    .describe('length of the vectors, when the service lets one choose'),
  RERANK_URL: z.url().optional().describe('a /rerank service in the Jina or Cohere shape; OPENAI_API_KEY is sent as its key'),
  RERANK_MODEL: z.string().optional().describe('its model'),
  PARK_REGION: z
    .string()
    .default(demoRegions)
    .describe(
      'jurisdictions whose policies apply, most local first, separated by commas; national ones always do; * lifts the filter',
    ),
  YUANQIAO_CLOCK: z.string().optional().describe('for tests: an ISO time, then optionally a comma and a rate'),
})

export type RetrievalSettings = z.infer<typeof retrievalSettings>

/** @returns the jurisdictions of PARK_REGION, most local first, or `*` */
export function regionsOf(setting: string): readonly string[] | '*' {
  const regions = setting
    .split(/[,，、;；]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return regions.includes('*') ? '*' : [...new Set(regions)]
}
