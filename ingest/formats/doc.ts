import { isCompound, openCompound } from './base/compound.ts'
import { readBody } from './doc/body.ts'
import { readHeader } from './doc/header.ts'
import type { Format } from './format.ts'

/**
 * Word 97–2003 and WPS documents in the older container. Our own reader: available packages lose automatic numbering (0 of 188 clause
 * numbers), and an office program run on hostile files has been seen to hang and to fetch addresses out of them.
 */
export const doc: Format = {
  name: 'doc',
  matches: (bytes) => isCompound(bytes) && openCompound(bytes).paths.some((path) => path === 'worddocument'),
  async read(bytes) {
    const { lines, leftOut } = readBody(readHeader(openCompound(bytes)))
    const warnings = [...(leftOut.hidden ? ['hidden_text'] : []), ...(leftOut.deleted ? ['tracked_changes'] : [])]
    return { kind: 'text', lines, meta: {}, warnings }
  },
}
