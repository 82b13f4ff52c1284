import { createHash } from 'node:crypto'
import { AppError, codeOf, toError } from '../retrieval/base/errors.ts'
import type { Log } from '../retrieval/base/log.ts'
import { errorFields } from '../retrieval/base/log.ts'
import { sanitiseDeep } from '../retrieval/base/sanitise.ts'
import type { Library } from '../retrieval/library.ts'
import type { DocumentSummary, Doubt, NewDocument } from '../retrieval/store/document.ts'
import type { ColumnMapping } from './achievements/columns.ts'
import { FormatError } from './formats/format.ts'
import { openReader, type Reader } from './reader.ts'
import { failed, type Outcome, refused, stored, unchanged, wouldStore } from './report.ts'
import { type Understood, understand } from './understand.ts'

/** A file to take in: where it came from, what it is called, and how to get its bytes. */
export type Incoming = {
  readonly source: string
  readonly name: string
  readonly bytes: () => Promise<Uint8Array>
  /** Whether a file lies at another source just now; absent: nothing is known of other places. */
  readonly isThere?: (source: string) => boolean
}

export type IngestOptions = {
  readonly library: Library
  readonly log: Log
  /** Publish doubtful documents too; under two-person review they wait all the same. */
  readonly publish?: boolean
  /** Say what would happen, write nothing. */
  readonly dryRun?: boolean
  readonly demo?: boolean
  /** Who brings the files: `os:NAME`, `person:ID`. */
  readonly uploadedBy?: string | null
  /** What columns of achievement tables mean, as a person says; remembered for tables with the same headers. */
  readonly mapping?: ColumnMapping
  /** Filled by a dry run: tokens to embed, by source. */
  readonly tokens?: Map<string, number>
}

/** The road of a document: read → understand → gate → store; one file at a time, one outcome each, whatever happens to it. */
export async function* ingest(
  files: AsyncIterable<Incoming> | Iterable<Incoming>,
  options: IngestOptions,
): AsyncGenerator<Outcome> {
  const reader = openReader()
  try {
    for await (const file of files) {
      const started = performance.now()
      const outcome = await ingestOne(file, options, reader).catch((error: unknown) => failure(file, error, options.log))
      yield { ...outcome, ms: Math.round(performance.now() - started) }
    }
  } finally {
    reader.close()
  }
}

async function ingestOne(file: Incoming, options: IngestOptions, reader: Reader): Promise<Outcome> {
  const { documents } = options.library
  const bytes = await file.bytes()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const known = await documents.unchanged(file.source, sha256)
  if (known !== null && options.mapping === undefined && known.demo === (options.demo === true))
    return alreadyKnown(file, known, options)
  const before = options.publish === true || options.demo === true ? null : await documents.settled(file.source, sha256)
  const decided = before === null ? null : decidedBefore(file, before)
  if (decided !== null) return decided
  const understood = await understand(await reader.read(bytes, file.name), file.name, (headers) => mappingFor(headers, options))
  if (understood.outcome === 'refused') return refused(file.source, understood)
  const document = await judged(file, sha256, understood, options)
  if (options.dryRun === true) {
    options.tokens?.set(file.source, tokensOf(document))
    return wouldStore(document, understood, await documents.foresee(document))
  }
  const replaced = await documents.replace(document)
  if (replaced.demoRetired) options.log('demo_retired', { document: replaced.documentId })
  const summary = await documents.summary(replaced.documentId)
  return stored(file.source, replaced, summary, understood)
}

/** The very same bytes: nothing is read. From another place the file has moved there, or it is a copy, which is not kept twice. */
async function alreadyKnown(file: Incoming, known: DocumentSummary, options: IngestOptions): Promise<Outcome> {
  if (known.source === file.source) {
    if (known.missingSince !== null && options.dryRun !== true)
      await options.library.documents.moved(known.documentId, file.source)
    return unchanged(file.source, known, [])
  }
  const elsewhere = (code: string): Doubt => ({ code, field: null, phrase: known.source })
  if (file.isThere === undefined || file.isThere(known.source)) return unchanged(file.source, known, [elsewhere('duplicate')])
  if (options.dryRun !== true) await options.library.documents.moved(known.documentId, file.source)
  return unchanged(file.source, known, [elsewhere('moved')])
}

/**
 * A file that a person withdrew or rejected does not come back by lying in its folder (`--publish` brings it back), and of two files of one
 * document the one that was taken in last stands, as long as it is there.
 */
function decidedBefore(file: Incoming, before: DocumentSummary): Outcome | null {
  if (before.state === 'withdrawn' || before.state === 'rejected')
    return unchanged(file.source, before, [{ code: before.state, field: null, phrase: before.reviewedBy }])
  if (file.isThere === undefined || !file.isThere(before.source)) return null
  return unchanged(file.source, before, [{ code: 'duplicate', field: null, phrase: before.source }])
}

/** What a person said of these columns, now or before. */
async function mappingFor(headers: readonly string[], options: IngestOptions): Promise<ColumnMapping> {
  const { mappings } = options.library
  if (options.mapping === undefined) return mappings.recall(headers)
  if (options.dryRun !== true) await mappings.remember(headers, options.mapping, options.uploadedBy ?? 'system')
  return options.mapping
}

async function judged(
  file: Incoming,
  sha256: string,
  understood: Extract<Understood, { outcome: 'understood' }>,
  options: IngestOptions,
): Promise<NewDocument> {
  const { library } = options
  const draft: NewDocument = {
    ...sanitiseDeep(understood.document), // files hold NUL and lone surrogates, which no database takes
    source: file.source,
    sha256,
    state: 'live',
    demo: options.demo === true,
    uploadedBy: options.uploadedBy ?? null,
  }
  const like = options.demo === true ? null : await library.documents.similar(draft)
  const doubts =
    like === null
      ? draft.doubts
      : [...draft.doubts, { code: 'near_duplicate', field: null, phrase: `《${like.title}》${like.docNo ?? ''} ${like.source}` }]
  const published = options.publish === true && library.settings.REVIEW !== 'two_person'
  // Bad rows of a table are told and left out; the good ones go in.
  const waits = doubts.some((doubt) => !doubt.code.startsWith('row_')) && !published
  return { ...draft, doubts, state: waits ? 'waiting' : 'live' }
}

/** Expected refusals of a format are outcomes; what is unexpected is logged by code and named without its text. */
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

/** An estimate on the safe side: a token per Chinese character, one per three others, as passages are sent with title and heading. */
function tokensOf(document: NewDocument): number {
  const text = document.passages.map((each) => `${document.title}${each.heading ?? ''}${each.text}`).join('')
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han + Math.ceil((text.length - han) / 3)
}
