import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { isBadData } from '../base/bad-data.ts'

/** Telegram's updates are a few kilobytes. */
const bodyLimit = 1024 * 1024

type Needs = {
  readonly log: Log
  readonly secret: string
  /** Stores one update; null while nothing can be accepted (not started, or stopping). */
  readonly taker: () => ((update: unknown) => Promise<void>) | null
}

/**
 * `POST /telegram`. The secret is compared before the body is read: without it nothing is parsed and nothing is revealed. 200 only after
 * the row is stored; 503 makes Telegram send again. What is not an update is logged and acknowledged, since a refusal would bring it back
 * for a day and hold up its chat.
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

/** Hashes have equal lengths, so the comparison takes constant time. */
function sameSecret(given: string | readonly string[] | undefined, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(typeof given === 'string' ? given : ''), hash(wanted))
}

function parsed(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return undefined
  try {
    // Invalid UTF-8 becomes replacement characters; a byte order mark is dropped.
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
