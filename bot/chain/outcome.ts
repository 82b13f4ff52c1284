import type { ClientBase, Pool } from 'pg'
import { type Outcome, type OutcomeDetail, outcomeGroups } from '../handoff/desk/action.ts'
import { type Evidence, type Excess, endOf, exceeds, impliedBy, type Stage, type Taker } from './stages.ts'
import { type NewStep, recordSteps, type Subject, stepsOf, stoodOf } from './steps.ts'
import { transferBy } from './transfer.ts'

/** The stage an outcome means; outcomes that are no stage of the chain are not here. */
const meant: Readonly<Partial<Record<Outcome, readonly [Stage, Evidence]>>> = {
  introduced: ['introduced', {}],
  nda_signed: ['agreed', { kind: 'nda' }],
  trial: ['agreed', { kind: 'trial' }],
  contract_signed: ['signed', {}],
  registered: ['registered', {}],
  policy_paid: ['redeemed', {}],
  financed: ['financed', {}],
}

const failures: ReadonlySet<Outcome> = new Set<Outcome>([...outcomeGroups.lost, ...outcomeGroups.ended])

type Meant = {
  readonly subject: Subject
  readonly stage: Stage
  readonly evidence: Evidence
  readonly source: 'outcome' | 'implied'
}

/**
 * Pure: the steps of a case's outcome: of its demand, when it has one and that stage can follow; else of the case itself.
 * @param of.standing stages of the demand that stand by steps of their own; what they rest on is implied too
 */
export function stepsOfOutcome(
  outcome: Outcome,
  detail: OutcomeDetail,
  of: { readonly ticket: string; readonly demand: string | null; readonly standing: readonly Stage[] },
): readonly Meant[] {
  const { ticket, demand, standing } = of
  const [stage, more] =
    meant[outcome] ?? (failures.has(outcome) && demand !== null ? (['failed', { reason: outcome }] as const) : [])
  const evidence: Evidence = { ...detail, ...more } as Evidence // zod leaves no undefined values
  const goesOn = demand !== null && endOf('demand', standing) === null
  const ofDemand = goesOn && stage !== undefined && fitsDemand(stage, standing)
  const all = ofDemand ? [...standing, stage] : standing
  const implied = goesOn ? new Set(all.flatMap((each) => impliedBy(each, standing))) : []
  return [
    ...[...implied].map((each) => ({ ...about('demand', demand), stage: each, evidence: {}, source: 'implied' as const })),
    ...(stage === undefined || (stage === 'failed' && !ofDemand)
      ? []
      : [{ ...(ofDemand ? about('demand', demand) : about('case', ticket)), stage, evidence, source: 'outcome' as const }]),
  ]
}

const about = (kind: Subject['kind'], id: string | null) => ({ subject: { kind, id: id ?? '' } })

/** Money of a policy without a registered contract, or of an investor, is the case's. */
function fitsDemand(stage: Stage, standing: readonly Stage[]): boolean {
  if (stage === 'financed') return false
  if (stage === 'failed') return !standing.includes('registered')
  return stage !== 'redeemed' || standing.includes('registered')
}

/** The demand that a case's outcome is about: the first of the case that goes on without it, else the first. */
async function demandOf(db: Pool | ClientBase, ticket: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `select d.id::text from demand d where d.ticket = $1
      order by exists (select from chain_step s where s.demand = d.id and s.taken_back_at is null and s.source = 'step'
                          and s.stage in ('rejected', 'withdrawn', 'failed')), d.id limit 1`,
    [ticket],
  )
  return rows[0]?.id ?? null
}

const subjectOf = (ticket: string, demand: string | null): Subject =>
  demand === null ? { kind: 'case', id: ticket } : { kind: 'demand', id: demand }

/** Which sum of an outcome exceeds the contract that it is part of, beside what steps of their own say; null when none does. */
export async function excessOf(db: Pool, ticket: string, outcome: Outcome, detail: OutcomeDetail): Promise<Excess | null> {
  const demand = await demandOf(db, ticket)
  const own = stoodOf(await stepsOf(db, subjectOf(ticket, demand))).filter((each) => each.source === 'step')
  const standing = own.map((each) => each.stage)
  for (const { subject, stage, evidence } of stepsOfOutcome(outcome, detail, { ticket, demand, standing })) {
    const said = subject.kind === 'case' ? undefined : own.find((each) => each.stage === stage)
    const over = exceeds(stage, { ...evidence, ...said?.evidence }, subject.kind === 'case' ? [] : own)
    if (over !== null) return over
  }
  return null
}

/** Records the outcome of a case in the chain: the same steps as if they had been taken one by one. */
export async function recordOutcome(
  tx: ClientBase,
  ticket: string,
  outcome: Outcome,
  detail: OutcomeDetail,
  by: { readonly person: string | null; readonly actor: string },
): Promise<void> {
  const demand = await demandOf(tx, ticket)
  const taker: Taker = { is: 'rule' } // whoever may close the case may record what came of it
  const steps = (standing: readonly Stage[]): readonly Omit<NewStep, 'key' | 'ticket'>[] =>
    stepsOfOutcome(outcome, detail, { ticket, demand, standing }).map((each) => ({ ...each, by: taker, ...by }))
  await recordSteps(tx, ticket, steps, subjectOf(ticket, demand), by)
  if (demand !== null) await transferBy(tx, demand, by)
}
