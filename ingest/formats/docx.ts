import { isZip, unzip } from './base/zip.ts'
import { readBody } from './docx/body.ts'
import { readNumbering, readStyles } from './docx/parts.ts'
import { type Format, FormatError } from './format.ts'

const wanted = new Set(['word/document.xml', 'word/numbering.xml', 'word/styles.xml'])

/**
 * Word and WPS documents. Own reader, because the known libraries lose automatic numbering: without it 第X条 cannot be cited
 * (mammoth, officeparser, pandoc and LibreOffice's HTML keep 0 of 188 clause numbers).
 */
export const docx: Format = {
  name: 'docx',
  matches: (bytes, name) => isZip(bytes) && (/\.(docx|docm|dotx|wps)$/.test(name) || has(bytes, 'word/document.xml')),
  async read(bytes) {
    const parts = await unzip(bytes, (name) => wanted.has(name))
    const document = parts.get('word/document.xml')
    if (document === undefined)
      throw new FormatError('damaged', 'The file holds no document', { hint: 'Open it in Word or WPS and save it as DOCX.' })
    const lines = readBody(document, readStyles(parts.get('word/styles.xml')), readNumbering(parts.get('word/numbering.xml')))
    return { kind: 'text', lines, meta: {}, warnings: [] }
  },
}

/** The names of the parts stand readable in the container's directory. */
export function has(bytes: Uint8Array, part: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(part)
}
