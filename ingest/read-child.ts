import { FormatError, type Reading } from './formats/format.ts'
import { formatFor } from './formats/index.ts'

/** One question to the reading child. */
export type ReadRequest = { readonly id: number; readonly bytes: Uint8Array; readonly name: string }
export type ReadReply =
  | { readonly id: number; readonly reading: Reading }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } }

/** Runs in a process of its own: whatever a hostile file does, only this process suffers. It is told bytes and a name, nothing else. */
process.on('message', async (request: ReadRequest) => {
  process.send?.(await answer(request))
})

async function answer({ id, bytes, name }: ReadRequest): Promise<ReadReply> {
  try {
    return { id, reading: await formatFor(bytes, name).read(bytes, name) }
  } catch (error) {
    if (error instanceof FormatError) return { id, error: { code: error.code, message: error.message, hint: error.hint ?? null } }
    return {
      id,
      error: {
        code: 'damaged',
        message: 'The file could not be read',
        hint: 'Open it in the program it was written with and save it again.',
      },
    }
  }
}
