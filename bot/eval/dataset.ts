import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../retrieval/base/errors.ts'
import { sanitise } from '../../retrieval/base/sanitise.ts'
import { type Line, linesOf } from './lines.ts'

export type CorpusLine = { readonly id: string; readonly title?: string; readonly text: string; readonly doc?: string }
export type Query = { readonly id: string; readonly text: string; readonly answers: readonly string[] }
export type Unanswerable = { readonly id: string; readonly text: string; readonly type: string }

export type Dataset = {
  readonly corpus: readonly CorpusLine[]
  readonly queries: readonly Query[]
  /** query id → ids of relevant corpus lines */
  readonly relevant: ReadonlyMap<string, ReadonlySet<string>>
  readonly unanswerable: readonly Unanswerable[]
  /** What a person should know before believing the figures, a sentence each; empty when all is well. */
  readonly notices: readonly string[]
}

/**
 * Reads a data set folder. `answers` may hold numbers or nested lists; qrels may have a header or TREC's four columns; a repeated passage
 * counts once.
 * @param what `questions`: questions for the park's own library, so there is no corpus, and answers may replace qrels
 * @throws AppError `bad_data_set` naming file and line
 */
export function readDataset(folder: string, what: 'all' | 'questions' = 'all'): Dataset {
  const whole = what === 'all'
  const relevant = readRelevant(folder, whole)
  const data = {
    corpus: readCorpus(folder, whole),
    queries: readJson(folder, 'queries.jsonl', true, (value) => ({
      id: name(value['id']),
      text: text(value['text']),
      answers: flat(value['answers']),
    })),
    relevant,
    unanswerable: readJson(folder, 'unanswerable.jsonl', false, (value) => ({
      id: name(value['id']),
      text: text(value['text']),
      type: text(value['type'] ?? 'unknown'),
    })),
  }
  return { ...data, notices: noticesOf(data, whole) }
}

/** Two texts under one id cannot be told apart by qrels; the same line twice is one passage. */
function readCorpus(folder: string, needed: boolean): CorpusLine[] {
  const seen = new Map<string, string>()
  const corpus = readJson(folder, 'corpus.jsonl', needed, (value, line) => {
    const read = { id: name(value['id']), text: text(value['text']), ...optional(value, 'title'), ...optional(value, 'doc') }
    const before = seen.get(read.id)
    if (before !== undefined && before !== read.text)
      throw bad(`${join(folder, 'corpus.jsonl')}, line ${line}: another passage has the id “${read.id}” already`, {
        hint: 'Give every passage an id of its own; qrels.tsv names passages by it.',
      })
    seen.set(read.id, read.text)
    return before === undefined ? read : null
  })
  return corpus.filter((each) => each !== null)
}

const shape = 'query, passage and grade, apart by tabs; or the four columns of TREC: query, 0, passage, grade.'

/** A first line whose grade is not a number is a header. */
function readRelevant(folder: string, needed: boolean): Map<string, Set<string>> {
  const relevant = new Map<string, Set<string>>()
  for (const [index, line] of readLines(folder, 'qrels.tsv', needed).entries()) {
    const entry = entryOf(line.text)
    if (entry !== null && entry.grade > 0) relevant.set(entry.query, (relevant.get(entry.query) ?? new Set()).add(entry.passage))
    const header = index === 0 && entry !== null
    if (!header && (entry === null || Number.isNaN(entry.grade)))
      throw bad(`${join(folder, 'qrels.tsv')}, line ${line.number} cannot be read`, { hint: `A line is ${shape}` })
  }
  return relevant
}

/** A line without a grade counts as relevant. @returns null when it is not an entry */
function entryOf(line: string): { query: string; passage: string; grade: number } | null {
  const cells = line.split(line.includes('\t') ? '\t' : /\s+/).map((each) => each.trim())
  const [query = '', passage = '', grade = '1'] = cells.length === 4 ? cells.toSpliced(1, 1) : cells
  if (query === '' || passage === '' || cells.length > 4) return null
  return { query, passage, grade: grade === '' ? Number.NaN : Number(grade) }
}

function noticesOf({ corpus, queries, relevant }: Omit<Dataset, 'notices'>, whole: boolean): string[] {
  const passages = new Set(corpus.map(({ id }) => id))
  const asked = new Set(queries.map(({ id }) => id))
  const lost = [...relevant.values()].flatMap((each) => [...each]).filter((id) => whole && !passages.has(id)).length
  const strange = [...relevant.keys()].filter((id) => !asked.has(id)).length
  const unlabelled = queries.filter(({ id, answers }) => !relevant.has(id) && answers.length === 0).length
  const unranked = queries.filter(({ id, answers }) => !relevant.has(id) && answers.length > 0).length
  return [
    corpus.length > 0 || !whole ? [] : 'corpus.jsonl holds no passage: nothing can be found.',
    lost === 0 ? [] : `Passages that qrels.tsv names and corpus.jsonl does not hold: ${lost}. They count as not found.`,
    strange === 0 ? [] : `Queries of qrels.tsv that queries.jsonl does not hold: ${strange}. They are left out.`,
    unlabelled === 0 ? [] : `Queries with neither qrels nor answers: ${unlabelled}. No answer to them can be right.`,
    unranked === 0 || !whole
      ? []
      : `Queries with answers and without qrels: ${unranked}. They are judged by their answers and left out of the ranking figures.`,
  ].flat()
}

function readLines(folder: string, file: string, needed: boolean): Line[] {
  const path = join(folder, file)
  if (existsSync(path)) return linesOf(path)
  if (!needed) return []
  throw bad(`${path} is missing`, {
    hint: 'A data set folder holds queries.jsonl, qrels.tsv, corpus.jsonl (calibrate can do without) and, where known, unanswerable.jsonl.',
  })
}

function readJson<T>(
  folder: string,
  file: string,
  needed: boolean,
  read: (value: Record<string, unknown>, line: number) => T,
): T[] {
  return readLines(folder, file, needed).map(({ text: line, number }) => {
    try {
      return read(JSON.parse(line) as Record<string, unknown>, number) // each field is checked by `read`
    } catch (cause) {
      if (cause instanceof AppError) throw cause
      throw bad(`${join(folder, file)}, line ${number} cannot be read`, {
        hint: 'One JSON object per line: {"id", "text", …}.',
        cause,
      })
    }
  })
}

function bad(message: string, options: { hint: string; cause?: unknown }): AppError {
  return new AppError('bad_data_set', message, options)
}

/** No database stores NUL or lone surrogates. */
function text(value: unknown): string {
  if (typeof value === 'string') return sanitise(value)
  if (typeof value === 'number') return String(value)
  throw new Error('not a text')
}

/** An id that is a number too large to be exact would differ from the one in qrels.tsv. */
function name(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) throw new Error('not exact')
  return text(value).trim()
}

function optional<K extends string>(value: Record<string, unknown>, key: K): { [P in K]?: string } {
  const given = value[key]
  return typeof given === 'string' || typeof given === 'number' ? ({ [key]: text(given) } as { [P in K]?: string }) : {} // a computed key widens to string
}

function flat(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flat)
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
}
