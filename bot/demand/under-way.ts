import type { Work } from '../converse/work.ts'
import type { Field, Known } from './fields.ts'

/** An interview under way, kept in the conversation's memory. `pending` was asked last; `need` comes first. */
export type Interview = {
  readonly said: readonly string[]
  readonly known: Known
  readonly asked: readonly Field[]
  readonly pending: Field | 'need'
  /** When the wish was told while a human had the turn: then one message is the demand. */
  readonly meanwhile?: string
}

export function interviewOf(work: Work): Interview | null {
  const { demand } = work.memory as { readonly demand?: Interview } // written only below
  return demand ?? null
}

export function remember(work: Work, demand: Interview | undefined): void {
  work.memory = { ...work.memory, demand }
}

/** @returns what was told of a demand whose interview is not over, or null */
export function toldSoFar(work: Work): string | null {
  const { said = [] } = interviewOf(work) ?? {}
  return said.length === 0 ? null : said.join('\n')
}
