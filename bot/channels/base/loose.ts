/** Untrusted platform JSON: every field is checked before it is used. */
export type Loose = Readonly<Record<string, unknown>>

export function object(value: unknown): Loose | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Loose) : null // checked: a plain object
}

/** @returns the array, or an empty one for anything else */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Whole numbers that JavaScript holds exactly; a fraction or a number beyond 2^53 is not an id. */
export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

/** @returns the string, or null for anything else */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
