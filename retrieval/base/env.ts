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

/** @returns the faults of `env` under `schema`, one readable line each and setting; empty when it parses */
export function faultsOf(schema: z.ZodObject, env: Env): string[] {
  const faults = new Map<string, string>()
  const set = present(env)
  let left = set
  // Whether settings go together is only looked at once each is right by itself: so without those that are not, again.
  for (let found = -1; found < faults.size; ) {
    found = faults.size
    for (const issue of schema.safeParse(left).error?.issues ?? []) {
      const name = String(issue.path[0] ?? 'settings')
      const field = schema.shape[name] as z.ZodType | undefined // zod types the shape loosely
      const wrong = set[name] === undefined ? missing(issue) : inWords(issue)
      if (!faults.has(name)) faults.set(name, `${name}: ${wrong}${field?.description ? ` — ${field.description}` : ''}`)
    }
    left = Object.fromEntries(Object.entries(left).filter(([name]) => !faults.has(name)))
  }
  return [...faults.values()]
}

/** What another setting needs says which one. */
function missing(issue: z.core.$ZodIssue): string {
  return issue.code === 'custom' && issue.message !== 'is missing' ? `缺少 · is missing: ${issue.message}` : '缺少 · is missing'
}

/** Never the value itself: it may be a secret. */
function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return '不是 https://bot.example.cn 这样的地址 · is not an address like https://bot.example.cn'
  if (issue.code === 'invalid_type' && issue.expected === 'number') return '不是数字 · is not a number'
  if (issue.code === 'invalid_type' && issue.expected === 'int') return '不是整数 · is not a whole number'
  if (issue.code === 'invalid_value')
    return `只能是 ${issue.values.map(String).join('、')} · is not ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'too_big' && issue.origin !== 'string') return `不能大于 ${issue.maximum} · is more than ${issue.maximum}`
  if (issue.code === 'too_small' && issue.origin !== 'string') return `不能小于 ${issue.minimum} · is less than ${issue.minimum}`
  return `写法不对 · ${issue.message}`
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
