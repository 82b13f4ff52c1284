import type { Pool } from 'pg'
import type { Status } from '../../evidence.ts'
import { resemblance, sketchOf } from '../../text/sketch.ts'
import { statusOf } from '../../validity.ts'
import type { NewDocument, Replaced, Similar } from '../document.ts'
import { familyOf, fingerprintOf } from '../document-rows.ts'
import { endsOf, namesOf } from '../names.ts'

/** Two texts with this share in common are taken for one document until a person has looked. */
const nearly = 0.8
/** Fewer shingles say nothing. */
const leastSketch = 60
const mostLooked = 50

/**
 * An older version, a document that this one ends, and one this is a draft or report of, are alike for a good reason; the same words under
 * another name or number are not.
 */
export async function findSimilar(pool: Pick<Pool, 'query'>, document: NewDocument): Promise<Similar | null> {
  const sketch = sketchOf(document)
  // A new version is compared by itself: a copy under another name must not hold it back.
  if (document.kind !== 'policy' || sketch.length < leastSketch || (await outcomeOf(pool, document)) !== 'added') return null
  const { rows } = await pool.query<Omit<Similar, 'likeness'> & { sketch: number[] }>(
    `select d.id as "documentId", d.title, d.doc_no as "docNo", d.source, d.sketch from document d
      where d.state in ('live', 'waiting') and d.kind = 'policy' and d.demo = $2 and d.binding = $3 and d.source <> $4 and d.sketch && $1::int[]
        and not d.names && $5::text[] and not d.ends && $6::text[]
        and not ($7 and d.names && $6::text[])
      order by cardinality(array(select unnest(d.sketch) intersect select unnest($1::int[]))) desc limit ${mostLooked}`,
    [
      sketch,
      document.demo,
      document.binding,
      document.source,
      endsOf(document.supersedes),
      namesOf(document),
      namesOf(document).some((each) => each.startsWith('n:')),
    ],
  )
  const [best] = rows
    .map(({ sketch: other, ...row }) => ({ ...row, likeness: resemblance(sketch, other) }))
    .sort((a, b) => b.likeness - a.likeness)
  return best !== undefined && best.likeness >= nearly ? best : null
}

/** The outcome that storing would have, read without writing. */
export async function foresee(
  pool: Pick<Pool, 'query'>,
  document: NewDocument,
  today: string,
): Promise<{ outcome: Replaced['outcome']; status: Status }> {
  return {
    outcome: await outcomeOf(pool, document),
    status: statusOf({ ...document, endedOn: null, endedHow: null }, today),
  }
}

async function outcomeOf(pool: Pick<Pool, 'query'>, document: NewDocument): Promise<Replaced['outcome']> {
  const fingerprint = fingerprintOf(document)
  const family = await familyOf(pool, document, fingerprint)
  const { rows } = await pool.query<{ fingerprint: string }>(
    `select fingerprint from document where family = $1 and state in ('live', 'waiting')`,
    [family],
  )
  if (rows.some((row) => row.fingerprint === fingerprint)) return 'unchanged'
  return rows.length > 0 ? 'updated' : 'added'
}
