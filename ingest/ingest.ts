import { createHash } from 'node:crypto'
import { AppError, codeOf, toError } from '../retrieval/base/errors.ts'
import type { Log } from '../retrieval/base/log.ts'
import { errorFields } from '../retrieval/base/log.ts'
import { sanitiseDeep } from '../retrieval/base/sanitise.ts'
import type { Library } from '../retrieval/library.ts'
import type { DocumentSummary, Doubt, NewDocument } from '../retrieval/store/document.ts'
import { ahead } from './ahead.ts'
import { FormatError, type Reading } from './formats/format.ts'
import { openReader, type Reader } from './reader.ts'
import { failed, type Outcome, refused, stored, unchanged, wouldStore } from './report.ts'
import type { ColumnMapping } from './tables/vocabulary.ts'
import { type Understood, understand } from './understand.ts'

/** A file to ingest: where it came from, its name, and how to get its bytes. */
export type Incoming = {
  readonly source: string
  /** As whoever named it wrote it; absent: like `source`. */
  readonly path?: string
  readonly name: string
  readonly bytes: () => Promise<Uint8Array>
  /** Whether a file exists at another source right now; absent: other places are unknown. */
  readonly isThere?: (source: string) => boolean
}

export type IngestOptions = {
  readonly library: Library
  readonly log: Log
  /** Publish doubtful documents too; under two-person review they still wait. */
  readonly publish?: boolean
  /** Report what would happen, write nothing. */
  readonly dryRun?: boolean
  readonly demo?: boolean
  /** Who brings the files: `os:NAME`, `person:ID`. */
  readonly uploadedBy?: string | null
  /** A person's mapping for the columns of achievement tables; remembered for tables with the same headers. */
  readonly mapping?: ColumnMapping
  /** Reads the files; absent: child processes under the usual limits, closed at the end. A given reader stays open. */
  readonly reader?: Reader
  /** Filled by a dry run: tokens to embed, by source. */
  readonly tokens?: Map<string, number>
}

/**
 * The road of a document: read → understand → gate → store. One file at a time, exactly one outcome each. Following files are read while
 * one is stored, but everything decided about a file is decided in its turn.
 */
export async function* ingest(files: Iterable<Incoming>, options: IngestOptions): AsyncGenerator<Outcome> {
  const reader = options.reader ?? openReader()
  try {
    for (const begun of ahead(files, reader.lanes, (file) => begin(file, options, reader))) {
      const started = performance.now()
      const outcome = await ingestOne(begun, options).catch((error: unknown) => failure(begun.file, error, options.log))
      yield { ...outcome, ms: Math.round(performance.now() - started) }
    }
  } finally {
    if (options.reader === undefined) reader.close()
  }
}

type Begun = { readonly file: Incoming; readonly hashed: Promise<Hashed> }
type Hashed = { readonly sha256: string; readonly reading: () => Promise<Reading> }

/** Before its turn a file is hashed, and read when it looks new. */
function begin(file: Incoming, options: IngestOptions, reader: Reader): Begun {
  const hashed = hash(file, options, reader)
  hashed.catch(() => {}) // a failure is reported in its turn
  return { file, hashed }
}

async function hash(file: Incoming, options: IngestOptions, reader: Reader): Promise<Hashed> {
  const bytes = await file.bytes()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  let early: Promise<Reading> | null = null
  if ((await decided(file, sha256, options)) === null) {
    early = reader.read(bytes, file.name)
    early.catch(() => {})
  }
  return { sha256, reading: () => early ?? reader.read(bytes, file.name) }
}

type Decided = { readonly known: DocumentSummary } | { readonly before: DocumentSummary }

/** What makes reading a file unnecessary: it is already stored, or a person has decided about it. */
async function decided(file: Incoming, sha256: string, options: IngestOptions): Promise<Decided | null> {
  const { documents } = options.library
  const known = await documents.unchanged(file.source, sha256)
  if (known !== null && options.mapping === undefined && known.demo === (options.demo === true)) return { known }
  const before = options.publish === true || options.demo === true ? null : await documents.settled(file.source, sha256)
  return before !== null && isDecided(file, before) ? { before } : null
}

