import type { ClientBase } from 'pg'
import { achievementById } from './achievements.ts'
import type { Evidence, Stage } from './stages.ts'
import type { Step } from './steps.ts'

/** A case or achievement that does not exist; part of a contract worth more than the contract. */
export type Implausible = 'unknown_side' | 'technology_over' | 'received_over'

/** Whether the other side that a step names exists: `A12`, `T45`. */
export async function sideExists(tx: ClientBase, side: string): Promise<boolean> {
  const id = side.slice(1)
  if (side.startsWith('A')) return (await achievementById(tx, id)) !== null
  const { rows } = await tx.query('select 1 from ticket where id = $1::bigint', [id])
  return rows.length > 0
}

/** Pure: which sum of a step exceeds the contract that it belongs to; null when none does, or no contract sum is known. */
export function exceeds(
  stage: Stage,
  evidence: Evidence,
  standing: readonly Pick<Step, 'stage' | 'evidence'>[],
): Implausible | null {
  const of = (one: Stage) => standing.findLast((each) => each.stage === one)?.evidence.amount
  const isContract = stage === 'signed' || stage === 'registered'
  const contract = (isContract ? evidence.amount : undefined) ?? of('registered') ?? of('signed')
  if (contract === undefined) return null
  if ((evidence.technology_amount ?? 0) > contract) return 'technology_over'
  if ((evidence.received ?? 0) > contract) return 'received_over'
  if (stage !== 'received') return null
  const before = standing.flatMap((each) => (each.stage === 'received' ? [each.evidence.amount ?? 0] : []))
  return [...before, evidence.amount ?? 0].reduce((sum, each) => sum + each, 0) > contract ? 'received_over' : null
}
