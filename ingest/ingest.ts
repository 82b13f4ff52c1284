import { createHash } from 'node:crypto'
import { AppError, codeOf, toError } from '../retrieval/base/errors.ts'
import type { Log } from '../retrieval/base/log.ts'
import { errorFields } from '../retrieval/base/log.ts'
import { sanitiseDeep } from '../retrieval/base/sanitise.ts'
import type { Library } from '../retrieval/library.ts'
import type { NewDocument } from '../retrieval/store/document.ts'
import { FormatError } from './formats/format.ts'
import { openReader, type Reader } from './reader.ts'
import { failed, type Outcome, refused, stored, unchanged, wouldStore } from './report.ts'
import { understand } from './understand.ts'

/** A file to take in: where it came from, what it is called, and how to get its bytes. */
export type Incoming = { readonly source: string; readonly name: string; readonly bytes: () => Promise<Uint8Array> }

export type IngestOptions = {
  readonly library: Library
  readonly log: Log
  /** Publish doubtful documents too. */
  readonly publish?: boolean
  /** Say what would happen, write nothing. */
  readonly dryRun?: boolean
  readonly demo?: boolean
  readonly uploadedBy?: string | null
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
  const bytes = await file.bytes()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const known = await options.library.documents.unchanged(file.source, sha256)
  if (known !== null) return unchanged(file.source, known)
  const understood = await understand(await reader.read(bytes, file.name), file.name)
  if (understood.outcome === 'refused') return refused(file.source, understood)
  const waits = understood.document.doubts.some((doubt) => !doubt.code.startsWith('row_')) && options.publish !== true
  const document: NewDocument = {
    ...sanitiseDeep(understood.document), // files hold NUL and lone surrogates, which no database takes
    source: file.source,
    sha256,
    state: waits ? 'waiting' : 'live',
    demo: options.demo === true,
    uploadedBy: options.uploadedBy ?? null,
  }
  if (options.dryRun === true) return wouldStore(document, understood)
  const replaced = await options.library.documents.replace(document)
  if (replaced.demoRetired) options.log('demo_retired', { document: replaced.documentId })
  const summary = await options.library.documents.summary(replaced.documentId)
  return stored(file.source, replaced, summary, understood)
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
