import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../retrieval/base/errors.ts'

export type CorpusLine = { readonly id: string; readonly title?: string; readonly text: string; readonly doc?: string }
export type Query = { readonly id: string; readonly text: string; readonly answers: readonly string[] }
export type Unanswerable = { readonly id: string; readonly text: string; readonly type: string }

export type Dataset = {
  readonly corpus: readonly CorpusLine[]
  readonly queries: readonly Query[]
  /** query id → ids of relevant corpus lines */
  readonly relevant: ReadonlyMap<string, ReadonlySet<string>>
  readonly unanswerable: readonly Unanswerable[]
}

/**
 * Reads a data set folder. `answers` may hold numbers or nested lists.
 * @param what `questions`: of the park's own library, so there is no corpus, and answers may stand for qrels
 * @throws AppError `bad_data_set` naming file and line
 */
export function readDataset(folder: string, what: 'all' | 'questions' = 'all'): Dataset {
  const whole = what === 'all'
  const relevant = new Map<string, Set<string>>()
  for (const line of readLines(folder, 'qrels.tsv', whole)) {
    const [query = '', passage = '', grade = '1'] = line.split('\t').map((each) => each.trim())
    if (Number(grade) > 0) relevant.set(query, (relevant.get(query) ?? new Set()).add(passage))
  }
  return {
    corpus: readJson(folder, 'corpus.jsonl', whole, (value) => ({
      id: text(value['id']),
      text: text(value['text']),
      ...optional(value, 'title'),
      ...optional(value, 'doc'),
    })),
    queries: readJson(folder, 'queries.jsonl', true, (value) => ({
      id: text(value['id']),
      text: text(value['text']),
      answers: flat(value['answers']),
    })),
    relevant,
    unanswerable: readJson(folder, 'unanswerable.jsonl', false, (value) => ({
      id: text(value['id']),
      text: text(value['text']),
      type: text(value['type'] ?? 'unknown'),
    })),
  }
}

function readLines(folder: string, name: string, needed: boolean): string[] {
  const path = join(folder, name)
  if (!existsSync(path)) {
    if (!needed) return []
    throw new AppError('bad_data_set', `${path} is missing`, {
      hint: 'A data set folder holds queries.jsonl, qrels.tsv, corpus.jsonl (calibrate can do without) and, where known, unanswerable.jsonl.',
    })
  }
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

function readJson<T>(folder: string, name: string, needed: boolean, read: (value: Record<string, unknown>) => T): T[] {
  return readLines(folder, name, needed).map((line, index) => {
    try {
      return read(JSON.parse(line) as Record<string, unknown>) // each field is checked by `read`
    } catch (cause) {
      throw new AppError('bad_data_set', `${join(folder, name)}, line ${index + 1} cannot be read`, {
        hint: 'One JSON object per line: {"id", "text", …}.',
        cause,
      })
    }
  })
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new Error('not a text')
}

function optional<K extends string>(value: Record<string, unknown>, key: K): { [P in K]?: string } {
  return typeof value[key] === 'string' ? ({ [key]: value[key] } as { [P in K]?: string }) : {} // a computed key widens to string
}

function flat(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flat)
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
}
