import { createHash } from 'node:crypto'
import { type Clock, dayInChina } from '../../retrieval/base/clock.ts'
import type { Ask } from '../../retrieval/prepared.ts'

/** Tokens a day; null = no cap. */
export type Caps = { readonly everybody: number | null; readonly person: number | null }

/** Tokens reserved for a call under way, with the day and span they were taken from, so that they are given back there. */
export type Reservation = {
  readonly day: string
  readonly span: number
  readonly who: readonly [string, string]
  readonly tokens: number
}

/** What has been spent on chat models, and whether more may be; the only writer of model_spending. */
export type Spending = ReturnType<typeof spending>

const everybody = '*'
/** No call lasts longer (CHAT_TOTAL_SECONDS is at most this), so a killed process's reservation counts for two spans at most. */
const spanSeconds = 300

export function spending(ask: Ask, caps: Caps, clock: Clock) {
  return {
    /** Reserves tokens from today's caps before a call. @returns null when a cap is reached: then nothing was reserved */
    async reserve(person: string | null, tokens: number): Promise<Reservation | null> {
      const now = clock()
      const span = Math.floor(now.getTime() / 1000 / spanSeconds)
      const of: Reservation = { day: dayInChina(now), span, who: [whoOf(person), everybody], tokens }
      const { rows } = await ask<{ own: boolean; all: boolean }>(take, [
        ...[of.day, span, tokens],
        ...[of.who[0], caps.person, of.who[1], caps.everybody],
      ])
      if (rows[0]?.all === true) return of
      if (rows[0]?.own === true) await give(ask, { ...of, who: [of.who[0], of.who[0]] }, null)
      return null
    },

    /** Replaces a reservation by what the call really used. */
    settle: (of: Reservation, used: Used): Promise<void> => give(ask, of, used),
  }
}

export type Used = { readonly input: number; readonly output: number; readonly cost: number }

async function give(ask: Ask, { day, span, who, tokens }: Reservation, used: Used | null): Promise<void> {
  const { input, output, cost } = used ?? { input: 0, output: 0, cost: 0 }
  await ask(settle, [day, who, used === null ? 0 : 1, input, output, cost, span, tokens])
}

/** A crash can lose one call's tokens at most; nobody waits for the disk. */
const forgetful = `set_config('synchronous_commit', 'off', true) = 'off'`
/** Of a row, at span $2: what is still reserved in this span, and in the one before. */
const now = `case when m.reserved_span = $2::bigint then m.reserved else 0 end`
const before = `case m.reserved_span when $2::bigint then m.reserved_before when $2::bigint - 1 then m.reserved else 0 end`

/** Reserves for one `who`; the cap is checked on the locked row, so that a flood cannot exceed it together. */
const takeFor = (who: string, cap: string, when: string) => `
  insert into model_spending as m (day, who, reserved, reserved_span)
  select $1::date, ${who}::text, $3::bigint, $2::bigint where (${cap}::bigint is null or $3::bigint <= ${cap}::bigint) and ${when}
  on conflict (day, who) do update set reserved = ${now} + $3::bigint, reserved_before = ${before}, reserved_span = $2::bigint
    where ${cap}::bigint is null or m.input + m.output + ${now} + ${before} + $3::bigint <= ${cap}::bigint
  returning 1`

const take = `
  with own as (${takeFor('$4', '$5', forgetful)}),
       everybody as (${takeFor('$6', '$7', 'exists (select from own)')})
  select exists (select from own) as own, exists (select from everybody) as all`

const settle = `
  update model_spending set calls = calls + $3, input = input + $4, output = output + $5, cost = cost + $6,
         reserved = greatest(0, reserved - case when reserved_span = $7 then $8::bigint else 0 end),
         reserved_before = greatest(0, reserved_before - case when reserved_span = $7 + 1 then $8::bigint else 0 end)
   where day = $1 and who = any($2) and ${forgetful}`

function whoOf(person: string | null): string {
  return createHash('sha256')
    .update(person ?? 'nobody')
    .digest('hex')
    .slice(0, 16)
}
