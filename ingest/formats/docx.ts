import { has, isZip, unzip } from './base/zip.ts'
import { type LeftOut, readBody } from './docx/body.ts'
import { readNotes } from './docx/notes.ts'
import { readNumbering, readStyles } from './docx/parts.ts'
import { type Attachment, type Format, FormatError } from './format.ts'

/** Some programs number the parts: word/document2.xml. */
const wanted = /^word\/(document|numbering|styles|footnotes|endnotes)\d*\.xml$/

/**
 * Word and WPS documents. Our own reader, because known libraries lose automatic numbering, without which 第X条 cannot be cited (mammoth,
 * officeparser, pandoc and LibreOffice's HTML keep 0 of 188 clause numbers).
 */
export const docx: Format = {
  name: 'docx',
  matches: (bytes) => isZip(bytes) && has(bytes, 'word/document'),
  async read(bytes) {
    const names: string[] = []
    const found = await unzip(bytes, (name) => names.push(name) > 0 && wanted.test(name))
    const parts = new Map([...found].map(([name, part]) => [wanted.exec(name)?.[1] ?? name, part]))
    const macros = names.some((name) => name.endsWith('vbaProject.bin'))
    const document = parts.get('document')
    if (document === undefined)
      throw new FormatError('damaged', 'The file holds no document', { hint: 'Open it in Word or WPS and save it as DOCX.' })
    const { lines, leftOut } = readBody(document, {
      styles: readStyles(parts.get('styles')),
      numbering: readNumbering(parts.get('numbering')),
      notes: new Map([...readNotes(parts.get('footnotes'), 'footnote'), ...readNotes(parts.get('endnotes'), 'endnote')]),
    })
    const warnings = warningsOf(leftOut, macros)
    const placed = await placedDocuments(bytes, document)
    if (placed.length === 0) return { kind: 'text', lines, meta: {}, warnings }
    return { kind: 'text', lines, meta: {}, warnings: [...warnings, 'embedded_document'], attachments: placed }
  },
}

/**
 * Whole documents that Word would show in the middle of this one (altChunk: a saved page, another DOCX). They are read after the text, and
 * a person is told, since their place is lost.
 */
async function placedDocuments(bytes: Uint8Array, document: Uint8Array): Promise<Attachment[]> {
  if (!new TextDecoder().decode(document).includes('altChunk')) return []
  const parts = await unzip(bytes, (name) =>
    /^word\/(?!media\/|embeddings\/|theme\/).*\.(?:x?html?|mht|txt|rtf|docx)$/i.test(name),
  )
  return [...parts.values()].map((part) => ({ name: '', bytes: part }))
}

function warningsOf(leftOut: LeftOut, macros: boolean): string[] {
  return [
    ...(leftOut.hidden ? ['hidden_text'] : []),
    ...(leftOut.deleted ? ['tracked_changes'] : []),
    ...(macros ? ['active_content'] : []),
  ]
}
