import type { Language } from '../../prompts/load.ts'
import type { ChainOrder } from '../chain/orders/given.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { DeskAction } from '../handoff/desk/action.ts'
import type { PastAnswer } from '../records/answers.ts'
import type { Turn } from '../turn.ts'

/** One conversation leased to one worker, with everything that waits in it, oldest first. */
export type Lane = {
  readonly conversation: Conversation
  readonly rows: readonly InboxRow[]
  /** Grows with every lease: a worker that lost its lease can no longer commit. */
  readonly fence: string
  /** What was read together with the lease; null when somebody else may have changed it meanwhile: then it is read again. */
  readonly known: Known | null
  /** The number of the first answer made in this lease, so that its buttons can name it before it is stored. */
  readonly answerId: string
}

/** What every message needs to know of its conversation. */
export type Known = {
  /** Whether a ticket is open. */
  readonly ticket: boolean
  /** The last answers, newest first. */
  readonly past: readonly PastAnswer[]
  /** The enterprise the person is verified for, or null. */
  readonly enterprise: string | null
  /** Topics staff switched off for the bot. */
  readonly closedTopics: readonly string[]
}

export type Conversation = {
  readonly id: string
  readonly chat: string
  readonly person: string | null
  readonly personName: string | null
  readonly language: Language | null
  readonly turn: Turn
  /** How often in a row the bot has asked back. */
  readonly clarified: number
  readonly memory: Readonly<Record<string, unknown>>
}

/**
 * Something that falls due, stored in the inbox until then. `ticket` and `round` mean, by `name`:
 * - `first_response`, `follow_up`: a promise about the ticket; `round` counts how often it was made, from 1;
 * - `broker_left`: the ticket's owner was removed (round 0) or went off duty (1);
 * - `reroute`: somebody came or went who may have the ticket;
 * - `recall`: `ticket` is the recall's number;
 * - `erase`: this person's data is to be erased; `ticket` is empty;
 * - `event_news`, `event_place`, `event_day`, `event_hour`: `ticket` is the event, `round` its revision: it was moved or is off, a place has
 *   become free, it is tomorrow, it begins in an hour;
 * - `published`: `ticket` is a demand's number: its enterprise is told what everybody may read now, or that nobody can (round 0);
 * - `gaps`: the lead of this chat is told the gaps of the week before the Monday in `ticket`.
 */
export type Timer = {
  readonly kind: 'timer'
  readonly name:
    | 'first_response'
    | 'follow_up'
    | 'broker_left'
    | 'reroute'
    | 'recall'
    | 'erase'
    | 'gaps'
    | 'published'
    | EventTimer
  readonly ticket: string
  readonly round: number
  /** Of a promise: the moment it was made for; a newer promise of that name takes its place. Milliseconds since 1970. */
  readonly at?: number
  /** Of a first word owed anew: the last line of the transcript when it was given back. */
  readonly since?: string
}

/** Timers of the agenda. */
export type EventTimer = 'event_news' | 'event_place' | 'event_day' | 'event_hour'

export function isEventTimer(timer: Timer): timer is Timer & { readonly name: EventTimer } {
  return timer.name.startsWith('event_')
}

/** What somebody registered wants done, stored in the lane of the person it is about. */
export type Posted = DeskAction | ChainOrder

export type InboxRow = {
  readonly id: string
  readonly channel: string
  readonly attempts: number
  readonly receivedAt: Date
  readonly payload: IncomingMessage | Timer | Posted
}

/** Changes to the conversation, committed with its work; absent = unchanged. */
export type LaneChange = {
  readonly turn?: Turn
  readonly clarified?: number
  readonly language?: Language
  readonly memory?: Readonly<Record<string, unknown>>
  readonly blocked?: boolean
}
