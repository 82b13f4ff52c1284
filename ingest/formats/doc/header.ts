import type { Compound } from '../base/compound.ts'
import { FormatError } from '../format.ts'

/** The file information block (MS-DOC 2.5): where the tables are, and how many characters each part of the text has. */
export type Header = {
  readonly text: Uint8Array
  /** @returns the bytes of a structure in the table stream, by its index in FibRgFcLcb97; empty when absent */
  readonly table: (index: number) => Uint8Array
  /** @returns the table stream from the start of a structure: the levels of lists follow theirs, uncounted */
  readonly tableOnward: (index: number) => Uint8Array
  /**
   * Characters of body, footnotes, page heads, (unused), comments, endnotes, text boxes, text boxes of heads: in this order in the text.
   */
  readonly counts: readonly number[]
}

/** Indexes in FibRgFcLcb97. */
export const tables = { styles: 1, characters: 12, paragraphs: 13, pieces: 33, lists: 73, overrides: 74 } as const

const word97 = 0xc1
const encrypted = 0x0100
const secondTable = 0x0200

/** @throws FormatError `encrypted`, `damaged`, `too_old` */
export function readHeader(file: Compound): Header {
  const text = file.stream('WordDocument')
  if (text === undefined || text.length < 0x200) throw damaged()
  const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
  const flags = view.getUint16(0x0a, true)
  if (flags & encrypted)
    throw new FormatError('encrypted', 'The document needs a password', { hint: 'Remove the password and ingest it again.' })
  if (view.getUint16(2, true) < word97)
    throw new FormatError('too_old', 'The document was written by Word 95 or older', {
      hint: 'Open it in Word, WPS or LibreOffice and save it as DOCX.',
    })
  const stream = file.stream(flags & secondTable ? '1Table' : '0Table')
  if (stream === undefined) throw damaged()
  const words = 32 + 2 + view.getUint16(32, true) * 2
  const places = words + 2 + view.getUint16(words, true) * 4 + 2
  const at = (offset: number) => (offset + 4 <= text.length ? view.getUint32(offset, true) : 0)
  return {
    text,
    tableOnward: (index) => stream.subarray(at(places + index * 8)),
    table: (index) => stream.subarray(at(places + index * 8), at(places + index * 8) + at(places + index * 8 + 4)),
    counts: Array.from({ length: 8 }, (_, index) => Math.min(at(words + 2 + (3 + index) * 4), 20_000_000)),
  }
}

export function damaged(): FormatError {
  return new FormatError('damaged', 'The document is damaged', { hint: 'Open it in Word or WPS and save it as DOCX.' })
}
