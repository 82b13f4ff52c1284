import type { PoolClient } from 'pg'
import { AppError } from '../../base/errors.ts'
import { servesFrom } from '../../validity.ts'
import type { Replaced } from '../document.ts'
import { demoShouldRetire, readClaims } from '../document-rows.ts'
import { endingOf } from '../endings.ts'
import { addTotals, setDemo } from '../library-state.ts'
import { countTerms, deletePassages } from '../passages.ts'

/** A version as stored. */
export type Stored = {
  readonly id: string
  readonly number: number
  readonly state: string
  readonly fingerprint: string
  readonly passages: number
}

export function notWaiting(documentId: string): AppError {
  return new AppError('not_waiting', `document ${documentId} does not wait for review`, {
    hint: 'List what waits with `npm run review -- list`.',
  })
}

/** Makes a waiting document live. @throws AppError `not_waiting` */
export async function publish(client: PoolClient, documentId: string, today: string): Promise<Replaced> {
  const { rows } = await client.query<Stored & Going & { family: string }>(
    `select id, number, state, fingerprint, passages, family, demo, effective_from::text as "effectiveFrom", issued_on::text as "issuedOn"
       from document where id = $1 and state = 'waiting'`,
    [documentId],
  )
  const stored = rows[0]
  if (!stored) throw notWaiting(documentId)
  return goLive(client, stored, stored, { family: stored.family, today })
}

type Going = { readonly demo: boolean; readonly effectiveFrom: string | null; readonly issuedOn: string | null }

/**
 * The version before serves until this one begins. Then endings are recomputed: those by this version, and those by the one before.
 * @param counted whether its terms were already counted while it arrived
 */
export async function goLive(
  client: PoolClient,
  stored: Stored,
  going: Going,
  { family, today, counted = false }: { readonly family: string; readonly today: string; readonly counted?: boolean },
): Promise<Replaced> {
  const demoRetired = !going.demo && (await retireDemo(client))
  const { rows: replaced } = await client.query<{ id: string }>(
    `update document
        set state = 'replaced', live_to = park_now(), ended_how = case when ended_on <= $2 then ended_how else 'superseded' end,
            ended_by = case when ended_on <= $2 then ended_by else $3 end, ended_on = least(ended_on, $2::date)
      where family = $1 and state = 'live' returning id`,
    [family, servesFrom(going) ?? today, stored.id],
  )
  await client.query(`update document set state = 'live', live_from = park_now() where id = $1`, [stored.id])
  if (!counted) await countTerms(client, [stored.id], 1)
  await addTotals(client, [stored.id], 1)
  const ended = await settleEndings(
    client,
    [stored.id],
    replaced.map((each) => each.id),
    today,
  )
  return {
    documentId: stored.id,
    outcome: replaced.length > 0 ? 'updated' : 'added',
    passages: stored.passages,
    demoRetired,
    ended,
  }
}

/** Takes a live document out of search. @returns false when it was not live */
export async function withdraw(client: PoolClient, documentId: string, today: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update document set state = 'withdrawn', live_to = park_now() where id = $1 and state = 'live'`,
    [documentId],
  )
  if (rowCount === 0) return false
  await countTerms(client, [documentId], -1)
  await addTotals(client, [documentId], -1)
  await settleEndings(client, [], [documentId], today)
  return true
}

/**
 * @returns documents that the `arrived` ones have ended; those that `gone` ones had ended are in force again unless another document ends
 * them
 */
export async function settleEndings(
  client: PoolClient,
  arrived: readonly string[],
  gone: readonly string[],
  today: string,
): Promise<string[]> {
  const claims = await readClaims(client, arrived, gone)
  const endings = claims.map(({ about, by }) => ({ id: about.id, ending: endingOf(about, by, today) }))
  await client.query(
    `update document d set ended_on = each.ended_on, ended_how = each.how, ended_by = each.by
       from unnest($1::text[], $2::date[], $3::text[], $4::text[]) as each (id, ended_on, how, by) where d.id = each.id`,
    [
      endings.map((each) => each.id),
      ...(['on', 'how', 'by'] as const).map((name) => endings.map((each) => each.ending?.[name] ?? null)),
    ],
  )
  return endings.flatMap((each) => (each.ending && arrived.includes(each.ending.by) ? [each.id] : []))
}

/** The first document of one's own retires the demo park, unless somebody asked to keep it. */
async function retireDemo(client: PoolClient): Promise<boolean> {
  if (!(await demoShouldRetire(client))) return false
  await removeDemo(client)
  return true
}

/** Deletes the demo park. @returns documents deleted */
export async function removeDemo(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ id: string; counted: boolean }>(
    `select id, state in ('live', 'replaced') as counted from document where demo`,
  )
  const ids = rows.map((each) => each.id)
  const counted = rows.flatMap((each) => (each.counted ? [each.id] : []))
  await countTerms(client, counted, -1)
  await addTotals(client, counted, -1)
  await deletePassages(client, ids)
  await client.query('delete from document where id = any($1)', [ids])
  await setDemo(client, 'retired')
  return ids.length
}
