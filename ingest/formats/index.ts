import { doc } from './doc.ts'
import { docx } from './docx.ts'
import { type Format, FormatError } from './format.ts'
import { html } from './html.ts'
import { pdf } from './pdf.ts'
import { sheet } from './sheet.ts'
import { text } from './text.ts'

/** Add a format: write one file beside this one, then name it here. The first that recognises the content reads it. */
export const formats: readonly Format[] = [pdf, docx, doc, sheet, html, text]

const unsupported: readonly (readonly [RegExp, string])[] = [
  [/\.(docx?|wps|dot|rtf)$/, 'Save it as DOCX or PDF and ingest that file.'],
  [/\.(pptx?|dps)$/, 'Export the slides as PDF and ingest that file.'],
  [
    /\.(png|jpe?g|tiff?|bmp|gif|webp)$/,
    'Images need OCR: run tesseract with chi_sim (apt-get install tesseract-ocr tesseract-ocr-chi-sim) and ingest its text.',
  ],
  [/\.(eml|msg)$/, 'Save the attachments and ingest those files.'],
]

/** @throws FormatError `empty`, `unsupported_format` with what to do instead */
export function formatFor(bytes: Uint8Array, fileName: string): Format {
  if (bytes.length === 0) throw new FormatError('empty', 'The file is empty', { hint: 'Was it copied completely?' })
  const name = fileName.toLowerCase()
  const found = formats.find((format) => format.matches(bytes, name))
  if (found !== undefined) return found
  const hint = unsupported.find(([extension]) => extension.test(name))?.[1] ?? 'Save it as DOCX, PDF, HTML, MD, TXT, XLSX or CSV.'
  throw new FormatError('unsupported_format', 'This kind of file cannot be read', { hint })
}
