import type { Readable, Writable } from 'node:stream'
import type { Env } from '../retrieval/base/env.ts'
import type { Log } from '../retrieval/base/log.ts'
import type { Plugin } from '../retrieval/base/plugin.ts'
import { answers } from './answers.ts'
import type { Channel, ChannelDeps, IncomingMessage } from './channels/channel.ts'
import { channelState } from './channels/state.ts'
import { terminalChannel } from './channels/terminal.ts'
import { webChannel } from './channels/web.ts'
import { deskOf, ticketDelivery } from './handoff/delivery.ts'
import { tickets } from './handoff/tickets.ts'
import { httpServer } from './http.ts'
import { inbox } from './inbox.ts'
import { inboxStep } from './inbox-step.ts'
import type { Park } from './open.ts'
import { outbox } from './outbox.ts'
import { people } from './people.ts'
import { settleMsOf } from './steps.ts'
import { workers } from './workers.ts'

const inboxWorkers = 4
const outboxWorkers = 4
const pollMs = 1_000

export type Service = {
  /** Where the HTTP server listens. */
  readonly url: string
  /** Resolves after the last reply when questions are piped in; null when the service runs until it is stopped. */
  readonly ended: Promise<void> | null
  /** Stops receiving, finishes what is in hand, stops sending. */
  stop(): Promise<void>
}

export type ServiceNeeds = {
  readonly park: Park
  readonly plugins: readonly Plugin<Channel, ChannelDeps>[]
  readonly env: Env
  readonly log: Log
  /** Names this process in leases. */
  readonly owner: string
  readonly input: Readable & { isTTY?: boolean }
  readonly output: Writable
}

/** Inbox, outbox, channels and HTTP around a park: everything that runs for as long as the bot does. */
export async function openService(needs: ServiceNeeds): Promise<Service> {
  const { park, log, env } = needs
  const { pool } = park.database
  const parts = { inbox: inbox({ pool, log, clock: park.clock, owner: needs.owner }), tickets: tickets(pool), people: people(pool), answers: answers(pool) }
  const channels: Channel[] = []
  const channelOf = (chat: string) => channels.find((channel) => chat.startsWith(`${channel.name}:`))
  const sending = outbox({ pool, log, owner: needs.owner, channelOf, ...ticketDelivery({ tickets: parts.tickets, desk: () => deskOf(channels), texts: park.texts.zh }) })
  const http = await httpServer({
    host: park.settings.HOST,
    port: park.settings.PORT,
    log,
    ready: async () => {
      await pool.query('select 1')
      return { ok: true, checks: [{ name: 'database', ok: true }] }
    },
  })
  const depsOf = (name: string): ChannelDeps => ({ log, http: http.app, publicUrl: park.settings.PUBLIC_URL ?? null, state: channelState(pool, name) })
  for (const plugin of needs.plugins) channels.push(plugin.open(env, depsOf(plugin.name)))
  const noChannels = channels.length === 0
  const settled = (chat: string) => untilSettled(pool, chat)
  const terminal = noChannels ? terminalChannel({ input: needs.input, output: needs.output, settled }) : null
  if (terminal !== null) channels.push(terminal)
  if (noChannels || park.settings.DEMO === '1') channels.push(webChannel({ ...depsOf('web'), transcript: (chat) => parts.inbox.transcriptOf(chat) }))
  const deps = { ...parts, outbox: sending, answer: park.answer, texts: park.texts, log, clock: park.clock, park: park.settings.PARK_NAME, desk: deskOf(channels), calendar: park.calendar }
  const loops = [
    workers({ name: 'inbox', step: inboxStep(deps), wake: parts.inbox.wake, concurrency: inboxWorkers, pollMs, log }),
    workers({ name: 'outbox', step: () => sending.sendNext(), wake: sending.wake, concurrency: outboxWorkers, pollMs, log }),
  ]
  await http.listen()
  for (const loop of loops) loop.start()
  park.library.vectors.start()
  for (const channel of channels) {
    const settle = channel === terminal ? () => 0 : settleMsOf
    await channel.start(async (message: IncomingMessage) => {
      await parts.inbox.store(channel.name, message, settle(message))
    })
  }
  log('started', { url: http.url(), channels: channels.map((channel) => channel.name).join(',') })
  return {
    url: http.url(),
    ended: terminal !== null && needs.input.isTTY !== true ? terminal.ended : null,
    async stop() {
      await Promise.all(channels.map((channel) => channel.stop()))
      for (const loop of loops) await loop.stop()
      await http.close()
    },
  }
}

/** Everything stored for a chat has been worked off and said. */
async function untilSettled(pool: Park['database']['pool'], chat: string): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ open: boolean }>(
      `select exists (select 1 from inbox i join conversation c on c.id = i.conversation where c.chat = $1 and i.done_at is null and i.channel <> 'timer')
           or exists (select 1 from outbox where chat = $1 and state in ('ready', 'sending')) as open`,
      [chat],
    )
    if (rows[0]?.open !== true) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
