import type { ClientBase } from 'pg'
import { type Outcome, type OutcomeDetail, outcomeGroups } from '../handoff/desk/action.ts'
import { type Evidence, endOf, impliedBy, type Stage, type Taker } from './stages.ts'
import { type NewStep, recordSteps, type Subject } from './steps.ts'

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

/** Pure: the steps of a case's outcome: of its demand, when it has one and that stage can follow; else of the case itself. */
export function stepsOfOutcome(
  outcome: Outcome,
  detail: OutcomeDetail,
  of: { readonly ticket: string; readonly demand: string | null; readonly standing: readonly Stage[] },
): readonly {
  readonly subject: Subject
  readonly stage: Stage
  readonly evidence: Evidence
  readonly source: 'outcome' | 'implied'
}[] {
  const { ticket, demand, standing } = of
  const [stage, more] =
    meant[outcome] ?? (failures.has(outcome) && demand !== null ? (['failed', { reason: outcome }] as const) : [])
  if (stage === undefined) return []
  const evidence: Evidence = { ...detail, ...more } as Evidence // zod leaves no undefined values
  const ofDemand = demand !== null && endOf('demand', standing) === null && fitsDemand(stage, standing)
  if (!ofDemand) return stage === 'failed' ? [] : [{ subject: { kind: 'case', id: ticket }, stage, evidence, source: 'outcome' }]
  const subject = { kind: 'demand', id: demand } as const
  return [
    ...impliedBy(stage, standing).map((each) => ({ subject, stage: each, evidence: {}, source: 'implied' as const })),
    { subject, stage, evidence, source: 'outcome' },
  ]
}

/** Money of a policy without a registered contract, or of an investor, is the case's. */
function fitsDemand(stage: Stage, standing: readonly Stage[]): boolean {
  if (stage === 'financed') return false
  if (stage === 'failed') return !standing.includes('registered')
  return stage !== 'redeemed' || standing.includes('registered')
}

/** Records the outcome of a case in the chain: the same steps as if they had been taken one by one. */
export async function recordOutcome(
  tx: ClientBase,
  ticket: string,
  outcome: Outcome,
  detail: OutcomeDetail,
  by: { readonly person: string | null; readonly actor: string },
): Promise<void> {
  const { rows } = await tx.query<{ id: string }>('select id::text from demand where ticket = $1 order by id limit 1', [ticket])
  const demand = rows[0]?.id ?? null
  const subject: Subject = demand === null ? { kind: 'case', id: ticket } : { kind: 'demand', id: demand }
  const taker: Taker = { is: 'rule' } // whoever may close the case may record what came of it
  const steps = (standing: readonly Stage[]): readonly Omit<NewStep, 'key' | 'ticket'>[] =>
    stepsOfOutcome(outcome, detail, { ticket, demand, standing }).map((each) => ({ ...each, by: taker, ...by }))
  await recordSteps(tx, ticket, steps, subject, by)
}
