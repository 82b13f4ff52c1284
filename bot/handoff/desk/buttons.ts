import type { Texts } from '../../../prompts/load.ts'
import type { Button } from '../../channels/outgoing.ts'
import type { Colleague } from '../who/colleagues.ts'
import { outcomes, type TicketAction } from './action.ts'

/** The outcomes of nearly every case; the others are on the desk. */
const often = ['answered', 'introduced', 'policy_applied', 'contract_signed', 'not_real_demand', 'out_of_scope'] as const

/** As many as two WeCom cards hold; others are named in text. */
const mostColleagues = 11

/** Pure: buttons for what a broker can do with a ticket by one tap: `t:12:claim`. */
export function cardFor(desk: Texts, ticket: string): Button[][] {
  return [[{ label: desk('button_claim'), data: `t:${ticket}:claim` }]]
}

/** Buttons for what the owner of a ticket can do with it. */
export function ownerButtons(desk: Texts, ticket: string): Button[][] {
  return [
    [
      { label: desk('button_transfer'), data: `t:${ticket}:heirs` },
      { label: desk('button_return'), data: `t:${ticket}:return` },
      { label: desk('button_close'), data: `t:${ticket}:close` },
    ],
  ]
}

/** Colleagues by name, those on duty first; the last button keeps the case. */
export function colleagueButtons(desk: Texts, ticket: string, colleagues: readonly Colleague[]): Button[][] {
  const away = desk('away')
  const names = colleagues.slice(0, mostColleagues).map(({ person, onDuty }) => ({
    label: onDuty ? person.name : `${person.name}${away}`,
    data: `t:${ticket}:give:${person.id}`,
  }))
  return [...rowsOf([...names, { label: desk('button_keep'), data: `t:${ticket}:keep` }], 2)]
}

function rowsOf(buttons: readonly Button[], wide: number): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / wide) }, (_, row) => buttons.slice(row * wide, (row + 1) * wide))
}

/** Buttons for the most common outcomes of a closed ticket. */
export function outcomeButtons(desk: Texts, ticket: string): Button[][] {
  const buttons = often.map((each) => ({ label: desk(`outcome_${each}`), data: `t:${ticket}:record:${each}` }))
  return [buttons.slice(0, 3), buttons.slice(3)]
}

/**
 * What a button means: an action on its ticket, or a request to see whom it can be given to (`heirs`) or what can be done with it (`keep`).
 */
export type Pressed = {
  readonly ticket: string
  readonly action: TicketAction | { readonly do: 'heirs' } | { readonly do: 'keep' }
}

/** Pure: the data of a pressed button → its meaning; null when it is not one of ours. Who pressed it is checked later. */
export function pressedAction(data: string): Pressed | null {
  const [mark, ticket = '', what = '', value = ''] = data.split(':')
  if (mark !== 't' || !/^\d{1,18}$/.test(ticket)) return null
  if (what === 'claim' || what === 'return' || what === 'reopen' || what === 'close') return { ticket, action: { do: what } }
  if (what === 'heirs' || what === 'keep') return { ticket, action: { do: what } }
  if (what === 'give') return /^\d{1,18}$/.test(value) ? { ticket, action: { do: 'transfer', to: value } } : null
  const outcome = outcomes.find((each) => each === value)
  return what === 'record' && outcome !== undefined ? { ticket, action: { do: 'record', outcome } } : null
}
