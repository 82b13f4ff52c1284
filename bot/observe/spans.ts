import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../../retrieval/base/log.ts'

export const spanSettings = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('where traces go, e.g. http://127.0.0.1:4318; unset = nowhere'),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional().describe('headers of the collector, name=value, separated by commas'),
  OTEL_SERVICE_NAME: z.string().default('yuanqiao').describe('how this service is called in traces'),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true puts what was asked and answered into traces; it may hold personal data'),
})

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>
/** A piece of work with a start and an end, as in OpenTelemetry. */
export type Span = {
  /** @param kind 3 = a call to another service, 1 = our own work */
  child(name: string, kind: 1 | 3, attributes: Attributes): Span
  /** Only the first call counts. @param error a code, never a message */
  end(attributes?: Attributes, error?: string): void
}
export type Spans = {
  begin(name: string, attributes: Attributes): Span
  /** Whether questions and answers may be put into spans. */
  readonly content: boolean
  /** Sends what waits. */
  flush(): Promise<void>
}

const nothing: Span = { child: () => nothing, end: () => {} }
export const noSpans: Spans = { begin: () => nothing, content: false, flush: async () => {} }

const flushMs = 2_000
const mostWaiting = 2_000
const giveUpMs = 5_000

/** Spans as OTLP over HTTP in JSON, sent in batches in the background; a collector that is down costs spans, never an answer. */
export function otlpSpans(settings: z.infer<typeof spanSettings>, log: Log): Spans {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = settings
  if (endpoint === undefined) return noSpans
  const url = endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`
  let waiting: object[] = []
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const spans = waiting
    waiting = []
    if (spans.length === 0) return
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headersOf(settings.OTEL_EXPORTER_OTLP_HEADERS) },
        body: JSON.stringify(traces(settings.OTEL_SERVICE_NAME, spans)),
        signal: AbortSignal.timeout(giveUpMs),
      })
      await answer.arrayBuffer()
      if (!answer.ok) log('spans_refused', { code: `http_${answer.status}`, spans: spans.length })
    } catch {
      log('spans_lost', { code: 'unavailable', spans: spans.length })
    }
  }

  const keep = (span: object) => {
    if (waiting.length < mostWaiting) waiting.push(span)
    timer ??= setTimeout(() => void flush(), flushMs).unref()
  }
  return {
    content: settings.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT === 'true',
    flush,
    begin: (name, attributes) => spanOf({ keep, trace: randomBytes(16).toString('hex'), parent: null }, name, 1, attributes),
  }
}

type Place = { readonly keep: (span: object) => void; readonly trace: string; readonly parent: string | null }

function spanOf(place: Place, name: string, kind: 1 | 3, begun: Attributes): Span {
  const id = randomBytes(8).toString('hex')
  const from = nanoseconds()
  let ended = false
  return {
    child: (childName, childKind, attributes) => spanOf({ ...place, parent: id }, childName, childKind, attributes),
    end(attributes = {}, error) {
      if (ended) return
      ended = true
      const all = { ...begun, ...attributes, ...(error === undefined ? {} : { 'error.type': error }) }
      place.keep({
        traceId: place.trace,
        spanId: id,
        ...(place.parent === null ? {} : { parentSpanId: place.parent }),
        name,
        kind,
        startTimeUnixNano: from,
        endTimeUnixNano: nanoseconds(),
        attributes: Object.entries(all).flatMap(([key, value]) => (value == null ? [] : [{ key, value: otlpValue(value) }])),
        status: error === undefined ? {} : { code: 2 },
      })
    },
  }
}

function nanoseconds(): string {
  return String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n)
}

function otlpValue(value: string | number | boolean | readonly string[]): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((each) => ({ stringValue: each })) } }
}

function traces(service: string, spans: readonly object[]): object {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'yuanqiao' }, spans }] }] }
}

function headersOf(list: string | undefined): Record<string, string> {
  const pairs = (list ?? '').split(',').map((each) => each.split('=', 2).map((part) => part.trim()))
  return Object.fromEntries(pairs.flatMap(([name, value]) => (name && value ? [[name, decodeURIComponent(value)]] : [])))
}
