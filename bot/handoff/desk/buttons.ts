import type { Texts } from '../../../prompts/load.ts'
import type { Button } from '../../channels/channel.ts'
import { outcomes, type TicketAction } from './action.ts'

/** The outcomes of nearly every case; the others are on the desk. */
const often = ['answered', 'introduced', 'policy_applied', 'contract_signed', 'not_real_demand', 'out_of_scope'] as const

/** Pure: what a broker can do with a ticket by one tap: `t:12:claim`. */
export function cardFor(desk: Texts, ticket: string): Button[][] {
  return [[{ label: desk('button_claim'), data: `t:${ticket}:claim` }]]
}

export function ownerButtons(desk: Texts, ticket: string): Button[][] {
  return [
    [
      { label: desk('button_return'), data: `t:${ticket}:return` },
      { label: desk('button_close'), data: `t:${ticket}:close` },
    ],
  ]
}

export function outcomeButtons(desk: Texts, ticket: string): Button[][] {
  const buttons = often.map((each) => ({ label: desk(`outcome_${each}`), data: `t:${ticket}:record:${each}` }))
  return [buttons.slice(0, 3), buttons.slice(3)]
}

/** Pure: the data of a pressed button → what it wants; null when it is none of ours. Who pressed it is looked at later. */
export function pressedAction(data: string): { readonly ticket: string; readonly action: TicketAction } | null {
  const [mark, ticket = '', what = '', value = ''] = data.split(':')
  if (mark !== 't' || !/^\d{1,18}$/.test(ticket)) return null
  if (what === 'claim' || what === 'return' || what === 'reopen' || what === 'close') return { ticket, action: { do: what } }
  const outcome = outcomes.find((each) => each === value)
  return what === 'record' && outcome !== undefined ? { ticket, action: { do: 'record', outcome } } : null
}
