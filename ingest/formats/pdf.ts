import { type Format, FormatError, NeedsOcr } from './format.ts'
import { fates } from './pdf/fates.ts'
import { type Shown, shownOn } from './pdf/hidden.ts'
import { hides, showsText } from './pdf/hides.ts'
import { whileUnpacking } from './pdf/in-process.ts'
import { joinLines } from './pdf/join.ts'
import { openPdf, type Task } from './pdf/library.ts'
import { type Item, sheetOf } from './pdf/page.ts'
import { pictureOf, showsPicture } from './pdf/pictures.ts'
import type { Sheet } from './pdf/rows.ts'
import { mostPages, type Scan, scanPdf } from './pdf/scan.ts'

const largest = 50 * 1024 * 1024
/** A page with fewer characters is a picture of a page. */
const scannedBelow = 20
/** Fewer characters beside a picture are stray marks of the printer. */
const wordsFrom = 6

/** This many rows of this many cells that became no table: which figure belongs to what is unknown. */
const rowsApart = 6
const apartFrom = 3

/** PDF with a text layer; pages that are pictures go to OCR. */
export const pdf: Format = {
  name: 'pdf',
  matches: (bytes) => new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-'),
  async read(bytes) {
    if (bytes.length > largest) throw new FormatError('too_large', 'The PDF is larger than 50 MB', { hint: 'Split it.' })
    const scan = scanPdf(bytes)
    const { sheets, warnings, pictured } = await withPdf(bytes, async (document) => {
      const read = await readPages(document, scan)
      if (read.sheets.length === 0) throw damaged()
      if (await isScan(document, read.sheets)) throw new NeedsOcr('The PDF is a scan: it', read.sheets.length)
      return { ...read, pictured: await picturedPages(document, read.sheets) }
    })
    if (sheets.some((sheet) => lengthOf(sheet) === 0) || pictured.length > 0) warnings.add('pages_without_text')
    if (scan.active) warnings.add('active_content')
    const lines = joinLines(sheets)
    if (lines.filter(({ text }) => text.split('　').length >= apartFrom).length >= rowsApart) warnings.add('table_unclear')
    return { kind: 'text', lines, meta: {}, warnings: [...warnings], ...(pictured.length === 0 ? {} : { pictured }) }
  },
  picture: (bytes, page) => withPdf(bytes, async (document) => pictureOf(await document.getPage(page))),
}

type Document = Awaited<Task['promise']>

async function withPdf<T>(bytes: Uint8Array, use: (document: Document) => Promise<T>): Promise<T> {
  const task = await openPdf(bytes)
  try {
    const document = await task.promise
    if (document.numPages > mostPages)
      throw new FormatError('too_large', `The PDF has more than ${mostPages} pages`, { hint: 'Split it.' })
    return await use(document)
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    if (cause instanceof Error && cause.name === 'PasswordException')
      throw new FormatError('encrypted', 'The PDF needs a password', { hint: 'Remove the password and ingest it again.', cause })
    throw damaged(cause)
  } finally {
    await task.destroy()
  }
}

async function readPages(document: Document, scan: Scan): Promise<{ sheets: Sheet[]; warnings: Set<string> }> {
  const sheets: Sheet[] = []
  const warnings = new Set<string>()
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    const { all, mayHide } = await textOf(page, scan)
    const careful = all.length > 0 && (mayHide || all.some((item) => reachesEdge(item, page.view)))
    const items = careful ? seenItems(all, await shownOn(page, await layersOf(document)), page.view, warnings) : all
    const { sheet, unseen } = sheetOf(items, page.view)
    if (unseen.trim().length >= wordsFrom) warnings.add('hidden_text')
    sheets.push(sheet)
    page.cleanup()
  }
  return { sheets, warnings }
}

/** A short notice, perhaps with an empty page after it, is no scan: nothing on it could be recognised. */
async function isScan(document: Document, sheets: readonly Sheet[]): Promise<boolean> {
  if (sheets.some((sheet) => lengthOf(sheet) >= scannedBelow)) return false
  const characters = sheets.reduce((sum, sheet) => sum + lengthOf(sheet), 0)
  if (characters < wordsFrom) return true
  for (const index of sheets.keys()) if (await hasPicture(document, index)) return true
  return false
}

/** Pages that are pictures among pages of text: a sealed appendix, a scanned form. */
async function picturedPages(document: Document, sheets: readonly Sheet[]): Promise<number[]> {
  const pages: number[] = []
  for (const [index, sheet] of sheets.entries())
    if (lengthOf(sheet) < wordsFrom && (await hasPicture(document, index))) pages.push(index + 1)
  return pages
}

/** To tell, a page's pictures are decoded: they are let go at once. */
async function hasPicture(document: Document, index: number): Promise<boolean> {
  const page = await document.getPage(index + 1)
  const shows = await showsPicture(page)
  page.cleanup()
  return shows
}

type Page = Awaited<ReturnType<Document['getPage']>>

/** The strings of a page. The description of an encrypted file's page is scanned here; what could not be scanned may hide something. */
async function textOf(page: Page, scan: Scan): Promise<{ all: readonly Item[]; mayHide: boolean }> {
  let [hidden, seen] = [scan.mayHide, !scan.encrypted]
  const end = whileUnpacking((bytes) => {
    if (!scan.encrypted) return
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    seen ||= showsText(content)
    hidden ||= hides(content) !== 0
  })
  const { items } = await page.getTextContent({ disableNormalization: true }).finally(end)
  return { all: items.flatMap((item) => ('str' in item ? [item] : [])), mayHide: hidden || !seen }
}

/** @returns a test for whether a layer is shown when the document is opened */
async function layersOf(document: Document): Promise<(layer: unknown) => boolean> {
  const layers = await document.getOptionalContentConfig()
  return (layer) => layer === null || layers.isVisible(layer)
}

/** The library drops letters beyond the edge of the page, so a line that reaches the edge may continue. */
function reachesEdge({ transform, width }: Item, [, , right = 0]: readonly number[]): boolean {
  return Number(transform[4]) + width > right - 1
}

function seenItems(items: readonly Item[], shown: Shown, view: readonly number[], warnings: Set<string>): readonly Item[] {
  if (shown.isRecognised) warnings.add('ocr_text')
  const found = fates(items, shown)
  if (shown.isUnclear || found.some((fate) => fate.hidden)) warnings.add('hidden_text')
  return found.flatMap(({ seen, rest }) => {
    const last = seen.at(-1)
    return last !== undefined && rest !== '' && reachesEdge(last, view)
      ? [...seen.slice(0, -1), { ...last, str: last.str + rest }]
      : seen
  })
}

function lengthOf(sheet: Sheet): number {
  return sheet.pieces.reduce((length, piece) => length + piece.text.trim().length, 0)
}

function damaged(cause?: unknown): FormatError {
  return new FormatError('damaged', 'The PDF is damaged or is none', {
    hint: 'Open it in a PDF reader and print it to a new PDF.',
    cause,
  })
}
