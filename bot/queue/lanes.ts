import type { Language } from '../../prompts/load.ts'
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
 * duty (1).
 */
export type Timer = {
  readonly kind: 'timer'
  readonly name: 'first_response' | 'follow_up' | 'broker_left' | 'reroute'
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
