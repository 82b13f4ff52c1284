import { setTimeout as wait } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { AppError } from '../../base/errors.ts'
import type { NewDocument, PassageVectors, Replaced } from '../document.ts'
import { countPassages, dropSome, insertPassages, type PreparedPassage } from '../passages.ts'
import type { Stored } from './live.ts'

/** Postings per transaction: about a tenth of a second on the embedded database, during which everybody else waits. */
const mostPostings = 6_000
/** A writer silent for this long is dead; each piece renews it. */
export const aliveSeconds = 20
const passagesDroppedAtOnce = 40
const lookAgainMs = 250

export type Write = <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>

/** Pure: passages grouped into the pieces they are written in. */
export function piecesOf(passages: readonly PreparedPassage[]): PreparedPassage[][] {
  const pieces: PreparedPassage[][] = []
  let postings = Number.POSITIVE_INFINITY
  for (const each of passages) {
    if (postings + each.terms.size > mostPostings) {
      pieces.push([])
      postings = 0
    }
    pieces.at(-1)?.push(each)
    postings += each.terms.size
  }
  return pieces
}

/** The short transactions at both ends. */
export type Steps = {
  /** @returns the document's row, arriving; or the outcome when there is nothing to write */
  begin(client: PoolClient): Promise<Replaced | Stored>
  /** Puts it in its place. @returns null when another process has stored the same meanwhile, so it must go */
  end(client: PoolClient, stored: Stored): Promise<Replaced | null>
}

/**
 * Stores a document too large for one short transaction. It is invisible until its last piece; what a dead process left is removed by the
 * next writer.
 */
export async function arrive(
  write: Write,
  of: {
    readonly fingerprint: string
    readonly document: NewDocument
    readonly pieces: readonly PreparedPassage[][]
    readonly vectors: PassageVectors | null
  },
  steps: Steps,
): Promise<Replaced> {
  await othersDone(write, of.fingerprint)
  const begun = await write((client) => steps.begin(client))
  if ('outcome' in begun) return begun
  let from = 0
  for (const piece of of.pieces) {
    await write((client) => addPiece(client, begun, piece, from, of))
    from += piece.length
  }
  const done = await write((client) => steps.end(client, begun))
  if (done !== null) return done
  await drop(write, begun.id)
  return write(async (client) => {
    const again = await steps.begin(client)
    if ('outcome' in again) return again
    throw new AppError('document_moved', 'The same document was stored and removed meanwhile', { retry: true })
  })
}

async function addPiece(
  client: PoolClient,
  { id, number }: Stored,
  piece: readonly PreparedPassage[],
  from: number,
  { document, vectors }: { readonly document: NewDocument; readonly vectors: PassageVectors | null },
): Promise<void> {
  const { rowCount } = await client.query(
    `update document set arriving_until = now() + make_interval(secs => $2) where id = $1 and state = 'arriving'`,
    [id, aliveSeconds],
  )
  if (rowCount !== 1)
    throw new AppError('document_gone', 'Taking the document in took too long between two pieces', { retry: true })
  const numbers = await insertPassages(client, { id, number }, piece, from)
  if (document.state === 'live') await countPassages(client, numbers, 1)
  await vectors?.(client, number, numbers, from)
}

/** Waits for another process that is storing the same document, and removes what dead ones left. */
async function othersDone(write: Write, fingerprint: string): Promise<void> {
  for (;;) {
    const left = await write(async (client) => {
      const { rows } = await client.query<{ id: string; dead: boolean }>(
        `select id, arriving_until < now() as dead from document where state = 'arriving' and (arriving_until < now() or fingerprint = $1)`,
        [fingerprint],
      )
      return rows
    })
    for (const { id, dead } of left) if (dead) await drop(write, id)
    if (left.every((each) => each.dead)) return
    await wait(lookAgainMs)
  }
}

/** Piece by piece too; the row goes last, so that an interrupted removal can continue. */
async function drop(write: Write, id: string): Promise<void> {
  let isGone = false
  while (!isGone)
    isGone = await write(async (client) => {
      const { rows } = await client.query<{ counted: boolean }>(
        `select arriving_as = 'live' as counted from document where id = $1 and state = 'arriving'`,
        [id],
      )
      const [row] = rows
      if (row === undefined) return true
      if ((await dropSome(client, id, passagesDroppedAtOnce, row.counted)) > 0) return false
      await client.query('delete from document where id = $1', [id])
      return true
    })
}
