import type { ClientBase, Pool } from 'pg'
import { recordAudit } from '../records/audit.ts'
import {
  type Evidence,
  endOf,
  foreignTo,
  type Kind,
  restsOn,
  rules,
  type Stage,
  type Taker,
  type Verdict,
  verdictOn,
} from './stages.ts'

export type Subject = { readonly kind: Kind; readonly id: string }

export type Step = {
  readonly id: string
  readonly stage: Stage
  readonly at: Date
  /** The registered person who took it; null: the enterprise or a rule. */
  readonly person: string | null
  readonly personName: string | null
  readonly actor: string
  readonly evidence: Evidence
  readonly source: 'step' | 'outcome' | 'implied' | 'rule'
  readonly takenBackAt: Date | null
  readonly takenBackBy: string | null
  readonly takenBackWhy: string | null
}

export type NewStep = {
  readonly subject: Subject
  readonly stage: Stage
  readonly evidence: Evidence
  readonly by: Taker
  /** For the record: `person:3`, `enterprise`, `ingest`. */
  readonly actor: string
  readonly person: string | null
  /** Of the request: the same request takes it once. */
  readonly key: string
  /** The case in which it was recorded. */
  readonly ticket?: string | null
  /** When it happened, if that was earlier. */
  readonly at?: Date | null
  readonly source?: Step['source']
}

export type Taken = { readonly code: 'done'; readonly id: string } | Exclude<Verdict, { code: 'ok' }>

/** The column that names a subject. */
const columns: Readonly<Record<Kind, 'demand' | 'achievement' | 'ticket'>> = {
  demand: 'demand',
  achievement: 'achievement',
  case: 'ticket',
}

const select = `select s.id::text, s.stage, s.at, s.person::text, p.name as "personName", s.actor, s.evidence, s.source, s.taken_back_at as "takenBackAt",
    s.taken_back_by as "takenBackBy", s.taken_back_why as "takenBackWhy" from chain_step s left join person p on p.id = s.person`
const whose = ({ kind }: Subject) =>
  kind === 'case' ? 's.ticket = $1 and s.demand is null and s.achievement is null' : `s.${columns[kind]} = $1`

/** Every step of a subject, oldest first, also those taken back. */
export async function stepsOf(db: Pool | ClientBase, subject: Subject): Promise<Step[]> {
  return (await db.query<Step>(`${select} where ${whose(subject)} order by s.at, s.id`, [subject.id])).rows
}

/** Whether nothing has ended a demand. */
export async function goesOn(db: Pool | ClientBase, demand: string): Promise<boolean> {
  return endOf('demand', standingOf(await stepsOf(db, { kind: 'demand', id: demand }))) === null
}

/** Pure: the steps that stand. */
export const stoodOf = (steps: readonly Step[]): Step[] => steps.filter((each) => each.takenBackAt === null)
/** Pure: the stages that stand. */
export const standingOf = (steps: readonly Step[]): Stage[] => stoodOf(steps).map((each) => each.stage)

/**
 * Takes a step if it may follow those that stand now; whoever comes second finds it taken, and the same request takes it once. The only
 * writer of chain_step.
 * @param unless asked when the step may be taken: what else speaks against it, or null. What stands cannot change until the transaction ends
 */
export async function takeStep<Refusal = never>(
  tx: ClientBase,
  step: NewStep,
  unless: () => Promise<Refusal | null> = async () => null,
): Promise<Taken | Refusal> {
  const { subject, stage, by, evidence, key } = step
  await lock(tx, subject)
  const before = await tx.query<{ id: string }>('select id::text from chain_step where key = $1', [key])
  if (before.rows[0] !== undefined) return { code: 'done', id: before.rows[0].id }
  const verdict = verdictOn(subject.kind, stage, { standing: stoodOf(await stepsOf(tx, subject)), by, evidence })
  if (verdict.code !== 'ok') return verdict
  return (await unless()) ?? insert(tx, step)
}

/** One at a time per subject: what stands cannot change while it is looked at. */
async function lock(tx: ClientBase, { kind, id }: Subject): Promise<void> {
  await tx.query(`select 1 from ${columns[kind]} where id = $1 for update`, [id])
}

/** Without asking whether it may follow. */
async function insert(tx: ClientBase, step: NewStep): Promise<Taken> {
  const { subject, stage, evidence, person, actor } = step
  const { rows } = await tx.query<{ id: string }>(
    `insert into chain_step (key, demand, achievement, ticket, stage, person, actor, at, evidence, source)
     values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, park_now()), $9, $10) on conflict (key) do nothing returning id::text`,
    [
      ...[step.key, subject.kind === 'demand' ? subject.id : null, subject.kind === 'achievement' ? subject.id : null],
      ...[subject.kind === 'case' ? subject.id : (step.ticket ?? null), stage, person, actor, step.at ?? null],
      ...[JSON.stringify(evidence), step.source ?? 'step'],
    ],
  )
  const { note: _, ...detail } = evidence
  // What an outcome says happened is in the book with the outcome.
  if (rows.length > 0 && (step.source ?? 'step') === 'step')
    await recordAudit(tx, { actor, action: `step_${stage}`, about: `${subject.kind}:${subject.id}`, detail })
  return { code: 'done', id: rows[0]?.id ?? '' }
}

