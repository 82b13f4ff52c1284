import { systemClock } from '../../retrieval/base/clock.ts'
import type { Env } from '../../retrieval/base/env.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import type { Evidence, Found, Search, SearchRequest } from '../../retrieval/evidence.ts'
import { type Library, type LibraryNeeds, openLibrary } from '../../retrieval/library.ts'
import type { Database } from '../../retrieval/store/database.ts'
import { dataOnly } from '../answer/instructions.ts'
import type { Judging } from '../calibrate/live.ts'
import { extract, shownWhole } from '../compose/extract.ts'
import { conflicting } from '../judge/conflicting.ts'
import type { Features } from '../judge/features.ts'
import { offTopic } from '../judge/off-topic.ts'
import type { CorpusLine, Dataset } from './dataset.ts'
import { holdsGold } from './metrics.ts'

/** One question put to the product's own search, composition and judgement. */
export type Trial = {
  readonly id: string
  readonly type: string
  readonly answerable: boolean
  readonly ranks: readonly number[]
  readonly relevant: number
  readonly confidence: number
  /** Would be answered at confidence 1: only the threshold can refuse it. */
  readonly mayAnswer: boolean
  readonly right: boolean
  readonly rule: string | null
  readonly shown: string
  readonly holdsGold: boolean | null
  readonly ms: number
  readonly features: Features | null
  /** Log odds of the shipped model, whatever the park's calibration. */
  readonly odds: number
  readonly understood: boolean
}

const passagesPerDocument = 200
/** A data set's question, as of a day when everything in it is in force. */
export function requestFor(text: string): SearchRequest {
  return { text, asOf: '2026-01-01', regions: '*', visibility: 1, validity: 'in_force' }
}

/** `weights`: default what ships. `env`: settings of retrieval but the region. */
type LoadOptions = { readonly env?: Env; readonly weights?: NonNullable<LibraryNeeds['weights']> }

/** Loads a corpus into an empty database: one line is one passage, in force everywhere. */
export async function load(
  database: Database,
  corpus: readonly CorpusLine[],
  { env = process.env, ...weighed }: LoadOptions = {},
): Promise<Library> {
  const library = openLibrary({
    pool: database.pool,
    env: { ...env, PARK_REGION: '*' },
    log: silentLog,
    clock: systemClock,
    server: database.kind === 'server',
    ...weighed,
  })
  const groups = new Map<string, CorpusLine[]>()
  for (const [index, line] of corpus.entries()) {
    const key = line.title === undefined && line.doc === undefined ? `line ${index}` : `${line.doc ?? ''}|${line.title ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  for (const [key, lines] of groups) {
    for (let from = 0; from < lines.length; from += passagesPerDocument)
      await store(library, `${key}#${from}`, lines.slice(from, from + passagesPerDocument))
  }
  await library.documents.settle()
  await library.vectors.build()
  return library
}

async function store(library: Library, source: string, lines: readonly CorpusLine[]): Promise<void> {
  await library.documents.replace({
    source,
    sha256: source,
    kind: 'policy',
    title: lines[0]?.title ?? '',
    docNo: null,
    issuers: [],
    genre: null,
    level: null,
    regions: [],
    binding: true,
    issuedOn: '2000-01-01',
    effectiveFrom: '2000-01-01',
    effectiveTo: null,
    supersedes: [],
    fields: {},
    doubts: [],
    state: 'live',
    demo: false,
    uploadedBy: null,
    passages: lines.map((line) => ({ clause: null, heading: null, text: line.text, fields: { line: line.id } })),
  })
}

export type Asked = {
  readonly id: string
  readonly text: string
  readonly type: string
  readonly answers: readonly string[]
  /** Names of relevant passages; null when nothing answers. */
  readonly relevant: ReadonlySet<string> | null
}
/** The names by which qrels may call a passage. */
export type NamesOf = (evidence: Evidence) => readonly string[]

/** Asks every question of a data set, in order. @param limit the most questions from each file */
export async function* ask(
  search: Search,
  judging: Judging,
  data: Dataset,
  limit: number,
  namesOf: NamesOf = (each) => [lineOf(each)],
): AsyncGenerator<Trial> {
  const one = async (asked: Asked) => {
    const started = performance.now()
    const found = dataOnly(await search(requestFor(asked.text)))
    const trial = trialOf(asked, found, judging, namesOf)
    return { ...trial, ms: performance.now() - started }
  }
  for (const query of data.queries.slice(0, limit))
    yield await one({ ...query, type: 'answerable', relevant: data.relevant.get(query.id) ?? new Set() })
  for (const query of data.unanswerable.slice(0, limit)) yield await one({ ...query, answers: [], relevant: null })
}

/** Pure: compares the product's answer to a question with what is known to be right. */
export function trialOf(asked: Asked, found: Found, judging: Judging, namesOf: NamesOf): Trial {
  const draft = extract(asked.text, found.evidence, found.terms)
  const judgement = draft === null ? null : judging.judge({ question: asked.text, found, draft })
  const shown = draft === null ? '' : shownWhole(draft, asked.text).quotes.join('\n')
  const gold = asked.answers.length === 0 ? null : asked.answers.some((answer) => holdsGold(shown, answer))
  const relevant = (each: Evidence) => namesOf(each).some((name) => asked.relevant?.has(name) === true)
  const first = draft?.cited[0]
  return {
    id: asked.id,
    type: asked.type,
    answerable: asked.relevant !== null,
    ranks: found.evidence.flatMap((each, index) => (relevant(each) ? [index + 1] : [])),
    relevant: asked.relevant?.size ?? 0,
    confidence: judgement?.confidence ?? 0,
    mayAnswer:
      draft !== null && judgement?.rule === null && !offTopic(asked.text, found) && !conflicting(asked.text, found.evidence),
    right: asked.relevant !== null && ((first !== undefined && relevant(first)) || gold === true),
    rule: judgement?.rule ?? null,
    shown,
    holdsGold: gold,
    ms: 0,
    features: judgement?.features ?? null,
    odds: judgement?.odds ?? 0,
    understood: judgement?.understood ?? false,
  }
}

/** @returns the id of the corpus line a passage was loaded from */
export function lineOf(evidence: Evidence): string {
  return String(evidence.passage.fields['line'] ?? '')
}
