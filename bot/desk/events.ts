import type { EventEmitter } from 'node:events'
import type { FastifyReply } from 'fastify'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { DeskPerson } from './sessions.ts'

/** Events of tickets, readable from any point: a reader that remembers the last id misses nothing, in whichever process it happened. */
export type TicketFeed = {
  readonly wake: EventEmitter
  since(cursor: string, limit?: number): Promise<readonly TicketHappening[]>
  latest(): Promise<string>
}
type TicketHappening = { readonly id: string; readonly ticket: string; readonly kind: string }
type HubNeeds = {
  readonly feed: TicketFeed
  /** Changes whenever the set of waiting documents does. */
  readonly mark: () => Promise<string>
  readonly log: Log
}

type Stream = { readonly reply: FastifyReply; person: DeskPerson; readonly beat: NodeJS.Timeout }

const heartbeatMs = 15_000
const pollMs = 1_000
const mostStreams = 400
const mostPerPerson = 8
const mostReplayed = 200
/** A page that does not read this much is disconnected; it reconnects and resumes. */
const mostUnread = 256 * 1024

export type EventHub = {
  /** @param renew who the stream's session stands for now, or null when it has ended @returns false when there are too many streams */
  open(reply: FastifyReply, person: DeskPerson, lastEventId: string, renew: () => Promise<DeskPerson | null>): Promise<boolean>
  close(): void
}

/**
 * Server-sent events: ids and kinds only; the content is requested, and checked, by the other routes. `Last-Event-ID` replays what was
 * missed; after too long an absence the page is told to reload everything (`reset`).
 */
export function eventHub(deps: HubNeeds): EventHub {
  const streams = new Set<Stream>()
  const reader = feedReader(deps, {
    happened: (event) => {
      for (const stream of streams) tell(stream, event)
    },
    marked: () => {
      for (const stream of streams) write(stream, 'event: change\ndata: {"topic":"knowledge"}\n\n')
    },
  })

  function end(stream: Stream): void {
    clearInterval(stream.beat)
    streams.delete(stream)
    if (streams.size === 0) reader.stop()
    stream.reply.raw.end()
  }

  function write(stream: Stream, text: string): void {
    stream.reply.raw.write(text)
    if (stream.reply.raw.writableLength > mostUnread) end(stream)
  }

  /** Staff, who work on documents, hear nothing of people's cases. */
  function tell(stream: Stream, { id, ticket, kind }: TicketHappening): void {
    const data = JSON.stringify({ topic: 'case', id: ticket, kind })
    write(stream, `id: ${id}\n${stream.person.role === 'staff' ? ':' : `event: change\ndata: ${data}`}\n\n`)
  }

  async function resume(stream: Stream, lastEventId: string): Promise<void> {
    await reader.start()
    const missed = /^\d{1,18}$/.test(lastEventId) ? await deps.feed.since(lastEventId, mostReplayed + 1) : null
    if (missed === null || missed.length > mostReplayed) {
      write(stream, `retry: 1500\nid: ${await deps.feed.latest()}\nevent: reset\ndata: {}\n\n`)
      return
    }
    write(stream, 'retry: 1500\n\n')
    for (const event of missed) tell(stream, event)
  }

  return {
    async open(reply, person, lastEventId, renew) {
      const own = [...streams].filter((each) => each.person.id === person.id).length
      if (streams.size >= mostStreams || own >= mostPerPerson) return false
      reply.hijack()
      reply.raw.writeHead(200, streamHeaders)
      const check = async () => {
        const now = await renew().catch(() => stream.person) // a database that is away for a moment signs nobody out
        if (now === null) return end(stream)
        stream.person = now
        write(stream, ': still here\n\n')
      }
      const stream: Stream = { reply, person, beat: setInterval(() => void check(), heartbeatMs) }
      streams.add(stream)
      reply.raw.on('close', () => end(stream))
      await resume(stream, lastEventId).catch((error: unknown) => {
        deps.log('desk_events_failed', errorFields(error))
        end(stream) // the page reconnects by itself
      })
      return true
    },
    close() {
      for (const stream of streams) end(stream)
      reader.stop()
    },
  }
}

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
}

/** One reader of the feed for all streams, running only while a page is open. */
function feedReader(deps: HubNeeds, to: { happened: (event: TicketHappening) => void; marked: () => void }) {
  let cursor = '0'
  let mark = ''
  let running: { readonly timer: NodeJS.Timeout; readonly ready: Promise<void> } | null = null
  let reading = false

  async function read(): Promise<void> {
    if (reading || running === null) return
    reading = true
    try {
      await running.ready
      for (const event of await deps.feed.since(cursor)) {
        cursor = event.id
        to.happened(event)
      }
      const now = await deps.mark()
      if (now !== mark) to.marked()
      mark = now
    } catch (error) {
      deps.log('desk_events_failed', errorFields(error))
    } finally {
      reading = false
    }
  }

  const wake = () => void read()
  const begin = async () => {
    cursor = await deps.feed.latest()
    mark = await deps.mark()
  }

  return {
    start(): Promise<void> {
      if (running === null) {
        running = { timer: setInterval(wake, pollMs), ready: begin() }
        deps.feed.wake.on('work', wake)
      }
      return running.ready
    },
    stop(): void {
      clearInterval(running?.timer)
      running = null
      deps.feed.wake.off('work', wake)
    },
  }
}