async function ingestOne({ file, hashed }: Begun, options: IngestOptions): Promise<Outcome> {
  const { documents } = options.library
  const { sha256, reading } = await hashed
  const found = await decided(file, sha256, options)
  if (found !== null) {
    const line = 'known' in found ? await alreadyKnown(file, found.known, options) : decidedBefore(file, found.before)
    return { ...line, clauses: await documents.clauses(line.document_id ?? '') }
  }
  const understood = await understand(await reading(), file.name, (headers) => mappingFor(headers, options))
  if (understood.outcome === 'refused') return refused(file.source, understood)
  const document = await withDoubts(file, sha256, understood, options)
  if (options.dryRun === true) {
    options.tokens?.set(file.source, tokensOf(document))
    return wouldStore(document, understood, await documents.foresee(document))
  }
  const replaced = await documents.replace(document)
  if (replaced.demoRetired) options.log('demo_retired', { document: replaced.documentId })
  const summary = await documents.summary(replaced.documentId)
  const gone = document.kind === 'event' ? await documents.goneWithSignups(replaced.documentId) : []
  return stored(file.source, replaced, { summary, alsoSaid: gone }, understood)
}

/** The very same bytes, so nothing is read. From another place, the file has moved there, or it is a copy, which is not kept twice. */
async function alreadyKnown(file: Incoming, known: DocumentSummary, options: IngestOptions): Promise<Outcome> {
  if (known.source === file.source) {
    if (known.missingSince !== null && options.dryRun !== true)
      await options.library.documents.markMoved(known.documentId, file.source)
    return unchanged(file.source, known, [])
  }
  const elsewhere = (code: string): Doubt => ({ code, field: null, phrase: known.source })
  if (file.isThere === undefined || file.isThere(known.source)) return unchanged(file.source, known, [elsewhere('duplicate')])
  if (options.dryRun !== true) await options.library.documents.markMoved(known.documentId, file.source)
  return unchanged(file.source, known, [elsewhere('moved')])
}

/**
 * A file that a person withdrew or rejected does not come back by lying in its folder (`--publish` brings it back). Of two files of one
 * document the one ingested last stands, as long as it exists.
 */
function isDecided(file: Incoming, before: DocumentSummary): boolean {
  return before.state === 'withdrawn' || before.state === 'rejected' || file.isThere?.(before.source) === true
}

function decidedBefore(file: Incoming, before: DocumentSummary): Outcome {
  const said = before.state === 'withdrawn' || before.state === 'rejected'
  const [code, phrase] = said ? [before.state, before.reviewedBy] : ['duplicate', before.source]
  return unchanged(file.source, before, [{ code, field: null, phrase }])
}

/** What a person says, or said before, about these columns. */
async function mappingFor(headers: readonly string[], options: IngestOptions): Promise<ColumnMapping> {
  const { mappings } = options.library
  if (options.mapping === undefined) return mappings.recall(headers)
  if (options.dryRun !== true) await mappings.remember(headers, options.mapping, options.uploadedBy ?? 'system')
  return options.mapping
}

/** The document to store, live or waiting, with its doubts and those that come of comparing it with the library. */
async function withDoubts(
  file: Incoming,
  sha256: string,
  understood: Extract<Understood, { outcome: 'understood' }>,
  options: IngestOptions,
): Promise<NewDocument> {
  const { library } = options
  const { pictures = [], ...document } = understood.document
  const draft: NewDocument = {
    ...sanitiseDeep(document), // files hold NUL and lone surrogates, which no database takes
    source: file.source,
    sha256,
    state: 'live',
    demo: options.demo === true,
    uploadedBy: options.uploadedBy ?? null,
    pictures,
  }
  const like = options.demo === true ? null : await library.documents.similar(draft)
  const doubts =
    like === null
      ? draft.doubts
      : [...draft.doubts, { code: 'near_duplicate', field: null, phrase: `《${like.title}》${like.docNo ?? ''} ${like.source}` }]
  const published = options.publish === true && library.settings.REVIEW !== 'two_person'
  // Bad rows of a table are reported and left out; the good ones go in.
  const waits = doubts.some((doubt) => !doubt.code.startsWith('row_')) && !published
  return { ...draft, doubts, state: waits ? 'waiting' : 'live' }
}

/** Expected refusals of a format are outcomes; unexpected errors are logged by code and named without their text. */
function failure(file: Incoming, error: unknown, log: Log): Outcome {
  if (error instanceof FormatError)
    return refused(file.source, { code: error.code, message: error.message, hint: error.hint ?? '' })
  log('ingest_failed', errorFields(error))
  const hint =
    error instanceof AppError
      ? (error.hint ?? '')
      : 'Run the command again; if it fails again, send this line to whoever looks after the system.'
  const message = error instanceof AppError ? error.message : `Unexpected: ${toError(error).message}`
  return failed(file.source, { code: codeOf(error), message, hint })
}

/** A cautious estimate: one token per Chinese character, one per three others, as passages are sent with title and heading. */
function tokensOf(document: NewDocument): number {
  const text = document.passages.map((each) => `${document.title}${each.heading ?? ''}${each.text}`).join('')
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han + Math.ceil((text.length - han) / 3)
}
