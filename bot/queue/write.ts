import type { ClientBase } from 'pg'
import { sanitiseDeep } from '../../retrieval/base/sanitise.ts'
import type { Ask } from '../../retrieval/prepared.ts'

/** Adds a value and returns its placeholder. */
export type Parameter = (value: unknown) => string

/**
 * Rows to store, as part of one statement: `insert into … select … from lane …`. `lane` has one row while the lease is ours and none when
 * it is lost, so that nothing is stored then. Each table's writer makes its own.
 */
export type Write = (parameter: Parameter) => string

/** What a lane's work changes: rows, which go together in one statement, or anything else inside the transaction. */
export type Effect = readonly Write[] | ((tx: ClientBase) => Promise<void>)

/**
 * @param lane the statement that yields the row of `lane`
 * @returns one statement that stores everything and returns how many lanes were ours
 */
export function statementOf(
  lane: Write,
  writes: readonly Write[],
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = []
  const parameter: Parameter = (value) => `$${values.push(value)}`
  const tables = [`lane as (${lane(parameter)})`, ...writes.map((write, n) => `write_${n} as (${write(parameter)})`)]
  return { text: `with ${tables.join(',\n')}\nselect count(*)::int as lanes from lane`, values }
}

/** Applies to one statement only. */
export const withoutWaiting = `set_config('synchronous_commit', 'off', true) = 'off'`

/**
 * Does not wait for the disk: none of these rows is sent before the outbox has claimed its own, which does wait, and the log is written in
 * order. A server crash before that undoes everything, so the message is answered again.
 */
export const unhurried =
  (write: Write): Write =>
  (p) =>
    write(p).replace(' returning ', ` and ${withoutWaiting} returning `)

/** Inside a transaction that has secured the lease. */
export async function perform(tx: ClientBase, effect: Effect): Promise<void> {
  if (typeof effect === 'function') return effect(tx)
  if (effect.length === 0) return
  const { text, values } = statementOf(() => 'select true', effect)
  await tx.query(text, [...values])
}

/** @returns whether the lease was ours: then everything is stored */
export async function performAtOnce(ask: Ask, lane: Write, writes: readonly Write[]): Promise<boolean> {
  const { text, values } = statementOf(lane, writes)
  return (await ask<{ lanes: number }>(text, values)).rows[0]?.lanes === 1
}

/** JSON the database accepts: NUL and lone surrogates are removed. */
export function jsonOf(value: unknown): string {
  const json = JSON.stringify(value)
  return /\\u(?:0000|d[89a-f])/.test(json) ? JSON.stringify(sanitiseDeep(value)) : json
}
