import { z } from 'zod'
import { isClock } from './base/clock.ts'

/** The fictional park of the demonstration documents. */
export const demoRegions = '云汀科技园,云汀市,云江省'

const schema = z.object({
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
  RERANK_URL: z
    .url()
    .optional()
    .describe(
      'a /rerank service in the Jina or Cohere shape; its key is RERANK_API_KEY, or OPENAI_API_KEY when it is the same host',
    ),
  RERANK_MODEL: z.string().optional().describe('its model'),
  RERANK_API_KEY: z.string().optional().describe('key of the /rerank service'),
  PARK_REGION: z
    .string()
    .default(demoRegions)
    .describe(
      'jurisdictions whose policies apply, most local first, separated by commas; national ones always do; * lifts the filter',
    ),
  REVIEW: z.enum(['two_person']).optional().describe('two_person: whoever uploaded a document cannot approve it'),
  YUANQIAO_CLOCK: z
    .string()
    .refine(isClock, 'is not an ISO time, then optionally a comma and a rate')
    .optional()
    .describe('for tests: an ISO time, then optionally a comma and a rate'),
})

/** A half-set pair is an error that names what is missing. */
export const retrievalSettings = schema
  .refine(
    (each) => each.EMBEDDING_MODEL === undefined || each.OPENAI_BASE_URL !== undefined || each.OPENAI_API_KEY !== undefined,
    {
      path: ['OPENAI_BASE_URL'],
      message: 'EMBEDDING_MODEL needs OPENAI_BASE_URL, or OPENAI_API_KEY for OpenAI itself',
    },
  )
  .refine((each) => each.EMBEDDING_DIMENSIONS === undefined || each.EMBEDDING_MODEL !== undefined, {
    path: ['EMBEDDING_MODEL'],
    message: 'EMBEDDING_DIMENSIONS needs EMBEDDING_MODEL',
  })
  .refine((each) => (each.RERANK_MODEL ?? each.RERANK_API_KEY) === undefined || each.RERANK_URL !== undefined, {
    path: ['RERANK_URL'],
    message: 'RERANK_MODEL needs RERANK_URL',
  })

export type RetrievalSettings = z.infer<typeof retrievalSettings>

/** @returns where the database is, as `openDatabase` takes it */
export function placeOf(settings: RetrievalSettings): { readonly databaseUrl: string | null; readonly home: string } {
  return { databaseUrl: settings.DATABASE_URL ?? null, home: settings.YUANQIAO_HOME }
}

/** @returns the jurisdictions of PARK_REGION, most local first, or `*` */
export function regionsOf(setting: string): readonly string[] | '*' {
  const regions = setting
    .split(/[,，、;；]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return regions.includes('*') ? '*' : [...new Set(regions)]
}
