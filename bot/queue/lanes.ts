import type { Language } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import { sanitiseDeep } from '../../retrieval/base/sanitise.ts'
import { type IncomingMessage, isByOthers } from '../channels/message.ts'
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
 * Something that falls due. A promise: `round` counts how often it was made, from 1. `broker_left`: the owner was removed (round 0) or went
 * off duty (1). `recall`: `ticket` is the recall's number. `erase`: erase this person's data; `ticket` is empty. `gaps`: tell the lead of
 * this chat the gaps of the week before the Monday in `ticket`.
 */
export type Timer = {
  readonly kind: 'timer'
  readonly name: 'first_response' | 'follow_up' | 'broker_left' | 'reroute' | 'recall' | 'erase' | 'gaps'
  readonly ticket: string
  readonly round: number
}

export type InboxRow = {
  readonly id: string
  readonly channel: string
  readonly attempts: number
  readonly receivedAt: Date
  readonly payload: IncomingMessage | Timer | DeskAction
}

/** Changes to the conversation, committed with its work; absent = unchanged. */
export type LaneChange = {
  readonly turn?: Turn
  readonly clarified?: number
  readonly language?: Language
  readonly memory?: Readonly<Record<string, unknown>>
  readonly blocked?: boolean
}

export type TranscriptLine = {
  /** Grows; a page asks for what came after its last line. */
  readonly id: string
  readonly author: 'person' | 'bot' | 'broker' | 'note'
  readonly authorName: string | null
  readonly text: string
  /** The id of the bot's answer in this line, or null. */
  readonly answer: string | null
  readonly at: Date
}

/** Messages are due at once whatever the clock says; only a waiting burst uses it. */
function runAt(settleMs: number, clock: Clock): Date {
  return settleMs === 0 ? new Date(0) : new Date(clock().getTime() + settleMs)
}

/** Something a channel received. `settleMs`: how long a short first message waits for the next. */
export type Arrival = { readonly channel: string; readonly message: IncomingMessage; readonly settleMs: number }

/** An arrival as it is stored, the `n`th of its batch. */
export function arrivalRow({ channel, message, settleMs }: Arrival, n: number, clock: Clock): Readonly<Record<string, unknown>> {
  const clean = sanitiseDeep(message)
  const [person, name] = isByOthers(clean) ? [null, null] : [clean.from.id, clean.from.name]
  const { externalId: key, chat } = clean
  return { n, channel, key, chat, person, name, payload: clean, run_at: runAt(settleMs, clock) }
}
