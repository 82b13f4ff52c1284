import { agendaWishOf } from '../agenda/chat/wishes.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { InboxRow, Posted, Timer } from '../queue/lanes.ts'
import { commandIn, wishOf } from './wishes.ts'

/** One thing to handle: a message (a burst is merged into one), a timer, or an action from the desk. */
export type Step = { readonly row: InboxRow } & (
  | { readonly message: IncomingMessage; readonly timer?: undefined; readonly action?: undefined }
  | { readonly timer: Timer; readonly message?: undefined; readonly action?: undefined }
  | { readonly action: Posted; readonly message?: undefined; readonly timer?: undefined }
)

/** Messages this short are often the first half of the next one: 你好 / 请问 / 那个. */
const shortWord = 6
/** Messages further apart than this are separate thoughts. */
const burstMs = 10_000

/** @returns how long a message waits for the next one so that a burst is answered once, in milliseconds */
export function settleMsOf(message: IncomingMessage): number {
  const text = message.text.trim()
  return message.kind === 'text' && isShort(text) && commandIn(text) === null ? 1_200 : 0
}

/**
 * Pure: turns rows, in order, into steps. A short text and the next one of the same person become one question. Somebody taking over the
 * turn comes first: words the bot has not answered by then are for the human.
 */
export function stepsOf(rows: readonly InboxRow[]): Step[] {
  const steps: Step[] = []
  for (const row of [...rows.filter(takesTurn), ...rows.filter((each) => !takesTurn(each))]) {
    const { payload } = row
    if (payload.kind === 'timer') steps.push({ row, timer: payload })
    else if (payload.kind === 'desk_action' || payload.kind === 'chain_order') steps.push({ row, action: payload })
    else addMessage(steps, row, payload)
  }
  return steps
}

function takesTurn({ payload }: InboxRow): boolean {
  if (payload.kind === 'session_taken') return true
  return payload.kind === 'desk_action' && (payload.action.do === 'claim' || payload.action.do === 'reopen')
}

function addMessage(steps: Step[], row: InboxRow, message: IncomingMessage): void {
  const before = steps.at(-1)
  if (before?.message === undefined || !continues(before.message, message)) {
    steps.push({ row, message })
    return
  }
  const text = `${before.message.text.trim()}\n${message.text.trim()}`
  steps[steps.length - 1] = { row, message: { ...message, text, addressed: true } }
}

function continues(before: IncomingMessage, message: IncomingMessage): boolean {
  const plain = (each: IncomingMessage) => each.kind === 'text' && each.addressed && commandIn(each.text) === null
  const gap = Date.parse(message.sentAt) - Date.parse(before.sentAt)
  return (
    plain(before) &&
    plain(message) &&
    before.chat === message.chat &&
    before.from.id === message.from.id &&
    gap <= burstMs &&
    isShort(before.text.trim()) &&
    !isWish(before.text) &&
    // 报名 and 报名1 are two wishes; a 2 after the first says which.
    agendaWishOf(message.text) === null
  )
}

/** “转人工” followed by a question is a wish and a question; “你好” followed by a question is one question. */
function isWish(text: string): boolean {
  const wish = wishOf(text)
  return wish !== null && wish !== 'greeting'
}

function isShort(text: string): boolean {
  return [...text].length <= shortWord && !/[?？。！!]$/.test(text)
}
