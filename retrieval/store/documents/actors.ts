import type { Pool } from 'pg'
import { accountName } from '../../base/account.ts'
import { AppError } from '../../base/errors.ts'
import type { Actor } from './review.ts'

/** Who may work with documents at a command under their own name. */
const roles = ['staff', 'lead']

/**
 * @param as number or name of a registered person; null: the user logged in to this machine
 * @throws AppError `unknown_person`, `several_people`, or `not_staff` for somebody who does not work with documents
 */
export async function actorOf(pool: Pick<Pool, 'query'>, as: string | null): Promise<Actor> {
  if (as === null) return `os:${accountName()}`
  const { rows } = await pool.query<{ id: string; role: string }>(
    'select id::text, role from person where removed_at is null and (id::text = $1 or name = $1)',
    [as.trim()],
  )
  const [person] = rows
  const hint = 'Name the person by number; npm run people -- list shows them.'
  if (person === undefined) throw new AppError('unknown_person', `Nobody is registered as ${as}`, { hint })
  if (rows.length > 1) throw new AppError('several_people', `More than one person is called ${as}`, { hint })
  if (!roles.includes(person.role))
    throw new AppError('not_staff', `${as} is registered as ${person.role}`, {
      hint: 'Documents are the work of staff and leads.',
    })
  return `person:${person.id}`
}
