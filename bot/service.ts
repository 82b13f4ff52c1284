import type { Readable, Writable } from 'node:stream'
import type { Pool } from 'pg'
import { eventNoticed } from '../ingest/tables/events/notice.ts'
import type { Env } from '../retrieval/base/env.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'
import type { Plugin } from '../retrieval/base/plugin.ts'
import { matcher } from './chain/matches.ts'
import type { Channel, ChannelDeps } from './channels/channel.ts'
import type { Outgoing } from './channels/outgoing.ts'
import { channelState } from './channels/state.ts'
import { terminalChannel } from './channels/terminal.ts'
import { webChannel } from './channels/web.ts'
import { syncPeople } from './commands/seed.ts'
import { chatDocuments, takeFile } from './commands/take-file.ts'
import { rounds } from './control/rounds.ts'
import { settleMsOf } from './converse/steps.ts'
import type { ConverseDeps } from './converse/work.ts'
import { openDesk } from './desk/desk.ts'
import { deskLinks } from './desk/links.ts'
import { type Uploads, uploads } from './desk/uploads.ts'
import { deskOf, directChats, ticketDelivery } from './handoff/delivery.ts'
import { parsePromises } from './handoff/duty/promises.ts'
import { type HttpServer, httpServer, type Readiness } from './http.ts'
import { planWeekly } from './learn/weekly.ts'
import { metrics } from './observe/metrics.ts'
import type { Park } from './open.ts'
import { outbox } from './outbox.ts'
import { lapsedWords } from './queue/lapsed.ts'
import { receiver } from './queue/receive.ts'
import { inboxStep } from './queue/step.ts'
import { openStores } from './queue/stores.ts'
import { type Workers, workers } from './queue/workers.ts'
import { announceRecalls } from './recall/announce.ts'
import type { Messages } from './records/messages.ts'
import { said } from './render.ts'

const inboxWorkers = 4
const outboxWorkers = 4
const pollMs = 1_000
/** Whoever asks a process to end kills it after ten seconds, as a rule. */
const stopWithinMs = 8_000

export type Service = {
  /** Where the HTTP server listens. */
  readonly url: string
  /** Resolves when the input of questions ends; null when the service runs until it is stopped. */
  readonly ended: Promise<void> | null
  /** Stops receiving, finishes what is in hand, stops sending. What takes too long is left to its lease, as after a crash. */
  stop(): Promise<void>
}

export type ServiceNeeds = {
  readonly park: Park
  readonly plugins: readonly Plugin<Channel, ChannelDeps>[]
  readonly env: Env
  readonly log: Log
  /** Names this process in leases. */
  readonly owner: string
  /** Where questions are typed or piped in when no channel is on; null when there is none (a service, /dev/null). */
  readonly input: (Readable & { isTTY?: boolean }) | null
  readonly output: Writable
  /** What somebody at the terminal reads first; `url` is where the HTTP server listens. */
  readonly greeting: (url: string) => string
  /** How long to wait for what is in hand at the end. */
  readonly stopWithinMs?: number
}

/** Inbox, outbox, channels and HTTP around a park: everything that runs for as long as the bot does. */
export async function openService(needs: ServiceNeeds): Promise<Service> {
  const { park, log } = needs
  const { pool } = park.database
  const stores = openStores({ ...park, pool, log, owner: needs.owner, documents: park.library.documents })
  const opened: ReturnType<typeof openChannels> = { channels: [], terminal: null }
  const http = await httpServer({
    host: park.settings.HOST,
    port: park.settings.PORT,
    log,
    ready: () => readiness(pool, opened.channels),
    metrics: metrics(pool, park.clock, log),
  })
  Object.assign(opened, openChannels(needs, http, stores.messages))
  const { channels, terminal } = opened
  const channelOf = (chat: string) => channels.find((channel) => chat.startsWith(`${channel.name}:`))
  const desk = deskOf(channels)
  const directChat = directChats(channels, desk)
  const delivery = ticketDelivery({ ...stores, ...park, desk: () => desk, directChat, texts: park.texts.zh })
  const partsOf = (chat: string, body: Outgoing) => {
    const channel = channelOf(chat.startsWith('ticket:') ? (desk ?? '') : chat)
    if (body.kind === 'hand_off' && channel?.sessions !== true) return []
    if (body.kind === 'file' && channel?.files !== true) return [said(park.texts.zh('file_elsewhere', { name: body.name }))]
    return channel?.parts?.(body) ?? [body]
  }
  const lapsed = lapsedWords({ documents: park.library.documents, texts: park.texts, clock: park.clock, log })
  const sending = outbox({ pool, log, owner: needs.owner, channelOf, partsOf, lapsed, ...delivery })
  const { texts, clock, calendar } = park
  const streamOf = (chat: string, key: string) => channelOf(chat)?.stream?.(chat, key) ?? null
  const promises = parsePromises(park.settings.PROMISES)
  const links = deskLinks({ pool, people: stores.people, settings: park.settings, url: http.url })
  const documents = chatDocuments({ library: park.library, log, channelOf })
  const shared = { documents, texts, log, clock, calendar, desk, promises, directChat, streamOf, deskLink: links.linkFor }
  const asked = { answer: park.answer, questions: park.questions, summarise: park.summarise, park: park.settings.PARK_NAME }
  const deps = { ...stores, ...shared, ...asked, demand: park.demand, agenda: park.agenda, outbox: sending }
  const given = uploads(pool, { take: takeFile({ library: park.library, log }), clock })
  const match = matcher(pool, { ...deps, ...park.library, texts: texts.zh })
  const loops = loopsOf(deps, { given, match, log })
  const chatOf = directChats(channels, null)
  const plan = () => planWeekly(pool, { people: stores.people, clock, chatOf })
  const announce = () => announceRecalls(pool, { ...stores, outbox: sending, desk, chatOf, texts: texts.zh })
  const recurring = rounds(pool, deps, { ...keptUp(park), plan, announce, log })
  const pages = openDesk({ http: http.app, links, log, park, uploads: given, eventNoticed, ...stores })
  await http.listen()
  // Previous leases in the embedded database are void: this process is its only holder.
  if (park.database.kind === 'embedded') await Promise.all([stores.inbox.recover(), sending.recover()])
  for (const loop of [...loops, recurring]) loop.start()
  park.library.vectors.start()
  // If stopped in the middle, it is continued at the next start.
  void park.library.documents.keepUp().catch((error: unknown) => log('upkeep_stopped', errorFields(error)))
  for (const channel of channels) {
    // At the terminal people send whole lines; only chats send bursts.
    const settled = channel.name === 'terminal' ? () => 0 : settleMsOf
    const receive = receiver({ pool, inbox: stores.inbox, outbox: sending, channel, settleMsOf: settled })
    await channel.start(receive.onMessage, receive.onBatch)
  }
  log('started', { url: http.url(), channels: channels.map((channel) => channel.name).join(',') })
  return {
    url: http.url(),
    ended: terminal === null ? null : terminal.ended,
    async stop() {
      if (!(await ended(channels, [...loops, recurring], needs.stopWithinMs ?? stopWithinMs))) log('stopped_in_the_middle')
      sending.stop()
      pages.close()
      await http.close()
    },
  }
}

