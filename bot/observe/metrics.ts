import { performance } from 'node:perf_hooks'
import type { Pool } from 'pg'
import type { Clock } from '../../retrieval/base/clock.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'

/** One line of the Prometheus text format; label values come from closed lists, never an id or anything a person wrote. */
type Sample = { readonly name: string; readonly labels?: Readonly<Record<string, string>>; readonly value: number }

const help: Readonly<Record<string, string>> = {
  yuanqiao_database_up: 'whether the database answered this time',
  yuanqiao_inbox_waiting: 'messages and timers that are due and not done',
  yuanqiao_inbox_oldest_seconds: 'how long the oldest of them has been due',
  yuanqiao_outbox_messages: 'messages not yet sent, by state; dead ones were given up',
  yuanqiao_outbox_oldest_seconds: 'how long the oldest message that is ready has waited',
  yuanqiao_tickets_open: 'hand-offs that are not closed, by state',
  yuanqiao_answers_day: 'questions of the last 24 hours, by decision',
  yuanqiao_answer_milliseconds: 'time a question took, in the last hour',
  yuanqiao_documents: 'documents, by state',
  yuanqiao_model_tokens_day: 'tokens of chat models today, by direction',
  yuanqiao_process_resident_bytes: 'memory of this process',
  yuanqiao_process_uptime_seconds: 'age of this process',
  yuanqiao_event_loop_utilization: 'share of the time since the last look that this process was busy',
}

/** All figures in one statement, so that a scrape costs the database one query. */
const figures = `
  select name, labels, value from (
    select 'yuanqiao_inbox_waiting' as name, '{}'::jsonb as labels, count(*)::float8 as value from inbox where done_at is null and run_at <= $1
    union all select 'yuanqiao_inbox_oldest_seconds', '{}', coalesce(extract(epoch from $1 - min(greatest(run_at, received_at))), 0) from inbox where done_at is null and run_at <= $1
    union all select 'yuanqiao_outbox_messages', jsonb_build_object('state', state), count(*) from outbox where state <> 'sent' group by state
    union all select 'yuanqiao_outbox_oldest_seconds', '{}', coalesce(extract(epoch from $1 - min(greatest(run_at, created_at))), 0) from outbox where state = 'ready' and run_at <= $1
    union all select 'yuanqiao_tickets_open', jsonb_build_object('state', state), count(*) from ticket where closed_at is null group by state
    union all select 'yuanqiao_answers_day', jsonb_build_object('decision', decision), count(*) from answer where at > $1 - interval '1 day' group by decision
    union all select 'yuanqiao_answer_milliseconds', jsonb_build_object('quantile', share::text), percentile_cont(share) within group (order by (ms ->> 'total')::float8)
                from answer cross join (values (0.5::float8), (0.95)) as wanted (share) where at > $1 - interval '1 hour' and ms ? 'total' group by share
    union all select 'yuanqiao_documents', jsonb_build_object('state', state), count(*) from document group by state
    union all select 'yuanqiao_model_tokens_day', jsonb_build_object('direction', direction), sum(tokens)
                from model_spending cross join lateral (values ('input', input), ('output', output)) as used (direction, tokens)
               where day = ($1 at time zone 'Asia/Shanghai')::date and who = '*' group by direction
  ) as sampled order by name, labels`

/** Scrapes closer together than this share one query. */
const freshMs = 2_000

/**
 * The body of `GET /metrics`: figures of the database, the same from every process, and of this process.
 * @returns the Prometheus text format; a database that is down shows as `yuanqiao_database_up 0`
 */
export function metrics(pool: Pool, clock: Clock, log: Log): () => Promise<string> {
  let last = performance.eventLoopUtilization()
  let looked: { readonly at: number; readonly samples: Promise<readonly Sample[]> } | null = null
  const look = () => {
    const at = performance.now()
    if (looked === null || at - looked.at > freshMs) looked = { at, samples: read(pool, clock, log) }
    return looked.samples
  }
  return async () => {
    const now = performance.eventLoopUtilization()
    const busy = performance.eventLoopUtilization(now, last).utilization
    last = now
    return exposition([
      ...(await look()),
      { name: 'yuanqiao_process_resident_bytes', value: process.memoryUsage.rss() },
      { name: 'yuanqiao_process_uptime_seconds', value: Math.round(process.uptime()) },
      { name: 'yuanqiao_event_loop_utilization', value: busy },
    ])
  }
}

async function read(pool: Pool, clock: Clock, log: Log): Promise<readonly Sample[]> {
  try {
    const { rows } = await pool.query<Sample>(figures, [clock()])
    return [{ name: 'yuanqiao_database_up', value: 1 }, ...rows]
  } catch (error) {
    log('metrics_not_read', errorFields(error))
    return [{ name: 'yuanqiao_database_up', value: 0 }]
  }
}

/** @returns the lines of each name together under its help */
function exposition(samples: readonly Sample[]): string {
  const lines: string[] = []
  let before = ''
  for (const { name, labels = {}, value } of samples) {
    if (name !== before) lines.push(`# HELP ${name} ${help[name] ?? name}`, `# TYPE ${name} gauge`)
    before = name
    const shown = Object.entries(labels).map(
      ([label, text]) => `${label}="${text.replace(/[\\"\n]/g, (each) => (each === '\n' ? '\\n' : `\\${each}`))}"`,
    )
    lines.push(`${name}${shown.length > 0 ? `{${shown.join(',')}}` : ''} ${Number.isFinite(Number(value)) ? Number(value) : 0}`)
  }
  return `${lines.join('\n')}\n`
}
