import type { Reason } from '../decide.ts'
import type { Outcome } from './desk/action.ts'

export type Ticket = {
  /** Also the number people see. */
  readonly id: string
  readonly conversation: string
  readonly reason: Reason
  readonly need: string
  readonly state: 'waiting' | 'claimed' | 'closed'
  readonly owner: string | null
  readonly ownerName: string | null
  readonly deskChat: string | null
  /** 1 high, 2 normal, 3 low. */
  readonly priority: number
  /** People who must not have it. */
  readonly excluded: readonly string[]
  readonly openedAt: Date
  readonly promisedAt: Date | null
  /** As it was first promised; a renewal moves only `promisedAt`. */
  readonly firstPromisedAt: Date | null
  readonly firstReplyAt: Date | null
  /** When somebody registered had it first; it may wait again since. */
  readonly claimedAt: Date | null
  readonly followUpAt: Date | null
  readonly escalatedAt: Date | null
  readonly closedAt: Date | null
  readonly closedHow: HowClosed | null
  readonly outcome: Outcome | null
  readonly satisfaction: number | null
}

/** Pure: nobody registered has had it, yet a human answered: an unregistered one talks to the person on their own platform. */
export function isTalkedTo({ firstReplyAt, claimedAt }: Pick<Ticket, 'firstReplyAt' | 'claimedAt'>): boolean {
  return firstReplyAt !== null && claimedAt === null
}

/** A card with a claim button in a broker's private chat. `key`: its row in the outbox. */
export type Offer = { readonly chat: string; readonly key: string }

export type HowClosed = 'broker' | 'nobody' | 'person_left'

export type NewTicket = {
  readonly conversation: string
  readonly reason: Reason
  readonly need: string
  /** The packet, as it was when the ticket was opened. */
  readonly packet: Readonly<Record<string, unknown>>
  readonly priority: number
  readonly excluded: readonly string[]
  readonly promisedAt: Date | null
  readonly followUpAt: Date | null
}
