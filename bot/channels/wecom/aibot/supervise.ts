import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { errorFields, type Log } from '../../../../retrieval/base/log.ts'
import { object, text } from '../../base/loose.ts'
import { isOver } from '../../base/over.ts'
import { pauses } from '../../base/pause.ts'
import { ChannelError, type ChannelState } from '../../channel.ts'
import type { Socket } from './socket.ts'

/** A dead holder is replaced after this; a live one renews at a third of it. */
const leaseMs = 12_000
const askAgainMs = 1_000
/** Somebody outside our database is connected with the same bot: taking turns every second would help nobody. */
const kickedMs = 60_000

/** @returns whether some process is connected, or about to be */
export function isHeld(state: ChannelState): Promise<boolean> {
  return state.change('lease', (value, now) => ({
    result: text(object(value)?.['by']) !== null && !isOver(object(value)?.['until'], now, leaseMs),
  }))
}

export type Supervised = {
  /** The connection of this process, or null when it has none. */
  current(): Socket | null
  /** Resolves when nothing is open any more. */
  ended: Promise<void>
}

/**
 * Keeps one connection for as long as it runs. Only the process that holds the lease connects, since a second connection would push out the
 * first; a lost one is opened again.
 */
export function supervise(needs: {
  readonly open: () => Promise<Socket>
  readonly state: ChannelState
  readonly log: Log
  readonly noted: (error: ChannelError | null) => void
  readonly stopping: AbortSignal
}): Supervised {
  const { state, log, noted, stopping } = needs
  const me = randomUUID()
  const pause = pauses(stopping)
  const rest = (ms: number) => wait(ms, undefined, { signal: stopping }).catch(() => undefined)
  let socket: Socket | null = null

  const hold = () =>
    state.change('lease', (value, now) => {
      const by = text(object(value)?.['by'])
      const free = by === null || by === me || isOver(object(value)?.['until'], now, leaseMs)
      return free ? { value: { by: me, until: now.getTime() + leaseMs }, result: true } : { result: false }
    })
  const letGo = () =>
    state.change('lease', (value) =>
      text(object(value)?.['by']) === me ? { value: { by: null, until: 0 }, result: null } : { result: null },
    )

  /** Renews the lease while a connection lives; a process that cannot renew has lost it and must disconnect. */
  async function keep(open: Socket): Promise<'kicked' | 'lost'> {
    const over = open.over.then((why) => ({ why }))
    while (!stopping.aborted) {
      const ended = await Promise.race([over, rest(leaseMs / 3).then(() => null)])
      if (ended !== null) return ended.why
      // While the database cannot be asked, nobody else can have taken the lease either.
      if (!(await hold().catch(() => true))) break
    }
    open.close()
    return open.over
  }

  async function once(): Promise<void> {
    if (!(await hold())) return rest(askAgainMs)
    socket = await needs.open()
    noted(null)
    pause.reset()
    log('aibot_connected')
    const why = await keep(socket)
    socket = null
    log('aibot_disconnected', { why })
    if (why !== 'kicked' || stopping.aborted) return
    noted(
      new ChannelError('misconfigured', 'Another program connected with this bot', {
        hint: 'Stop the other program, or give each its own bot; processes of one deployment must share DATABASE_URL.',
      }),
    )
    await letGo().catch(() => undefined)
    await rest(kickedMs)
  }

  async function failed(error: unknown): Promise<void> {
    socket = null
    if (stopping.aborted) return
    const known = error instanceof ChannelError ? error : null
    if (known !== null) noted(known)
    log('aibot_not_connected', { ...errorFields(error), hint: known?.hint })
    await pause.after(error)
  }

  async function run(): Promise<void> {
    while (!stopping.aborted) await once().catch(failed)
    await letGo().catch(() => undefined)
  }

  return { current: () => socket, ended: run() }
}
