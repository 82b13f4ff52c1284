import { spawn, spawnSync } from 'node:child_process'
import { FormatError, type Reading } from '../formats/format.ts'
import { joinLines, type Piece, type Sheet } from '../formats/pdf/join.ts'
import { residentBytes } from './child.ts'

const patienceMs = 25_000
const mostMemoryBytes = 850 * 1024 * 1024
/** Below this share of certainty (0–100) a word is noise: a seal, a fold, a stain. */
const leastCertain = 20

let language: string | null | undefined

/** @returns what tesseract is asked for, or null where it or its Chinese data is not installed; looked up once */
export function ocrLanguage(): string | null {
  if (language === undefined) {
    const { stdout } = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8', timeout: 10_000 })
    language = /^chi_sim$/m.test(stdout ?? '') ? 'chi_sim' : null
  }
  return language
}

/**
 * Pictures of pages → lines. Every page is a run of tesseract of its own, with limits on time and memory; what it reads is always a
 * doubt, since a figure may be wrong. @throws FormatError `no_text`, `too_slow`, `too_much_memory`
 */
export async function recognise(pages: number, picture: (page: number) => Promise<Uint8Array>): Promise<Reading> {
  const sheets: Sheet[] = []
  for (let page = 1; page <= pages; page += 1) {
    const bytes = await picture(page)
    sheets.push(bytes.length === 0 ? { width: 1, height: 1, pieces: [] } : sheetOf(await tesseract(bytes)))
  }
  const lines = joinLines(sheets)
  if (lines.every((line) => line.text.trim() === ''))
    throw new FormatError('no_text', 'No text was recognised on the pictures', {
      hint: 'Scan it again, straight and at 200 dpi.',
    })
  return { kind: 'text', lines, meta: {}, warnings: ['ocr_text'] }
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
    child.stdin.on('error', () => {}) // it may end before it has read everything; its exit says so
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

/** Words with their boxes (tesseract's TSV) → pieces on a sheet, as a PDF's text layer has them; y grows upwards there. */
function sheetOf(table: string): Sheet {
  const rows = table
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t'))
  const page = rows.find((row) => row[0] === '1')
  const height = Number(page?.[9] ?? 1)
  const pieces: Piece[] = rows.flatMap((row) => {
    const [left = 0, top = 0, width = 0, tall = 0, certain = 0] = row.slice(6, 11).map(Number)
    const text = (row[11] ?? '').trim()
    if (row[0] !== '5' || text === '' || certain < leastCertain) return []
    return [{ text, x: left, y: height - top - tall, width, size: tall }]
  })
  return { width: Number(page?.[8] ?? 1), height, pieces }
}
