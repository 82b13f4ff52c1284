import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openReader } from '../../ingest/reader.ts'
import { understand } from '../../ingest/understand.ts'

type Label = {
  readonly file: string
  readonly sha256: string
  readonly label: Readonly<Record<string, string | boolean | null | readonly string[]>>
}
type Score = { emitted: number; right: number; labelled: number; wrong: string[] }

const names = ['doc_no', 'issued_on', 'effective_from', 'effective_to', 'supersedes', 'binding'] as const

/** Precision and recall of the fields found by rule, against labels made by reading. The folder holds the labelled files. */
export async function run([folder = '../shared/documents']: readonly string[]): Promise<Record<string, unknown>> {
  const labels = readFileSync(new URL('../cases/labels/policies.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Label) // our own file
  const scores = Object.fromEntries(
    names.map((name): [string, Score] => [name, { emitted: 0, right: 0, labelled: 0, wrong: [] }]),
  )
  const reader = openReader()
  let read = 0
  for (const { file, sha256, label } of labels) {
    const path = join(folder, file)
    if (!existsSync(path)) continue
    const bytes = new Uint8Array(readFileSync(path))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${file} is another version`)
    const understood = await understand(await reader.read(bytes, basename(file)), basename(file))
    read += 1
    if (understood.outcome === 'refused') continue
    const { docNo, issuedOn, effectiveFrom, effectiveTo, supersedes, binding } = understood.document
    const found = {
      doc_no: docNo,
      issued_on: issuedOn,
      effective_from: effectiveFrom,
      effective_to: effectiveTo,
      supersedes,
      binding,
    }
    for (const name of names) if (name in label) compare(scores[name], file, label[name] ?? null, found[name])
  }
  reader.close()
  return { documents: read, ...Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, figures(score)])) }
}

function compare(score: Score | undefined, file: string, wanted: Label['label'][string], found: unknown): void {
  if (score === undefined) return
  if (typeof wanted === 'boolean') compareFlags(score, file, wanted, found === true)
  else if (Array.isArray(found)) compareTitles(score, file, [wanted ?? []].flat(), found)
  else compareValues(score, file, [wanted].flat(), found)
}

/** A positive is a document that does not bind. */
function compareFlags(score: Score, file: string, wanted: boolean, found: boolean): void {
  score.emitted += found ? 0 : 1
  score.labelled += wanted ? 0 : 1
  score.right += found || wanted ? 0 : 1
  if (found !== wanted) score.wrong.push(`${file}: ${found}`)
}

/** Any one of several values is right. */
function compareValues(score: Score, file: string, wanted: readonly (string | null)[], found: unknown): void {
  const accepted = wanted.filter((each) => each !== null)
  const right = found !== null && accepted.some((each) => plain(each) === plain(found))
  score.emitted += found === null ? 0 : 1
  score.labelled += accepted.length > 0 ? 1 : 0
  score.right += right ? 1 : 0
  if (!right && (found !== null || accepted.length > 0)) score.wrong.push(`${file}: ${found}, not ${accepted.join(' or ')}`)
}

function compareTitles(score: Score, file: string, wanted: readonly string[], found: readonly unknown[]): void {
  const right = wanted.filter((title) => found.some((each) => plain(each).includes(plain(title)))).length
  score.emitted += found.length
  score.labelled += wanted.length
  score.right += right
  if (right < Math.max(wanted.length, found.length)) score.wrong.push(`${file}: ${found.join(' ')}, not ${wanted.join(' ')}`)
}

function plain(value: unknown): string {
  return String(value)
    .normalize('NFKC')
    .replace(/[\s〔〕[\]()【】]/g, '')
}

function figures({ emitted, right, labelled, wrong }: Score) {
  const share = (of: number) => (of === 0 ? null : Math.round((right / of) * 1000) / 1000)
  return { precision: share(emitted), recall: share(labelled), emitted, labelled, wrong }
}
