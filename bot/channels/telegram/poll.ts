import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { isBadData } from '../base/bad-data.ts'
import { list, number, object } from '../base/loose.ts'
import { pauses } from '../base/pause.ts'
import { ChannelError } from '../channel.ts'
import type { Call } from './api.ts'

const pollSeconds = 25
/** The server answers within `pollSeconds`; beyond this the connection is dead. */
const pollWithinMs = 40_000
const batch = 100
const lastWordWithinMs = 3_000
/** An update that cannot be stored while others can must not hold up everybody for ever. */
const triesOfBadData = 3
const patienceMs = 300_000

export const allowedUpdates = ['message', 'callback_query', 'my_chat_member']

type Needs = {
  readonly call: Call
  readonly log: Log
  /** Stores one update; a rejection means it must come again. */
  readonly take: (update: unknown) => Promise<void>
  /** Rejects while nothing can be stored at all. */
  readonly durable: () => Promise<void>
  /** Receives the result of the last poll: an error, or null. */
  readonly noted: (error: ChannelError | null) => void
  readonly stopping: AbortSignal
}

/**
 * Our own poll loop. telegraf's launch() confirms an update whose handler failed (the question is lost and the bot stops), handles a batch
 * in parallel (two messages of one chat at once), and waits for the slowest handler before it polls again. Here an update is confirmed only
 * by the poll after everything up to it was stored, in order; what could not be stored is fetched again.
 * @returns after the signal, once everything in hand is stored and confirmed
 */
export async function poll(needs: Needs): Promise<void> {
  const { call, stopping } = needs
  const pause = pauses(stopping)
  const patience = patienceWith(needs.durable)
  const at = { offset: 0 }
  while (!stopping.aborted) {
    try {
      await pollOnce(at, needs, patience)
      pause.reset()
    } catch (error) {
      if (stopping.aborted) break
      report(error, needs)
      await pause.after(error)
    }
  }
  // Confirms the last stored update, so that it does not come again after a restart.
  const lastWord = { offset: at.offset, limit: 1, timeout: 0, allowed_updates: allowedUpdates }
  if (at.offset > 0) await call('getUpdates', lastWord, { withinMs: lastWordWithinMs }).catch(() => undefined)
}

/** @param at advances with every stored update, even when a later one fails */
async function pollOnce(at: { offset: number }, needs: Needs, patience: Patience): Promise<void> {
  const { call, noted, stopping } = needs
  const payload = { offset: at.offset, limit: batch, timeout: pollSeconds, allowed_updates: allowedUpdates }
  const updates = list(await call('getUpdates', payload, { signal: stopping, withinMs: pollWithinMs }))
  noted(null)
  for (const update of updates) {
    if (stopping.aborted) return
    await takeOrGiveUp(update, needs, patience)
    at.offset = nextOffset(update, at.offset)
  }
  if (updates.length > 0 && at.offset === 0) throw new ChannelError('unavailable', 'getUpdates: no update carries an id')
}

function report(error: unknown, { log, noted }: Needs): void {
  if (error instanceof ChannelError) {
    noted(error)
    log('telegram_poll_failed', { ...errorFields(error), hint: error.hint })
  } else log('telegram_update_not_stored', errorFields(error))
}

/** Not the highest id seen: after a quiet week Telegram restarts at a random number, which may be lower. */
function nextOffset(update: unknown, offset: number): number {
  const id = number(object(update)?.['update_id'])
  return id === null || id < 0 ? offset : id + 1
}

type Patience = (update: unknown, error: unknown) => Promise<boolean>

async function takeOrGiveUp(update: unknown, { take, log }: Needs, endsFor: Patience): Promise<void> {
  try {
    await take(update)
  } catch (error) {
    if (!(await endsFor(update, error))) throw error
    log('telegram_update_given_up', { update: number(object(update)?.['update_id']), ...errorFields(error) })
  }
}

/** @returns whether to skip an update: its data can never be stored, or it has failed for minutes while storing in general works */
function patienceWith(durable: () => Promise<void>): Patience {
  let failing: { id: number | null; tries: number; since: number } | null = null
  return async (update, error) => {
    const id = number(object(update)?.['update_id'])
    failing = failing?.id === id ? { ...failing, tries: failing.tries + 1 } : { id, tries: 1, since: Date.now() }
    if (isBadData(error)) return failing.tries >= triesOfBadData
    if (Date.now() - failing.since < patienceMs) return false
    return durable().then(
      () => true,
      () => false,
    )
  }
}
