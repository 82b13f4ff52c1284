import inChinese from './errors.zh.json' with { type: 'json' }
import hintsInChinese from './hints.zh.json' with { type: 'json' }

/**
 * The one error base.
 * - `code`  stable, snake_case; logs, tests and metrics match on it, never on the message.
 * - `hint`  one imperative sentence for the person who can fix it (operator or staff).
 * - `retry` whether doing the same thing again later can succeed.
 */
export class AppError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly retry: boolean
  constructor(code: string, message: string, options: { hint?: string; retry?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.hint = options.hint
    this.retry = options.retry ?? false
  }
}

/** @returns `error` as an Error with a readable message, whatever was thrown */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** @returns the stable code of an error: our own, the platform's (ECONNREFUSED, 42P01), or `unexpected` */
export function codeOf(error: unknown): string {
  if (error !== null && typeof error === 'object' && 'code' in error && typeof error.code === 'string') return error.code
  return 'unexpected'
}

/** What happened and what to do, in Chinese, by code: message and hint in English follow with the details. */
const chinese = new Map<string, string>(Object.entries(inChinese))

/** @returns the Chinese sentence on an error's code, or null for an error that no person is meant to mend */
export const chineseOf = (code: string): string | null => chinese.get(code) ?? null

const literal = (text: string) => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
/** What to do, in Chinese, by the hint in English; `{}` stands for what differs from time to time. */
const hints = Object.entries(hintsInChinese).map(([english, chinese]): readonly [RegExp, string] => [
  new RegExp(`^${english.split('{}').map(literal).join('(.*)')}$`, 's'),
  chinese,
])

/** @returns a hint in Chinese and English; as it is where it is a command, or in both languages already */
export function hintInBoth(hint: string): string {
  for (const [pattern, chinese] of hints) {
    const found = pattern.exec(hint)
    if (found === null) continue
    const parts = found.slice(1)
    return `${chinese.replaceAll('{}', () => parts.shift() ?? '')} · ${hint}`
  }
  return hint
}
