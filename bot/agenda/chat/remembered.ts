import type { IncomingMessage } from '../../channels/message.ts'
import type { Outgoing } from '../../channels/outgoing.ts'
import { hear, say, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import type { ParkEvent } from '../event.ts'
import type { Attendee } from '../signups.ts'

/** What a conversation remembers of the agenda. */
export type Remembered = {
  /** Events in the order in which they were last told. */
  readonly listed?: readonly string[]
  /** When that was, in ms since 1970. */
  readonly listedAt?: number
  /** They were asked which one of those. */
  readonly choosing?: { readonly to: 'join' | 'leave'; readonly at: number } | undefined
  /** What they are signed up for, in the order in which it was last told. */
  readonly mine?: readonly string[]
  /** What the person said of themselves when they last signed up. */
  readonly me?: Attendee
  /** A sign-up: what is known so far, since when. One that is done may still be put right. */
  readonly joining?: { readonly event: string; readonly known: Attendee; readonly at: number; readonly done?: boolean }
}

export function rememberedOf(work: Work): Remembered {
  return (work.memory as { readonly agenda?: Remembered }).agenda ?? {} // written only here
}

export function remember(work: Work, change: Partial<Record<keyof Remembered, unknown>>): void {
  work.memory = { ...work.memory, agenda: { ...rememberedOf(work), ...change } }
}

/** After an answer from the agenda: which event “the second” is. */
export function rememberListed(work: Work, events: readonly string[]): void {
  remember(work, { listed: events, listedAt: work.deps.clock().getTime() })
}

export function listedOf(work: Work, events: readonly ParkEvent[]): ParkEvent[] {
  return (rememberedOf(work).listed ?? []).flatMap((id) => events.find((each) => each.id === id) ?? [])
}

const patienceMs = 30 * 60_000

/** Whether what was said then is still what is spoken of. */
export function isRecent(work: Work, at: number | undefined): boolean {
  return at !== undefined && work.deps.clock().getTime() - at <= patienceMs
}

/** The account an event knows somebody by. */
export const whoOf = (message: IncomingMessage) => message.from.id

export function sayingOf(work: Work) {
  return { texts: textsOf(work), language: work.language, now: work.deps.clock() }
}

export function hearPerson(work: Work, row: InboxRow, message: IncomingMessage): void {
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
}

export function reply(work: Work, row: InboxRow, body: Outgoing, outcome: string): void {
  say(work, row, body)
  work.outcomes.push(`event:${outcome}`)
}
