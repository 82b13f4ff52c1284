import type { ClientBase } from 'pg'
import { stepsOf, stoodOf, takeStep, undo } from './steps.ts'

/**
 * The achievement a demand was met with is transferred by its registered contract, and no longer when that is taken back. Follows how
 * things stand, whichever door the contract came through.
 */
export async function transferBy(
  tx: ClientBase,
  demand: string,
  by: { readonly person: string | null; readonly actor: string },
): Promise<void> {
  const steps = stoodOf(await stepsOf(tx, { kind: 'demand', id: demand }))
  const registered = steps.find((each) => each.stage === 'registered')
  const side = registered?.evidence.with ?? steps.find((each) => each.stage === 'introduced')?.evidence.with
  const achievement = registered !== undefined && side?.startsWith('A') === true ? side.slice(1) : null
  const { rows } = await tx.query<{ id: string; achievement: string }>(
    `select id::text, achievement::text from chain_step
      where stage = 'transferred' and taken_back_at is null and evidence->>'demand' = $1`,
    [`D${demand}`],
  )
  const gone = rows.filter((each) => each.achievement !== achievement).map((each) => each.id)
  if (gone.length > 0) await undo(tx, gone, by.actor, `D${demand}`)
  if (registered === undefined || achievement === null || rows.length > gone.length) return
  await takeStep(tx, {
    ...{ subject: { kind: 'achievement', id: achievement }, stage: 'transferred', evidence: { demand: `D${demand}` } },
    ...{ by: { is: 'rule' }, key: `step:${registered.id}:transferred`, ...by },
  })
}
