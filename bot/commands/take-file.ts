import { type Incoming, ingest } from '../../ingest/ingest.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Library } from '../../retrieval/library.ts'
import { type Channel, ChannelError } from '../channels/channel.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { DocumentDesk, Taken } from '../converse/documents.ts'
import { mostReceivedBytes, type TakeFile } from '../desk/uploads.ts'

const nothing: Taken = {
  ...{ outcome: 'refused', document_id: null, title: null, doc_no: null, genre: null, status: null, issued_on: null },
  ...{ effective_from: null, effective_to: null, supersedes: null, clauses: null, records: null, doubts: [], error: null },
}

/** The road of every file, for callers that have its bytes. */
export function takeFile({ library, log }: { readonly library: Library; readonly log: Log }): TakeFile {
  return async ({ source, name, bytes }, uploadedBy) => {
    const file: Incoming = { source, name, bytes: async () => bytes }
    for await (const outcome of ingest([file], { library, log, uploadedBy })) return outcome
    return nothing
  }
}

/** A file sent in chat is downloaded first, so that no transaction waits for the network. */
export function chatDocuments(needs: {
  readonly library: Library
  readonly log: Log
  readonly channelOf: (chat: string) => Channel | undefined
}): DocumentDesk {
  const take = takeFile(needs)
  return {
    reviews: needs.library.reviews,
    async take(message, uploadedBy) {
      const bytes = await bytesOf(message, needs.channelOf(message.chat))
      if (typeof bytes === 'string') return { ...nothing, error: { code: bytes } }
      return take({ source: sourceOf(message), name: message.file?.name ?? 'file', bytes }, uploadedBy)
    },
  }
}

/** @returns the bytes, or why there are none; @throws ChannelError when a later try may succeed */
async function bytesOf(message: IncomingMessage, channel: Channel | undefined): Promise<Uint8Array | string> {
  if (message.file === null || channel?.fetchFile === undefined) return 'not_fetched'
  if (message.file.size > mostReceivedBytes) return 'too_large'
  try {
    return await channel.fetchFile(message.file.ref, { mostBytes: mostReceivedBytes })
  } catch (error) {
    if (error instanceof ChannelError && !error.retry) return 'not_fetched'
    throw error
  }
}

/**
 * Each message is a source of its own, since two files may have one name. A policy of the same number and title is still its next version.
 */
function sourceOf({ chat, externalId, file }: IncomingMessage): string {
  return `chat/${chat}/${externalId.replace(/[^\w.-]+/g, '-')}/${(file?.name ?? 'file').replace(/[\\/]+/g, '_')}`
}
