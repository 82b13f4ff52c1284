import { createHash } from 'node:crypto'
import type { Pool } from 'pg'

/** Header as it stands in the table → the field it means; null: a column that means none. */
export type StoredMapping = Readonly<Record<string, string | null>>

/** What a person said the columns of a table mean, kept per set of headers, so that the next table of that kind is understood at once. */
export type Mappings = {
  recall(headers: readonly string[]): Promise<StoredMapping>
  remember(headers: readonly string[], mapping: StoredMapping, by: string): Promise<void>
}

export function mappingStore(pool: Pool): Mappings {
  return {
    async recall(headers) {
      const { rows } = await pool.query<{ mapping: StoredMapping }>('select mapping from column_mapping where headers = $1', [
        keyOf(headers),
      ])
      return rows[0]?.mapping ?? {}
    },
    async remember(headers, mapping, by) {
      await pool.query(
        `insert into column_mapping (headers, mapping, set_by) values ($1, $2, $3)
         on conflict (headers) do update set mapping = excluded.mapping, set_by = excluded.set_by, set_at = now()`,
        [keyOf(headers), JSON.stringify(mapping), by],
      )
    },
  }
}

/** The same headers in another order are the same kind of table. */
function keyOf(headers: readonly string[]): string {
  const plain = headers.map((each) => each.replace(/\s+/g, '')).filter((each) => each !== '')
  return createHash('sha256').update(plain.toSorted().join('\n')).digest('hex')
}