export type TakingBack = {
  readonly subject: Subject
  readonly stage: Stage
  readonly by: Taker
  readonly actor: string
  readonly person: string | null
  readonly why: string
}
export type TakenBack =
  | { readonly code: 'done'; readonly id: string }
  | { readonly code: 'none' | 'not_yours' | 'excluded' | 'no_reason' }
  | { readonly code: 'rested_on'; readonly by: readonly Stage[] }

/** Takes the newest such step back, with a reason. Who may take a step may take it back; what others rest on stays. */
export async function takeBack(tx: ClientBase, of: TakingBack): Promise<TakenBack> {
  const { subject, stage, by, why } = of
  await lock(tx, subject)
  if (by.is === 'person' && by.excluded) return { code: 'excluded' }
  const steps = stoodOf(await stepsOf(tx, subject))
  const step = steps.findLast((each) => each.stage === stage)
  if (step === undefined) return { code: 'none' }
  const isSeen = stage === 'collected' || step.source === 'rule'
  if (isSeen || foreignTo(subject.kind, stage, by) !== null) return { code: 'not_yours' }
  if (why.trim() === '') return { code: 'no_reason' }
  const others = restsOn(
    subject.kind,
    stage,
    steps.filter((each) => each !== step).map((each) => each.stage),
  )
  if (others.length > 0) return { code: 'rested_on', by: others }
  await undo(tx, [step.id], of.actor, why)
  await recordAudit(tx, {
    actor: of.actor,
    action: 'step_taken_back',
    about: `${subject.kind}:${subject.id}`,
    detail: { stage, step: step.id },
  })
  return { code: 'done', id: step.id }
}

/** Without asking whether anything rests on them. @param why a person's words, or `why:` and a code that texts have words for */
export async function undo(tx: ClientBase, ids: readonly string[], by: string, why: string): Promise<void> {
  await tx.query(
    'update chain_step set taken_back_at = park_now(), taken_back_by = $2, taken_back_why = $3 where id = any($1::bigint[]) and taken_back_at is null',
    [ids, by, why],
  )
}

/**
 * What the outcome of a case says happened. A case's outcome can be recorded anew: what an earlier one said, and nobody confirmed by a step
 * of its own, is taken back first.
 */
export async function recordSteps(
  tx: ClientBase,
  ticket: string,
  steps: (standing: readonly Stage[]) => readonly Omit<NewStep, 'key' | 'ticket'>[],
  subject: Subject,
  by: { readonly actor: string },
): Promise<void> {
  await lock(tx, subject)
  const { rows } = await tx.query<{ id: string }>(`select id::text from chain_step where ${ofOutcome}`, [ticket])
  await undo(
    tx,
    rows.map((each) => each.id),
    by.actor,
    'why:outcome_again',
  )
  const standing = stoodOf(await stepsOf(tx, subject))
  for (const [index, step] of steps(standing.map((each) => each.stage)).entries()) {
    const own = standing.find((each) => each.stage === step.stage)
    const isOnce = rules[subject.kind][step.stage]?.repeats !== true && step.subject.kind === subject.kind
    // It stands by a step of its own: figures that come only now are added to it.
    if (own !== undefined && isOnce) {
      await tx.query('update chain_step set evidence = $2::jsonb || evidence where id = $1', [
        own.id,
        JSON.stringify(step.evidence),
      ])
      continue
    }
    await insert(tx, { ...step, ticket, key: `outcome:${ticket}:${rows.length}:${index}` })
  }
}

/** Steps that a case's outcome made, also those taken back. */
const ofOutcome = `ticket = $1 and source in ('outcome', 'implied')`

type Seen = {
  readonly achievement: string
  readonly stage: 'collected' | 'reviewed' | 'published'
  readonly at: Date
  readonly actor: string
}

/** Steps that the library itself shows, many at once; each once. */
export async function noteSeen(tx: ClientBase, seen: readonly Seen[]): Promise<void> {
  if (seen.length === 0) return
  await tx.query(
    `insert into chain_step (key, achievement, stage, person, actor, at, source)
     select 'achievement:' || each.id || ':' || each.stage, each.id, each.stage, p.id, each.actor, each.at, 'rule'
       from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[]) as each (id, stage, at, actor)
       left join person p on 'person:' || p.id = each.actor
     on conflict do nothing`,
    [
      seen.map((each) => each.achievement),
      seen.map((each) => each.stage),
      seen.map((each) => each.at),
      seen.map((each) => each.actor),
    ],
  )
}

/** The figures stay, the words go: of these demands, and of the closed cases of a conversation. @param before only of older ones; null = all */
export async function eraseSteps(
  tx: ClientBase,
  demands: readonly string[],
  { conversation, before }: { readonly conversation: string; readonly before: Date | null },
): Promise<void> {
  await tx.query(
    `update chain_step set evidence = evidence - 'note' - 'policy', taken_back_why = null
      where demand = any($1::bigint[]) or demand is null and ($3::timestamptz is null or at < $3)
        and ticket in (select id from ticket where conversation = $2 and state = 'closed')`,
    [demands, conversation, before],
  )
}