type Stopping = { stop(): Promise<unknown> }

/** Channels first, then one loop after the other, so that an answer that is ready is still sent. @returns false when it took too long */
async function ended(channels: readonly Stopping[], loops: readonly Stopping[], withinMs: number): Promise<boolean> {
  const inOrder = async () => {
    await Promise.all(channels.map((channel) => channel.stop()))
    for (const loop of loops) await loop.stop()
    return true
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, withinMs, false)
  })
  const inTime = await Promise.race([inOrder(), late]).finally(() => clearTimeout(timer))
  if (!inTime) for (const loop of loops) void loop.stop()
  return inTime
}

/** What works on without being asked: uploads, matches, everything that happened, everything to be said. */
function loopsOf(
  deps: ConverseDeps,
  { given, match, log }: { given: Uploads; match: () => Promise<boolean>; log: Log },
): Workers[] {
  const { inbox, outbox: sending } = deps
  return [
    workers({ name: 'uploads', step: given.step, wake: given.wake, concurrency: 1, pollMs: 5 * pollMs, log }),
    workers({ name: 'matches', step: match, wake: given.wake, concurrency: 1, pollMs: 5 * pollMs, log }),
    workers({ name: 'inbox', step: inboxStep(deps), wake: inbox.wake, concurrency: inboxWorkers, pollMs, log }),
    workers({ name: 'outbox', step: sending.sendNext, wake: sending.wake, concurrency: outboxWorkers, pollMs, log }),
  ]
}

function keptUp(park: Park) {
  return { retentionDays: park.settings.RETENTION_DAYS, syncPeople: () => syncPeople(park) }
}

type Terminal = ReturnType<typeof terminalChannel>

/** The channels switched on by their settings; with none, the terminal and the test page. */
function openChannels(
  needs: ServiceNeeds,
  http: HttpServer,
  lines: Messages,
): { channels: Channel[]; terminal: Terminal | null } {
  const { park, log, env } = needs
  const { pool } = park.database
  const depsOf = (name: string): ChannelDeps => ({
    log,
    http: http.app,
    publicUrl: park.settings.PUBLIC_URL ?? null,
    state: channelState(pool, name),
    stateOf: (other) => channelState(pool, other),
  })
  const channels = needs.plugins.map((plugin) => plugin.open(env, depsOf(plugin.name)))
  const none = channels.length === 0
  const settled = (chat: string) => untilSettled(pool, chat)
  const terminal =
    none && needs.input !== null
      ? terminalChannel({ input: needs.input, output: needs.output, settled, greeting: () => needs.greeting(http.url()) })
      : null
  if (terminal !== null) channels.push(terminal)
  if (none || park.settings.DEMO === '1') channels.push(webChannel({ ...depsOf('web'), transcript: lines.ofChat }))
  return { channels, terminal }
}

/** Ready means that incoming messages can be stored: a standby, or a server closed to writing, answers questions too. A channel with a problem is named without making the others unready. */
async function readiness(pool: Pool, channels: readonly Channel[]): Promise<Readiness> {
  const { rows } = await pool.query<{ closed: boolean }>(`select current_setting('transaction_read_only') = 'on' as closed`)
  const named = channels.map((channel) => ({ name: channel.name, ok: (channel.problem?.() ?? null) === null }))
  const ok = rows[0]?.closed === false
  return { ok, checks: [{ name: 'database', ok }, ...named] }
}

/** Resolves when everything stored for a chat has been handled and sent. */
async function untilSettled(pool: Pool, chat: string): Promise<void> {
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
