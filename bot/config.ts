import { z } from 'zod'
import { type Clock, scriptedClock, systemClock } from '../retrieval/base/clock.ts'
import { AppError } from '../retrieval/base/errors.ts'
import { arePromises } from './handoff/duty/promises.ts'

/** Settings of the bot as a whole; channels and models declare theirs beside their code. */
export const botSettings = z.object({
  HOST: z.string().default('127.0.0.1').describe('address the HTTP server listens on'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('port the HTTP server listens on; 0 = any free one'),
  PUBLIC_URL: z.url().optional().describe('https address under which the platforms reach this server; needed for webhooks'),
  DESK_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('signs sign-in links and sessions of the web desk; unset = made once and kept in YUANQIAO_HOME'),
  PARK_NAME: z
    .string()
    .default('云汀科技园')
    .describe('how the assistant names the park; unset = the first place of PARK_REGION where that is set'),
  DEMO: z.enum(['1', '0']).optional().describe('1 keeps the fictional demo park and /chat beside real channels'),
  RETENTION_DAYS: z.coerce.number().int().min(1).optional().describe('how long conversations are kept; unset = until deleted'),
  PROMISES: z
    .string()
    .refine(arePromises, 'is not like * 30m 24h; complaint 15m 8h')
    .default('* 30m 24h; complaint 15m 8h; sensitive 30m 48h')
    .describe('per reason of a hand-off: time on duty until somebody answers, and until there is a result or word of it'),
  ERROR_BUDGET: z.coerce.number().min(0.001).max(0.5).default(0.05).describe('share of wrong answers the park accepts'),
})

export type BotSettings = z.infer<typeof botSettings>

/** @throws AppError `bad_setting` for a scripted clock where real people are served */
export function clockOf(settings: { PUBLIC_URL?: string | undefined }, clock: string | undefined): Clock {
  if (clock === undefined) return systemClock
  if (settings.PUBLIC_URL !== undefined)
    throw new AppError('bad_setting', 'YUANQIAO_CLOCK is for tests and cannot be used with PUBLIC_URL', {
      hint: 'Remove one of the two.',
    })
  return scriptedClock(clock)
}
