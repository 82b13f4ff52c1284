import { systemClock } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import type { Found, Search } from '../../retrieval/evidence.ts'
import { type Library, openLibrary } from '../../retrieval/library.ts'
import type { Database } from '../../retrieval/store/database.ts'
import { extract } from '../compose/extract.ts'
import { conflicting } from '../judge/conflicting.ts'
import { type Features, featuresOf } from '../judge/features.ts'
import { judge } from '../judge/judge.ts'
import { offTopic } from '../judge/off-topic.ts'
import type { CorpusLine, Dataset } from './dataset.ts'
import { holdsGold } from './metrics.ts'

/** One question, asked of the product's own search, composition and judgement. */
export type Trial = {
  readonly id: string
  readonly type: string
  readonly answerable: boolean
  readonly ranks: readonly number[]
  readonly relevant: number
  readonly confidence: number
  /** Would be answered at a confidence of 1: nothing but the threshold stands against it. */
  readonly mayAnswer: boolean
  readonly right: boolean
  readonly rule: string | null
  readonly shown: string
  readonly holdsGold: boolean | null
  readonly ms: number
  readonly features: Features | null
}

const passagesPerDocument = 200
const asOf = '2026-01-01'

/** Puts a corpus into an empty database: one line is one passage, in force everywhere. */
export async function load(database: Database, corpus: readonly CorpusLine[]): Promise<Library> {
  const library = openLibrary({
    pool: database.pool,
    env: { ...process.env, PARK_REGION: '*' },
    log: silentLog,
    clock: systemClock,
    server: database.kind === 'server',
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

/** Asks every question of a data set, in order. @param limit at most so many of each file */
export async function* ask(search: Search, data: Dataset, limit: number): AsyncGenerator<Trial> {
  for (const query of data.queries.slice(0, limit)) {
    yield await trial(search, { ...query, type: 'answerable', relevant: data.relevant.get(query.id) ?? new Set() })
  }
  for (const query of data.unanswerable.slice(0, limit)) yield await trial(search, { ...query, answers: [], relevant: null })
}

type Asked = { id: string; text: string; type: string; answers: readonly string[]; relevant: ReadonlySet<string> | null }

async function trial(search: Search, asked: Asked): Promise<Trial> {
  const started = performance.now()
  const found = await search({ text: asked.text, asOf, regions: '*', visibility: 1, validity: 'in_force' })
  const draft = extract(asked.text, found.evidence, found.terms)
  const judgement = draft === null ? null : judge({ question: asked.text, found, draft })
  const ms = performance.now() - started
  const shown = draft?.quotes.join('\n') ?? ''
  const gold = asked.answers.length === 0 ? null : asked.answers.some((answer) => holdsGold(shown, answer))
  const first = draft?.cited[0]
  const cited = first !== undefined && asked.relevant?.has(lineOf(first)) === true
  return {
    id: asked.id,
    type: asked.type,
    answerable: asked.relevant !== null,
    ranks: ranksOf(found, asked.relevant ?? new Set()),
    relevant: asked.relevant?.size ?? 0,
    confidence: judgement?.confidence ?? 0,
    mayAnswer:
      draft !== null && judgement?.rule === null && !offTopic(asked.text, found) && !conflicting(asked.text, found.evidence),
    right: asked.relevant !== null && (cited || gold === true),
    rule: judgement?.rule ?? null,
    shown,
    holdsGold: gold,
    ms,
    features: draft === null ? null : featuresOf(asked.text, found, draft),
  }
}

function lineOf(evidence: Found['evidence'][number]): string {
  return String(evidence.passage.fields['line'] ?? '')
}

function ranksOf(found: Found, relevant: ReadonlySet<string>): number[] {
  return found.evidence.flatMap((each, index) => (relevant.has(lineOf(each)) ? [index + 1] : []))
}
