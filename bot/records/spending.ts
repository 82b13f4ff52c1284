import { createHash } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { type Clock, dayInChina } from '../../retrieval/base/clock.ts'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'

/** Tokens a day; null = no cap. */
export type Caps = { readonly everybody: number | null; readonly person: number | null }

/** What has been spent on chat models, and whether more may be; the only writer of model_spending. */
export type Spending = ReturnType<typeof spending>

const everybody = '*'

export function spending(pool: Pool, caps: Caps, clock: Clock) {
  return {
    /** Takes tokens from today's caps before a call. @returns false when one of them is reached: nothing was taken */
    async reserve(person: string | null, tokens: number): Promise<boolean> {
      try {
        await transaction(pool, async (tx) => {
          // What a crash may forget of this is one call; nobody waits for the disk for it.
          await tx.query('set local synchronous_commit to off')
          await take(tx, dayInChina(clock()), everybody, tokens, caps.everybody)
          await take(tx, dayInChina(clock()), whoOf(person), tokens, caps.person)
        })
        return true
      } catch (error) {
        if (error instanceof AppError && error.code === 'cap_reached') return false
        throw error
      }
    },

    /** What a call really took replaces what was reserved for it. */
    async settle(person: string | null, reserved: number, used: { input: number; output: number; cost: number }): Promise<void> {
      await pool.query(
        `update model_spending set calls = calls + 1, input = input + $3, output = output + $4, cost = cost + $5,
                reserved = greatest(0, reserved - $6)
          where day = $1 and who = any($2) and set_config('synchronous_commit', 'off', true) = 'off'`,
        [dayInChina(clock()), [everybody, whoOf(person)], used.input, used.output, used.cost, reserved],
      )
    },
  }
}

/** @throws AppError `cap_reached` */
async function take(tx: ClientBase, day: string, who: string, tokens: number, cap: number | null): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into model_spending (day, who, reserved) select $1, $2, $3::bigint where $4::bigint is null or $3::bigint <= $4::bigint
     on conflict (day, who) do update set reserved = model_spending.reserved + excluded.reserved
       where $4::bigint is null or model_spending.input + model_spending.output + model_spending.reserved + $3::bigint <= $4::bigint`,
    [day, who, tokens, cap],
  )
  if (rowCount !== 1) throw new AppError('cap_reached', 'The cap of the day is reached')
}

function whoOf(person: string | null): string {
  return createHash('sha256')
    .update(person ?? 'nobody')
    .digest('hex')
    .slice(0, 16)
}
