import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { Reading } from '../../ingest/formats/format.ts'
import { openReader, type Reader } from '../../ingest/reader.ts'
import { understand } from '../../ingest/understand.ts'
import { codeOf } from '../../retrieval/base/errors.ts'
import { articlesOf, fateOf } from './documents/articles.ts'
import { bare, recovered } from './documents/characters.ts'
import { filesBelow, formatOf, truthFor } from './documents/files.ts'

type Row = {
  files: number
  pages: number
  seconds: number
  reference: number
  recovered: number
  worst: number
  kept: number
  cut: number
  lost: number
  codes: Record<string, number>
}

const empty = (): Row => ({
  files: 0,
  pages: 0,
  seconds: 0,
  reference: 0,
  recovered: 0,
  worst: 1,
  kept: 0,
  cut: 0,
  lost: 0,
  codes: {},
})

/**
 * `npm run bench -- recovery --documents DIR [--verbose]`: what reading keeps, by format. A file with a reference text beside it is
 * compared with that; a plain text with itself.
 */
export async function run(args: readonly string[]): Promise<unknown> {
  const { values } = parseArgs({
    args: [...args].filter((each) => each !== '--'),
    options: { documents: { type: 'string' }, verbose: { type: 'boolean' } },
  })
  if (values.documents === undefined) throw new Error('recovery needs --documents DIR')
  const rows: Record<string, Row> = {}
  const reader = openReader()
  for (const path of filesBelow(values.documents)) {
    const row = rows[formatOf(path)] ?? empty()
    rows[formatOf(path)] = row
    const said = await measure(path, row, reader)
    if (values.verbose === true) process.stderr.write(`${basename(path)}  ${said}\n`)
  }
  reader.close()
  process.stderr.write(table(rows))
  return rows
}

async function measure(path: string, row: Row, reader: Reader): Promise<string> {
  const bytes = new Uint8Array(readFileSync(path))
  const started = performance.now()
  row.files += 1
  try {
    const reading = await reader.read(bytes, basename(path))
    const understood = await understand(reading, basename(path))
    row.seconds += (performance.now() - started) / 1000
    row.pages += pagesOf(reading)
    const code = understood.outcome === 'refused' ? understood.code : (understood.document.doubts[0]?.code ?? 'clean')
    row.codes[code] = (row.codes[code] ?? 0) + 1
    const passages = understood.outcome === 'refused' ? [] : understood.document.passages
    return `${code} ${compare(
      path,
      reading,
      passages.map((each) => bare(each.text)),
      row,
    )}`
  } catch (error) {
    row.seconds += (performance.now() - started) / 1000
    row.codes[codeOf(error)] = (row.codes[codeOf(error)] ?? 0) + 1
    return codeOf(error)
  }
}

function pagesOf(reading: Reading): number {
  return reading.kind === 'table' ? reading.sheets.length : Math.max(1, reading.lines.at(-1)?.page ?? 1)
}

/** Characters are compared on the lines that were read, articles on the passages that are searched. */
function compare(path: string, reading: Reading, pieces: readonly string[], row: Row): string {
  const truth = truthFor(path)
  if (reading.kind === 'table' || (truth === null && !/\.(?:txt|md)$/.test(path))) return ''
  const reference = readFileSync(truth ?? path, 'utf8')
  const folded = bare(reference)
  const found = recovered(folded, bare(reading.lines.map((each) => each.text).join('')))
  row.reference += folded.length
  row.recovered += found
  row.worst = Math.min(row.worst, found / Math.max(1, folded.length))
  const articles = articlesOf(reference)
  const fates = articles.map((each) => ({ label: each.label, fate: fateOf(each, pieces) }))
  for (const { fate } of fates) row[fate] += 1
  const bad = fates.filter(({ fate }) => fate !== 'kept').map(({ label, fate }) => `${label} ${fate}`)
  return `recovered ${(found / Math.max(1, folded.length)).toFixed(4)} articles ${articles.length} ${bad.slice(0, 8).join(', ')}`
}

function table(rows: Readonly<Record<string, Row>>): string {
  const lines = Object.entries(rows).map(([format, row]) => {
    const share = row.reference === 0 ? '' : `${(row.recovered / row.reference).toFixed(4)} | ${row.worst.toFixed(4)}`
    const codes = Object.entries(row.codes).map(([code, count]) => `${code} ${count}`)
    return `| ${format} | ${row.files} | ${(row.pages / row.seconds).toFixed(1)} | ${share || ' | '} | ${row.kept} / ${row.cut} / ${row.lost} | ${codes.join(', ')} |\n`
  })
  return `| format | files | pages/s | recovered | worst | 条 kept / cut / lost | outcomes |\n|---|---|---|---|---|---|---|\n${lines.join('')}`
}
