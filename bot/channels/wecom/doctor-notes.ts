/** What the running service has seen and `doctor`, another process, wants to know. */

import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { number, object, text } from '../base/loose.ts'
import type { ChannelState } from '../channel.ts'

/** The result of a call at the callback address: it fitted, or the Token, the EncodingAESKey or the corp id did not. */
export type CallbackOutcome = 'verified' | 'taken' | 'token' | 'aes_key' | 'corp_id'

/** Strangers may call as often as they like; at most one row a minute is written. */
const everyMs = 60_000

/** @returns a function that records an outcome for `doctor`, which is another process */
export function callbackNotes(state: ChannelState, channel: string, log: Log): (outcome: CallbackOutcome) => void {
  const last = new Map<CallbackOutcome, number>()
  return (outcome) => {
    if (Date.now() - (last.get(outcome) ?? 0) < everyMs) return
    last.set(outcome, Date.now())
    log(`wecom_callback_${outcome === 'verified' || outcome === 'taken' ? outcome : 'refused'}`, { channel, why: outcome })
    state
      .change('callbacks', (stored, now) => ({ value: { ...object(stored), [outcome]: now.getTime() }, result: undefined }))
      .catch((error: unknown) => log('wecom_evidence_not_kept', errorFields(error)))
  }
}

/** @returns the last time each outcome was recorded, in ms */
export async function lastNoted(state: ChannelState): Promise<(outcome: CallbackOutcome) => number> {
  const stored = object(await state.get('callbacks'))
  return (outcome) => number(stored?.[outcome]) ?? 0
}

export type ApiTrouble = { readonly method: string; readonly errcode: number; readonly at: number }

/** Refusals that point to a wrong set-up and show only when something is sent. */
const telling: ReadonlySet<number> = new Set([95003, 95018, 60011, 45009])

/** The event by which 微信客服 reports it; its numbers differ from those of refusals. */
export const notDelivered = 'msg_send_fail'

/** Keeps the last such refusal of a secret until the same method works again. @param name tells secrets apart */
export function troubleKeeper(state: ChannelState, name: string) {
  let standing: ApiTrouble | null = null
  const keep = (value: ApiTrouble | null) => {
    standing = value
    // Losing a hint for the operator is no reason to fail.
    void state.set(`trouble:${name}`, value).catch(() => undefined)
  }
  return {
    refused(method: string, errcode: number): void {
      const isTelling = method === notDelivered || telling.has(errcode)
      if (isTelling && standing?.errcode !== errcode) keep({ method, errcode, at: Date.now() })
    },
    worked(method: string): void {
      if (standing?.method === method) keep(null)
    },
    async last(): Promise<ApiTrouble | null> {
      const stored = object(await state.get(`trouble:${name}`))
      const errcode = number(stored?.['errcode'])
      return errcode === null ? null : { method: text(stored?.['method']) ?? '', errcode, at: number(stored?.['at']) ?? 0 }
    },
  }
}
