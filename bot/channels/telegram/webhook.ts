import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { isBadData } from '../base/bad-data.ts'

/** Telegram's updates are a few kilobytes. */
const bodyLimit = 1024 * 1024

type Needs = {
  readonly log: Log
  readonly secret: string
  /** Stores one update; null while nothing can be taken (not started, or stopping). */
  readonly taker: () => ((update: unknown) => Promise<void>) | null
}

/**
 * `POST /telegram`. The secret is compared before the body is read: whoever does not know it has nothing parsed, and learns nothing.
 * 200 only after the row is stored; 503 makes Telegram send it again. What is no update is noted and done with, since a refusal would
 * bring it back for a day and hold up its chat.
 */
export function webhookRoute(http: FastifyInstance, { log, secret, taker }: Needs): void {
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_, body, done) => done(null, body))
    scope.post(
      '/telegram',
      {
        bodyLimit,
        onRequest: async (request, reply) => {
          if (!sameSecret(request.headers['x-telegram-bot-api-secret-token'], secret)) return reply.code(403).send()
        },
      },
      async (request, reply) => {
        const take = taker()
        if (take === null) return reply.code(503).header('retry-after', '2').send()
        const update = parsed(request.body)
        if (update === undefined) {
          log('telegram_update_dropped', { reason: 'not_json' })
          return reply.code(200).send()
        }
        try {
          await take(update)
        } catch (error) {
          log('telegram_update_not_stored', errorFields(error))
          if (!isBadData(error)) return reply.code(503).header('retry-after', '2').send()
        }
        return reply.code(200).send()
      },
    )
  })
}

/** Hashes have equal lengths, so the comparison takes the same time whatever was sent. */
function sameSecret(given: string | readonly string[] | undefined, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(typeof given === 'string' ? given : ''), hash(wanted))
}

function parsed(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return undefined
  try {
    // Bytes that are no UTF-8 become replacement characters; a byte order mark goes.
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
