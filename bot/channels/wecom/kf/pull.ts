import { AppError, codeOf } from '../../../../retrieval/base/errors.ts'
import { errorFields, type Log } from '../../../../retrieval/base/log.ts'
import { list, number, text } from '../../base/loose.ts'
import { pauses } from '../../base/pause.ts'
import { ChannelError, type OnBatch } from '../../channel.ts'
import type { WecomClient } from '../client.ts'
import { errcodeOf } from '../errcodes.ts'
import { type Item, itemOf, sentAtOf, setupFailuresIn } from './items.ts'
import type { Memory, Sync } from './memory.ts'
import type { Names } from './names.ts'

/** Items per transaction: others wait for the embedded database meanwhile. */
const pageSize = 200
/** A doorbell may be lost; a message waits no longer than this for the next poll. */
const pollMs = 60_000
/** How soon a doorbell stored by another process is noticed. */
const tickMs = 1_000
/** Short, since a dead process keeps it. Whoever takes longer for a page may be overtaken; the cursor keeps that harmless. */
const leaseMs = 5_000
const tokenLivesMs = 9 * 60_000
const badToken = 95007

export type Puller = {
  /** Somebody rang. Resolves when that is stored, so that whichever process is alive answers. */
  ring(token: string | null): Promise<void>
  run(): Promise<void>
}

type Needs = {
  readonly account: string
  readonly client: Pick<WecomClient, 'post' | 'undelivered'>
  readonly memory: Memory
  readonly names: Names
  readonly owner: string
  readonly onBatch: OnBatch
  readonly log: Log
  readonly stopping: AbortSignal
  readonly noted: (error: unknown) => void
}

/**
 * Reads one account for as long as the service runs: when its doorbell rang, in whichever process, and once a minute in case it did not.
 * The lease only spares the platform; the cursor, which moves only from where a page began, ensures that nothing is stored twice or
 * skipped.
 */
export function puller(needs: Needs): Puller {
  const { account, memory, owner, stopping, log } = needs
  const store = sharing((token: string | null) => memory.ring(account, token))
  let wake: () => void = () => {}
  let rung = false

  function nap(): Promise<void> {
    if (rung || stopping.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, tickMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function isDue(): Promise<boolean> {
    const [bell, { sync }] = await Promise.all([memory.bell(account), memory.sync(account)])
    return (bell !== null && bell.id !== sync.bell) || Math.abs(Date.now() - sync.at) > pollMs
  }

  async function turn(): Promise<void> {
    rung = false
    if (!(await isDue()) || !(await memory.lease(account, owner, leaseMs))) return
    try {
      while (!stopping.aborted && (await pullPage(needs))) await memory.lease(account, owner, leaseMs)
    } finally {
      await memory.release(account, owner).catch(() => undefined)
    }
  }

  return {
    async ring(token) {
      await store(token)
      rung = true
      wake()
    },
    async run() {
      stopping.addEventListener('abort', () => wake(), { once: true })
      const pause = pauses(stopping)
      while (!stopping.aborted) {
        try {
          await turn()
          pause.reset()
          needs.noted(null)
        } catch (error) {
          if (stopping.aborted) break
          // Another process stored the same page, which is fine; the new cursor is looked up.
          if (codeOf(error) !== 'state_moved') needs.noted(error)
          log('kf_sync_failed', { account, ...errorFields(error) })
          await pause.after(error)
        }
        await nap()
      }
    },
  }
}

/** Callers that arrive during one write share the next, which begins after they came. */
function sharing<Value>(write: (value: Value) => Promise<void>): (value: Value) => Promise<void> {
  let going: Promise<void> | null = null
  let next: Promise<void> | null = null
  const begin = (value: Value): Promise<void> => {
    next = null
    const done = write(value).finally(() => {
      if (going === done) going = null
    })
    going = done
    return done
  }
  return (value) => {
    if (going === null) return begin(value)
    next ??= going.catch(() => undefined).then(() => begin(value))
    return next
  }
}

/** @returns whether there is more */
async function pullPage(needs: Needs): Promise<boolean> {
  const { account, memory, log, onBatch } = needs
  const bell = await memory.bell(account)
  const { stored, sync } = await memory.sync(account)
  const token = bell?.token != null && Date.now() - bell.at < tokenLivesMs ? bell.token : null
  const page = await fetchPage(needs, sync.cursor, token).catch((error: unknown) => {
    if (sync.cursor === '' || !(error instanceof ChannelError) || error.code !== 'refused') throw error
    // The platform no longer knows the cursor (we were away for days): what it still has is read again, and known messages are dropped.
    log('kf_cursor_refused', { account, ...errorFields(error) })
    return fetchPage(needs, '', token)
  })
  const next = text(page['next_cursor']) ?? ''
  const more = number(page['has_more']) === 1
  // A page whose cursor does not move would be read for ever.
  if (more && (next === '' || next === sync.cursor))
    throw new AppError('kf_cursor_stuck', 'sync_msg has more, but no cursor to it', { retry: true })
  const { items, dropped } = readPage(list(page['msg_list']), account, sync.since)
  for (const type of setupFailuresIn(list(page['msg_list']))) needs.client.undelivered(type)
  if (dropped !== '') log('kf_items_dropped', { account, reasons: dropped })
  const to: Sync = {
    cursor: next === '' ? sync.cursor : next,
    // Rung again meanwhile: that bell is not answered yet.
    bell: more ? sync.bell : (bell?.id ?? null),
    at: Date.now(),
    since: sync.since,
  }
  await onBatch({
    messages: (await needs.names(items)).map((each) => each.message),
    moved: { name: memory.syncName(account), from: stored, to },
    also: heardIn(items, account, memory),
  })
  return more
}

async function fetchPage(
  { account, client, stopping }: Needs,
  cursor: string,
  token: string | null,
): Promise<Readonly<Record<string, unknown>>> {
  const ask = (with_: object) =>
    client.post(
      'kf/sync_msg',
      { open_kfid: account, limit: pageSize, voice_format: 0, ...(cursor === '' ? {} : { cursor }), ...with_ },
      { signal: stopping },
    )
  if (token === null) return ask({})
  return ask({ token }).catch((error: unknown) => {
    if (errcodeOf(error) !== badToken) throw error
    return ask({})
  })
}

/** Sorted by time; within a second the platform's order stands. Messages from before the first start are skipped. */
function readPage(raw: readonly unknown[], account: string, since: number): { items: Item[]; dropped: string } {
  const reasons = new Map<string, number>()
  const drop = (reason: string) => void reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const now = Math.floor(Date.now() / 1000)
  const items = raw
    .map((each, index) => ({ each, index, at: sentAtOf(each) ?? now }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .flatMap(({ each, at }) => {
      const item = at * 1000 < since ? { dropped: 'history' } : itemOf(each, account, now)
      if (!('dropped' in item)) return [item]
      drop(item.dropped)
      return []
    })
  return { items, dropped: [...reasons].map(([reason, count]) => `${reason}:${count}`).join(' ') }
}

/** The last message of each customer decides for how long and how often they may be written to. */
function heardIn(items: readonly Item[], account: string, memory: Memory): { name: string; value: unknown }[] {
  const last = new Map<string, number>()
  for (const { heard } of items) if (heard !== null) last.set(heard.user, Math.max(heard.at, last.get(heard.user) ?? 0))
  return [...last].map(([user, at]) => ({ name: memory.heardName({ account, user }), value: { at } }))
}
