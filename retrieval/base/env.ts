import type { z } from 'zod'
import { AppError } from './errors.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** Settings that cannot be used. Names every fault at once and never a value, since several are secrets. */
export class SettingsError extends AppError {
  constructor(faults: readonly string[]) {
    super('bad_settings', `${faults.length} setting(s) need attention:\n${faults.map((each) => `  ${each}`).join('\n')}`, {
      hint: 'Correct them in the environment or in .env; .env.example lists every setting.',
    })
  }
}

/** @returns the faults of `env` under `schema`, one readable line each; empty when it parses */
export function faultsOf(schema: z.ZodObject, env: Env): string[] {
  const parsed = schema.safeParse(present(env))
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? 'settings')
    const field = schema.shape[name] as z.ZodType | undefined // zod types the shape loosely
    const missing = present(env)[name] === undefined
    return `${name}: ${missing ? 'is missing' : inWords(issue)}${field?.description ? ` — ${field.description}` : ''}`
  })
}

function inWords(issue: z.core.$ZodIssue): string {
  const isNumber = issue.code === 'invalid_type' && issue.expected === 'number'
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'is not an address like https://bot.example.cn'
  return isNumber ? 'is not a number' : issue.message
}

/** @throws SettingsError naming every fault */
export function parseSettings<T extends z.ZodObject>(schema: T, env: Env): z.infer<T> {
  const faults = faultsOf(schema, env)
  if (faults.length > 0) throw new SettingsError(faults)
  return schema.parse(present(env)) as z.infer<T> // parse returns exactly the inferred type; zod's generic hides it
}

/** An empty value in `.env` means "not set". */
function present(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || value.trim() === '' ? [] : [[name, value.trim()]])),
  )
}
