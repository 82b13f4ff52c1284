import { type Format, FormatError } from './format.ts'
import { joinLines, type Piece, type Sheet } from './pdf/join.ts'
import { openPdf } from './pdf/library.ts'

const largest = 50 * 1024 * 1024
const mostPages = 2_000
/** A page with fewer characters than this is a picture of a page. */
const scannedBelow = 20

/** PDF with a text layer. Character maps are given, or Chinese fonts that are not embedded would yield nothing, silently. */
export const pdf: Format = {
  name: 'pdf',
  matches: (bytes, name) => name.endsWith('.pdf') || new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-'),
  async read(bytes) {
    if (bytes.length > largest) throw new FormatError('too_large', 'The PDF is larger than 50 MB', { hint: 'Split it.' })
    const pages = await readPages(bytes)
    const characters = pages.reduce(
      (sum, page) => sum + page.pieces.reduce((length, piece) => length + piece.text.trim().length, 0),
      0,
    )
    if (pages.length === 0) throw damaged()
    if (characters < scannedBelow * pages.length) {
      throw new FormatError('needs_ocr', 'The PDF is a scan without a text layer', {
        hint: 'Run OCR first, e.g. apt-get install ocrmypdf tesseract-ocr-chi-sim, then ocrmypdf -l chi_sim in.pdf out.pdf; or ingest the Word original.',
      })
    }
    return { kind: 'text', lines: joinLines(pages), meta: {}, warnings: [] }
  },
}

async function readPages(bytes: Uint8Array): Promise<Sheet[]> {
  const task = await openPdf(bytes)
  try {
    const document = await task.promise
    if (document.numPages > mostPages)
      throw new FormatError('too_large', `The PDF has more than ${mostPages} pages`, { hint: 'Split it.' })
    const sheets: Sheet[] = []
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number)
      const { width, height } = page.getViewport({ scale: 1 })
      const content = await page.getTextContent()
      sheets.push({ width, height, pieces: content.items.flatMap((item) => ('str' in item ? pieceOf(item, width, height) : [])) })
      page.cleanup()
    }
    return sheets
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    if (cause instanceof Error && cause.name === 'PasswordException')
      throw new FormatError('encrypted', 'The PDF needs a password', { hint: 'Remove the password and ingest it again.', cause })
    throw damaged(cause)
  } finally {
    await task.destroy()
  }
}

/** Some programs name a character by the radical of the same shape: ⽀ for 支. Unicode folds the Kangxi radicals, not the simplified ones. */
const radicals = /[\u2E80-\u2FDF]/g
const simplifiedRadicals = new Map(
  '⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟'
    .split(' ')
    .map((pair) => [...pair] as [string, string]),
) // pairs of two characters each

function plainCharacter(radical: string): string {
  return simplifiedRadicals.get(radical) ?? radical.normalize('NFKC')
}

type Item = { str: string; transform: unknown[]; width: number; height: number }

/** Text off the page or too small to be read is not there for a reader. */
function pieceOf({ str, transform, width, height }: Item, pageWidth: number, pageHeight: number): Piece[] {
  const [a = 0, b = 0, , , x = 0, y = 0] = transform.map(Number)
  const size = height || Math.hypot(a, b)
  if (str === '' || !Number.isFinite(x + y + size)) return []
  const visible = size >= 2 && x > -size && x < pageWidth + size && y > -size && y < pageHeight + size
  return visible ? [{ text: str.replace(radicals, plainCharacter), x, y, width, size }] : []
}

function damaged(cause?: unknown): FormatError {
  return new FormatError('damaged', 'The PDF is damaged or is none', {
    hint: 'Open it in a PDF reader and print it to a new PDF.',
    cause,
  })
}
