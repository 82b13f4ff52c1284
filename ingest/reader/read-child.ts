import './sealed.ts'
import { FormatError, NeedsOcr, type Reading } from '../formats/format.ts'
import { formatFor } from '../formats/index.ts'
import { readWhole } from './whole.ts'

/** One request to the reading child: the text of a file, or the picture of one of its pages. */
export type ReadRequest = { readonly id: number; readonly bytes: Uint8Array; readonly name: string; readonly picture?: number }
export type Refusal = {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  readonly pages: number | null
}
/** What the child says once, before any answer. */
export const up = 'up'

export type ReadReply =
  | { readonly id: number; readonly reading: Reading }
  | { readonly id: number; readonly picture: Uint8Array }
  | { readonly id: number; readonly error: Refusal }

/** Some two thousand pages. What follows runs in the process that answers people, and must not take seconds. */
const mostCharacters = 3_000_000

/** Runs in a process of its own: whatever a hostile file does, only this process suffers. It receives bytes and a name, nothing else. */
process.on('message', async (request: ReadRequest) => {
  const reply = await answer(request)
  const polluted = Object.keys(Object.prototype).length > 0
  if (polluted) process.exit(1) // its answers can no longer be trusted
  process.send?.(reply)
})

process.send?.(up) // everything is loaded: from here on time is charged to the file

async function answer({ id, bytes, name, picture }: ReadRequest): Promise<ReadReply> {
  try {
    if (picture !== undefined)
      return { id, picture: (await formatFor(bytes, name).picture?.(bytes, picture)) ?? new Uint8Array() }
    return { id, reading: bounded(await readWhole(bytes, name)) }
  } catch (error) {
    return { id, error: refusal(error) }
  }
}

function bounded(reading: Reading): Reading {
  const size =
    reading.kind === 'text'
      ? reading.lines.reduce((sum, line) => sum + line.text.length, 0)
      : reading.sheets.reduce((sum, sheet) => sum + sheet.rows.reduce((cells, row) => cells + row.join('').length, 0), 0)
  if (size <= mostCharacters) return reading
  throw new FormatError('too_large', 'The file holds more than three million characters', { hint: 'Split it into documents.' })
}

function refusal(error: unknown): Refusal {
  if (error instanceof FormatError) {
    const { code, message, hint } = error
    return { code, message, hint: hint ?? null, pages: error instanceof NeedsOcr ? error.pages : null }
  }
  if (/allocation failed|allocate memory|Invalid string length|Invalid array length/i.test(String(error)))
    return {
      code: 'too_much_memory',
      message: 'Reading the file needs too much memory',
      hint: 'Check where it comes from; save it again or split it.',
      pages: null,
    }
  return {
    code: 'damaged',
    message: 'The file could not be read',
    hint: 'Open it in the program it was written with and save it again.',
    pages: null,
  }
}
