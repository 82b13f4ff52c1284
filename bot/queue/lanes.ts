import type { Language } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { IncomingMessage } from '../channels/channel.ts'
import type { DeskAction } from '../handoff/desk/action.ts'
import type { Turn } from '../turn.ts'

/** One conversation leased to one worker, with everything that waits in it, oldest first. */
export type Lane = {
  readonly conversation: Conversation
  readonly rows: readonly InboxRow[]
  /** Grows with every lease: a worker that lost its lease can no longer commit. */
  readonly fence: string
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
 * Something that falls due. A promise: `round` counts how often it was made anew, from 1. `broker_left`: the owner is gone (round 0) or off
 * duty (1). `recall`: `ticket` is the recall's number. `erase`: this person's data goes; `ticket` is empty.
 */
export type Timer = {
  readonly kind: 'timer'
  readonly name: 'first_response' | 'follow_up' | 'broker_left' | 'reroute' | 'recall' | 'erase'
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

/** What changes on the conversation when its work is committed; absent = stays. */
export type LaneChange = {
  readonly turn?: Turn
  readonly clarified?: number
  readonly language?: Language
  readonly memory?: Readonly<Record<string, unknown>>
  readonly blocked?: boolean
}

export type TranscriptLine = {
  /** Grows; a page asks for what came after the last it has. */
  readonly id: string
  readonly author: 'person' | 'bot' | 'broker' | 'note'
  readonly authorName: string | null
  readonly text: string
  /** The answer of the bot this line says, or null. */
  readonly answer: string | null
  readonly at: Date
}

/** As the database gives them. */
export type ConversationRow = Omit<Conversation, 'personName'> & { readonly person_name: string | null; readonly fence: string }
export type StoredRow = Omit<InboxRow, 'receivedAt'> & { readonly received_at: Date }

export function toConversation(row: ConversationRow): Conversation {
  const { id, chat, person, language, turn, clarified, memory } = row
  return { id, chat, person, personName: row.person_name, language, turn, clarified, memory }
}

export function toInboxRow(row: StoredRow): InboxRow {
  return { id: row.id, channel: row.channel, attempts: row.attempts, receivedAt: row.received_at, payload: row.payload }
}

/** Messages are due at once whatever the clock says; only a waiting burst looks at it. */
export function runAt(settleMs: number, clock: Clock): Date {
  return settleMs === 0 ? new Date(0) : new Date(clock().getTime() + settleMs)
}
