import { codeOf, toError } from '../../retrieval/base/errors.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { isSpoken } from '../channels/message.ts'
import { beginWork, type ConverseDeps, finish, say, textsOf, type Work } from '../converse/work.ts'
import { converse } from '../converse.ts'
import type { DeskAction } from '../handoff/desk/action.ts'
import { handOff } from '../handoff/handoff.ts'
import type { Inbox } from '../inbox.ts'
import { said } from '../render.ts'
import type { InboxRow, Lane, Timer } from './lanes.ts'
import { whileRenewed } from './lease.ts'

/** After this many tries the person gets an honest word and a broker instead of silence. */
const mostAttempts = 5
/** Taken this often without even a failure to tell of, it ends the process each time: everybody else would wait for ever. */
const mostClaims = 12
const againMs = 10 * 60_000
/** Also how soon a worker notices that it lost its lane, and stops the preview. */
const heartbeatMs = 2_000
/** Longer than all model calls for one burst of messages may take. */
const mostThinkingMs = 300_000

/** One turn of an inbox worker: claim a lane, think, commit; on failure give it back or, at last, give up openly. */
export function inboxStep(deps: ConverseDeps & { readonly inbox: Inbox; readonly log: Log }): () => Promise<boolean> {
  return async () => {
    const lane = await deps.inbox.claim()
    if (lane === null) return false
    const gone = new AbortController()
    const renew = async () => {
      if (!(await deps.inbox.renew(lane).catch(() => true))) gone.abort()
    }
    const work = () => (triesOf(lane) > mostClaims ? givenUp(lane, deps) : converse(lane, deps, gone.signal))
    await whileRenewed({ everyMs: heartbeatMs, mostMs: mostThinkingMs }, renew, () =>
      work().catch((error: unknown) => recover(lane, error, gone.signal.aborted, deps)),
    )
    return true
  }
}

async function recover(lane: Lane, error: unknown, lost: boolean, deps: ConverseDeps): Promise<void> {
  if (codeOf(error) === 'lease_lost' || lost) {
    deps.log('lease_lost', { conversation: lane.conversation.id })
    return
  }
  if (triesOf(lane) < mostAttempts) return deps.inbox.release(lane, error)
  deps.log('inbox_given_up', { conversation: lane.conversation.id, ...errorFields(error) })
  await giveUp(lane, deps).catch((cause: unknown) => deps.inbox.release(lane, toError(cause)))
}

const triesOf = (lane: Lane): number => Math.max(...lane.rows.map((row) => row.attempts))

async function givenUp(lane: Lane, deps: ConverseDeps): Promise<void> {
  deps.log('inbox_given_up', { conversation: lane.conversation.id, code: 'ends_the_process' })
  await giveUp(lane, deps)
}

/**
 * The lane must move on: its rows are done, the person is told, a broker gets the case when it was the bot's turn, and timers come again.
 */
async function giveUp(lane: Lane, deps: ConverseDeps): Promise<void> {
  const work = await beginWork(lane, deps)
  const { chat } = lane.conversation
  const own = lane.rows.filter(({ payload }) => 'text' in payload && isSpoken(payload) && payload.chat === chat)
  const last = own.at(-1)
  if (last !== undefined && 'text' in last.payload) {
    if (work.turn === 'bot') await handOff(work, last, { reason: 'failed', answered: null, words: last.payload.text })
    else say(work, last, () => said(textsOf(work)('failed')))
  }
  for (const row of lane.rows) {
    if (row.payload.kind === 'desk_action') failed(work, row.payload)
    if (row.payload.kind === 'timer') comeAgain(work, row, row.payload)
    else tellBroker(work, row, 'tell' in row.payload ? row.payload.tell : row.payload.chat)
  }
  await finish(work, 'given_up')
}

/** A promise must not be forgotten because it could not be handled now. */
function comeAgain(work: Work, row: InboxRow, timer: Timer): void {
  const at = new Date(work.deps.clock().getTime() + againMs)
  const { conversation } = work.lane
  work.effects.push((tx) => work.deps.inbox.setTimer(tx, conversation.id, `again:${row.id}`, at, timer))
}

/** Reports to a waiting page that there is no result. */
function failed(work: Work, { ticket, by, key }: DeskAction): void {
  work.events.push({ ticket, kind: 'refused', person: by, action: key, result: { code: 'failed', owner: null } })
}

/** Tells a broker that words or clicks at the desk could not be passed on. */
function tellBroker(work: Work, row: InboxRow, chat: string | null): void {
  const { conversation } = work.lane
  if (chat === null || chat === conversation.chat) return
  const body = said(work.deps.texts.zh('desk_failed'))
  const key = `inbox:${row.id}:failed`
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation: conversation.id, body }]))
}
