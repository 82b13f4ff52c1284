import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { number, object, text } from '../base/loose.ts'
import { isOver } from '../base/over.ts'
import { ChannelError, type ChannelState, type StateChange } from '../channel.ts'

/** A token is renewed this long before it expires, so that none expires on its way. */
const earlyMs = 8 * 60_000
/** The fetching process has this long; then another may try. */
const leaseMs = 15_000
const askAgainMs = 100
/** After a wrong secret nobody asks again for this long: too many wrong ones lock the address out for an hour. */
const refusedMs = 60_000

type Fetched = { readonly token: string; readonly expiresInMs: number }
type Row = {
  readonly token: string | null
  readonly until: number
  readonly renewAt: number
  readonly by: string | null
  readonly byUntil: number
  readonly refused: { readonly message: string; readonly hint: string | null; readonly until: number } | null
}
type Turn =
  | { readonly kind: 'use'; readonly token: string; readonly leftMs: number }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string | null }
  | { readonly kind: 'fetch' | 'wait' }

/** The access token of one secret, shared by all processes: one fetches, the others wait and read it. */
export type Tokens = {
  get(): Promise<string>
  /** The platform refused this one. @returns another, or the same when the platform gives no other */
  renew(stale: string): Promise<string>
}

/** A name that tells secrets apart without revealing them. */
export function secretName({ corpId, secret }: { readonly corpId: string; readonly secret: string }): string {
  return createHash('sha256').update(`${corpId}\n${secret}`).digest('hex').slice(0, 32)
}

/** @param state shared by all processes and channels of the platform @param fetchToken asks WeCom; @throws ChannelError */
export function tokens(of: {
  readonly corpId: string
  readonly secret: string
  readonly state: ChannelState
  readonly fetchToken: () => Promise<Fetched>
}): Tokens {
  const me = randomUUID()
  const name = `token:${secretName(of)}`
  let held: { readonly token: string; readonly until: number } | null = null
  let going: Promise<string> | null = null

  async function obtain(stale: string | null): Promise<string> {
    const patience = Date.now() + 2 * leaseMs
    while (Date.now() < patience) {
      const turn = await of.state.change(name, (value, now) => turnOf(rowOf(value), stale, me, now))
      if (turn.kind === 'use') return hold(turn.token, turn.leftMs)
      if (turn.kind === 'refused')
        throw new ChannelError('misconfigured', turn.message, { ...(turn.hint === null ? {} : { hint: turn.hint }) })
      if (turn.kind === 'fetch') return await fetchAndShare()
      await wait(askAgainMs)
    }
    throw new ChannelError('unavailable', 'gettoken: another process is fetching it and does not come to an end')
  }

  async function fetchAndShare(): Promise<string> {
    try {
      const { token, expiresInMs } = await of.fetchToken()
      const early = Math.min(earlyMs, expiresInMs / 10)
      await of.state.change(name, (_, now) => {
        const until = now.getTime() + expiresInMs
        return { value: { ...blank, token, until, renewAt: until - early }, result: null }
      })
      return hold(token, expiresInMs - early)
    } catch (error) {
      await of.state.change(name, (value, now) => ({ value: failedRow(rowOf(value), error, now.getTime()), result: null }))
      throw error
    }
  }

  function hold(token: string, leftMs: number): string {
    held = { token, until: Date.now() + leftMs }
    return token
  }

  /** Many callers at once share one request. */
  function once(stale: string | null): Promise<string> {
    going ??= obtain(stale).finally(() => {
      going = null
    })
    return going
  }

  return {
    async get() {
      return held !== null && Date.now() < held.until ? held.token : once(null)
    },
    async renew(stale) {
      if (held?.token === stale) held = null
      return held === null ? once(stale) : held.token
    },
  }
}

const blank: Row = { token: null, until: 0, renewAt: 0, by: null, byUntil: 0, refused: null }

/** Pure: what one of many processes does next. */
function turnOf(row: Row, stale: string | null, me: string, at: Date): StateChange<Turn> {
  const now = at.getTime()
  const usable = row.token !== null && row.token !== stale && row.until > now
  if (usable && row.renewAt > now) return { result: { kind: 'use', token: row.token ?? '', leftMs: row.renewAt - now } }
  if (row.refused !== null && !isOver(row.refused.until, at, refusedMs)) return { result: { ...row.refused, kind: 'refused' } }
  if (row.by !== null && row.by !== me && !isOver(row.byUntil, at, leaseMs))
    // Another process renews it early; the old one serves for a moment meanwhile.
    return { result: usable ? { kind: 'use', token: row.token ?? '', leftMs: askAgainMs } : { kind: 'wait' } }
  return { value: { ...row, by: me, byUntil: now + leaseMs, refused: null }, result: { kind: 'fetch' } }
}

function failedRow(row: Row, error: unknown, now: number): Row {
  const wrong = error instanceof ChannelError && error.code === 'misconfigured'
  const refused = wrong ? { message: error.message, hint: error.hint ?? null, until: now + refusedMs } : null
  return { ...row, by: null, byUntil: 0, refused }
}

function rowOf(value: unknown): Row {
  const stored = object(value)
  const refused = object(stored?.['refused'])
  return {
    token: text(stored?.['token']),
    until: Number(stored?.['until'] ?? 0),
    renewAt: Number(stored?.['renewAt'] ?? 0),
    by: text(stored?.['by']),
    byUntil: Number(stored?.['byUntil'] ?? 0),
    refused:
      refused === null
        ? null
        : { message: text(refused['message']) ?? '', hint: text(refused['hint']), until: number(refused['until']) ?? 0 },
  }
}
