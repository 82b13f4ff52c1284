import type { Pool, PoolClient } from 'pg'

/** A page as a picture a browser can show. */
export type Picture = { readonly page: number; readonly type: 'image/png' | 'image/jpeg'; readonly bytes: Uint8Array }

/** The only writer of document_picture. */
export async function keepPictures(client: PoolClient, documentId: string, pictures: readonly Picture[]): Promise<void> {
  for (const { page, type, bytes } of pictures)
    await client.query('insert into document_picture (document_id, page, type, bytes) values ($1, $2, $3, $4)', [
      documentId,
      page,
      type,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    ])
}

/** Pictures serve to compare while a document waits, so they are dropped once it no longer does. */
export async function dropPictures(client: PoolClient): Promise<void> {
  await client.query(`delete from document_picture p using document d where d.id = p.document_id and d.state <> 'waiting'`)
}

/** @returns the picture of a page, from 1; null when there is none */
export async function readPicture(pool: Pool, documentId: string, page: number): Promise<Picture | null> {
  const { rows } = await pool.query<Picture>(
    'select page, type, bytes from document_picture where document_id = $1 and page = $2',
    [documentId, page],
  )
  return rows[0] ?? null
}

/** @returns the pages that have a picture, in order */
export async function picturedPages(pool: Pick<Pool | PoolClient, 'query'>, documentId: string): Promise<number[]> {
  const { rows } = await pool.query<{ page: number }>('select page from document_picture where document_id = $1 order by page', [
    documentId,
  ])
  return rows.map((row) => row.page)
}
