import { spawn, spawnSync } from 'node:child_process'
import type { Picture } from '../../retrieval/store/documents/pictures.ts'
import { FormatError, type Reading } from '../formats/format.ts'
import { joinLines } from '../formats/pdf/join.ts'
import type { Piece, Sheet } from '../formats/pdf/rows.ts'
import { residentBytes } from './child.ts'
import { mostPreviews, previewOf } from './preview.ts'

const patienceMs = 25_000
const mostMemoryBytes = 850 * 1024 * 1024
/** Below this certainty (0–100) a word is noise: a seal, a fold, a stain. */
const leastCertain = 20

type TextReading = Extract<Reading, { kind: 'text' }>

let language: string | null | undefined

/** @returns tesseract's language argument, or null when it or its Chinese data is not installed; looked up once */
export function ocrLanguage(): string | null {
  if (language === undefined) {
    const { stdout } = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8', timeout: 10_000 })
    language = /^chi_sim$/m.test(stdout ?? '') ? 'chi_sim' : null
  }
  return language
}

/**
 * Pictures of pages, by their numbers → lines. Each page is a tesseract run of its own with limits on time and memory. The result is always a doubt, since a
 * figure may be wrong.
 * @throws FormatError `no_text`, `too_slow`, `too_much_memory`
 */
export async function recognise(pages: readonly number[], picture: (page: number) => Promise<Uint8Array>): Promise<TextReading> {
  const sheets: Sheet[] = []
  const pictures: Picture[] = []
  for (const page of pages) {
    const bytes = await picture(page)
    const shown = pictures.length < mostPreviews ? await previewOf(page, bytes) : null
    if (shown !== null) pictures.push(shown)
    sheets.push(bytes.length === 0 ? { width: 1, height: 1, pieces: [] } : sheetOf(await tesseract(bytes)))
  }
  const lines = joinLines(sheets).map((line) => ({
    ...line,
    text: withoutBlanks(line.text),
    page: line.page === null ? null : (pages[line.page - 1] ?? null),
  }))
  if (lines.every((line) => line.text.trim() === ''))
    throw new FormatError('no_text', 'No text was recognised on the pictures', {
      hint: 'Scan it again, straight and at 200 dpi.',
    })
  return { kind: 'text', lines, meta: {}, warnings: ['ocr_text'], pictures }
}

/** The lines of pictured pages, put where these pages stand among the others. */
export function withRecognised({ pictured: _, ...text }: TextReading, recognised: TextReading): TextReading {
  const lines = [...text.lines]
  for (const line of recognised.lines) {
    const after = lines.findIndex((each) => (each.page ?? 0) > (line.page ?? 0))
    lines.splice(after < 0 ? lines.length : after, 0, line)
  }
  const warnings = [...new Set([...text.warnings, ...recognised.warnings])]
  return { ...text, lines, warnings, pictures: recognised.pictures ?? [] }
}

/** A blank between two characters comes from the recogniser; the one after 第一条 is the writer's. */
function withoutBlanks(text: string): string {
  const inside = /(?<=[\p{Script=Han}\d，。；：、“”（）《》〔〕]) (?=[\p{Script=Han}\d，。；：、“”（）《》〔〕])/gu
  const label = /^第[一二三四五六七八九十百零〇\d]{1,8}[编章节条](?:\s|(?=\p{Script=Han}))/u.exec(text)?.[0] ?? ''
  return label === '' ? text.replace(inside, '') : `${label.trim()} ${text.slice(label.length).replace(inside, '')}`
}

function tesseract(bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    // Two threads of tesseract hinder each other: the same page takes four times as long.
    const child = spawn(
      'tesseract',
      ['stdin', 'stdout', '-l', ocrLanguage() ?? 'chi_sim', '--dpi', '200', '-c', 'tessedit_create_tsv=1'],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { PATH: process.env['PATH'] ?? '', OMP_THREAD_LIMIT: '1' },
        cwd: '/',
      },
    )
    let why: 'damaged' | 'too_slow' | 'too_much_memory' = 'damaged'
    const kill = (reason: typeof why) => {
      why = reason
      child.kill('SIGKILL')
    }
    const time = setTimeout(() => kill('too_slow'), patienceMs)
    const memory = setInterval(() => {
      if (residentBytes(child.pid) > mostMemoryBytes) kill('too_much_memory')
    }, 20)
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stdin.on('error', () => {}) // it may end before reading everything; its exit code tells
    child.on('error', () => kill('damaged'))
    child.on('close', (code) => {
      clearTimeout(time)
      clearInterval(memory)
      if (code === 0) resolve(Buffer.concat(output).toString('utf8'))
      else reject(new FormatError(why, 'A picture of the file could not be read', { hint: 'Scan the page again at 200 dpi.' }))
    })
    child.stdin.end(bytes)
  })
}

/**
 * Words with their boxes (tesseract's TSV: level … left top width height certainty text) → pieces on a sheet, like a PDF's text layer;
 * there y grows upwards. Height and baseline come from the line, because the box of 一 alone is a stroke.
 */
function sheetOf(table: string): Sheet {
  const pieces: Piece[] = []
  let page = { width: 1, height: 1 }
  let line = { top: 0, tall: 1, right: 0 }
  for (const row of table.split('\n').slice(1)) {
    const cells = row.split('\t')
    const [left = 0, top = 0, width = 0, tall = 0, certain = 0] = cells.slice(6, 11).map(Number)
    const text = (cells[11] ?? '').trim()
    if (cells[0] === '1') page = { width, height: tall }
    else if (cells[0] === '4') line = { top, tall, right: 0 }
    else if (cells[0] === '5' && text !== '' && certain >= leastCertain) {
      const x = Math.max(left, line.right) // boxes may overlap; the table is in reading order
      line.right = Math.max(x + 1, left + width)
      pieces.push({ text, x, y: page.height - line.top - line.tall, width: line.right - x, size: line.tall })
    }
  }
  return { ...page, pieces }
}
