import { errorFields } from '../../../retrieval/base/log.ts'
import { number, object } from '../base/loose.ts'
import type { ChannelDeps } from '../channel.ts'
import type { IncomingMessage } from '../message.ts'
import type { Moves } from './address.ts'
import type { Call } from './api.ts'
import { callbackIdOf, incomingOf, moveOf } from './incoming.ts'
import { type Me, privacyHint } from './introduce.ts'

const callbackWithinMs = 5_000

export type OnMessage = (message: IncomingMessage) => Promise<void>

/** Passes one update to `onMessage`. A rejection means it was not stored and must come again. */
export function receiver(needs: {
  readonly call: Call
  readonly moves: Moves
  readonly desk: string | null
  readonly deps: Pick<ChannelDeps, 'log'>
}) {
  const { call, moves, desk, deps } = needs
  const going = new Set<Promise<unknown>>()
  let warned = false

  function track<Result>(work: Promise<Result>): Promise<Result> {
    const done = work.finally(() => going.delete(done))
    going.add(done)
    return done
  }

  async function take(update: unknown, me: Me, onMessage: OnMessage): Promise<void> {
    const move = moveOf(update)
    if (move !== null) await moves.note(move.from, move.to)
    const { message, dropped } = incomingOf(update, me, desk)
    if (message === null) deps.log('telegram_update_dropped', { update: number(object(update)?.['update_id']), reason: dropped })
    else {
      if (message.group) warnOfPrivacy(me)
      await onMessage({ ...message, chat: moves.stored(message.chat) })
    }
    const pressed = callbackIdOf(update)
    // Not awaited: the next update must not wait for a spinner. `stop` waits for it.
    if (pressed !== null) void track(acknowledge(pressed))
  }

  async function acknowledge(pressed: string): Promise<void> {
    await call('answerCallbackQuery', { callback_query_id: pressed }, { withinMs: callbackWithinMs }).catch((error: unknown) =>
      deps.log('telegram_callback_unanswered', errorFields(error)),
    )
  }

  function warnOfPrivacy(me: Me): void {
    if (warned || me.seesGroups) return
    warned = true
    deps.log('telegram_privacy_mode_on', { hint: privacyHint })
  }

  return {
    take: (update: unknown, me: Me, onMessage: OnMessage) => track(take(update, me, onMessage)),
    warnOfPrivacy,
    /** Resolves when nothing is in hand. */
    settled: async () => {
      while (going.size > 0) await Promise.allSettled(going)
    },
  }
}
