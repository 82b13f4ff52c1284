import { isCompound } from './base/compound.ts'
import { isZip } from './base/zip.ts'
import { doc } from './doc.ts'
import { docx } from './docx.ts'
import { type Format, FormatError } from './format.ts'
import { html } from './html.ts'
import { image } from './image.ts'
import { mail } from './mail.ts'
import { pdf } from './pdf.ts'
import { pptx } from './pptx.ts'
import { sheet } from './sheet.ts'
import { text } from './text.ts'

/** Add a format: write one file beside this one, then name it here. The first that recognises the content reads it. */
export const formats: readonly Format[] = [pdf, docx, doc, pptx, sheet, image, mail, html, text]

const unsupported: readonly (readonly [RegExp, string])[] = [
  [/\.(ppt|dps|pot)$/, 'Save the slides as PPTX or PDF and ingest that file.'],
  [/\.rtf$/, 'Save it as DOCX or PDF and ingest that file.'],
  [/\.(zip|rar|7z|gz|tar)$/, 'Unpack it and ingest the files in it.'],
  [/\.(ofd)$/, 'Export it as PDF and ingest that file.'],
]

/** Formats with a signature: a file with such a name that holds plain text or a web page is mislabelled. */
const signed = /\.(pdf|docx|docm|xlsx|xlsm|pptx|pptm|png|jpe?g|gif|tiff?|bmp|webp)$/

/** @throws FormatError `empty`, `mislabelled`, `encrypted`, `unsupported_format` with what to do instead */
export function formatFor(bytes: Uint8Array, fileName: string): Format {
  if (bytes.length === 0) throw new FormatError('empty', 'The file is empty', { hint: 'Was it copied completely?' })
  const name = fileName.toLowerCase()
  const found = formats.find((format) => format.matches(bytes, name))
  if (found !== undefined && signed.test(name) && (found === html || found === text))
    throw new FormatError('mislabelled', `The file is called ${signed.exec(name)?.[0]} but holds ${found.name}`, {
      hint: 'Was it saved from a page that asked to sign in? Get the original, or give it its true ending.',
    })
  if (found !== undefined) return found
  if (isCompound(bytes) && /encryptedpackage/i.test(names(bytes)))
    throw new FormatError('encrypted', 'The file needs a password', { hint: 'Remove the password and ingest it again.' })
  if (signed.test(name) && (isZip(bytes) || isCompound(bytes)))
    throw new FormatError('damaged', 'The file holds no document', { hint: 'Open it in Word, Excel or WPS and save it again.' })
  const kind = /^\s*\{\\rtf/.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1')) ? '.rtf' : name // whatever its name
  const hint = unsupported.find(([extension]) => extension.test(kind))?.[1] ?? 'Save it as DOCX, PDF, HTML, MD, TXT, XLSX or CSV.'
  throw new FormatError('unsupported_format', 'This kind of file cannot be read', { hint })
}

/** Stream names stand in the container in UTF-16. */
function names(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').replaceAll('\0', '')
}
