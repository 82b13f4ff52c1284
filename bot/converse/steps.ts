import type { IncomingMessage } from '../channels/channel.ts'
import type { InboxRow, Timer } from '../queue/lanes.ts'

/** One thing to deal with: a message (a burst read together counts as one) or a timer. */
export type Step =
  | { readonly row: InboxRow; readonly message: IncomingMessage; readonly timer: null }
  | { readonly row: InboxRow; readonly message: null; readonly timer: Timer }

/** Words this short are often the first half of what comes next: 你好 / 请问 / 那个. */
const shortWord = 6
/** Two messages further apart than this are two thoughts. */
const burstMs = 10_000

/** @returns how long a message may wait for the next one, so that a burst is answered once */
export function settleMsOf(message: IncomingMessage): number {
  const text = message.text.trim()
  return message.kind === 'text' && isShort(text) && !text.startsWith('/') ? 1_200 : 0
}

/** Pure: rows in order → steps; a short text followed at once by another of the same person becomes one question with it. */
export function stepsOf(rows: readonly InboxRow[]): Step[] {
  const steps: Step[] = []
  for (const row of rows) {
    if (isTimer(row.payload)) {
      steps.push({ row, message: null, timer: row.payload })
      continue
    }
    const message = row.payload
    const before = steps.at(-1)
    if (before?.message && continues(before.message, message)) {
      steps[steps.length - 1] = {
        row,
        timer: null,
        message: { ...message, text: `${before.message.text.trim()}\n${message.text.trim()}`, addressed: true },
      }
    } else {
      steps.push({ row, message, timer: null })
    }
  }
  return steps
}

function isTimer(payload: InboxRow['payload']): payload is Timer {
  return payload.kind === 'timer'
}

function continues(before: IncomingMessage, message: IncomingMessage): boolean {
  const plain = (each: IncomingMessage) => each.kind === 'text' && each.addressed && !each.text.trim().startsWith('/')
  const gap = Date.parse(message.sentAt) - Date.parse(before.sentAt)
  return (
    plain(before) &&
    plain(message) &&
    before.chat === message.chat &&
    before.from.id === message.from.id &&
    gap <= burstMs &&
    isShort(before.text.trim())
  )
}

function isShort(text: string): boolean {
  return [...text].length <= shortWord && !/[?？。！!]$/.test(text)
}
