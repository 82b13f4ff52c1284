import type { FastifyInstance, FastifyRequest } from 'fastify'
import { limiter } from '../guard.ts'
import { admit, get, type Route, type RouteNeeds } from '../routes.ts'
import { mostReceivedBytes, type Uploads } from '../uploads.ts'

const mostPerMinute = 60

/** Recent uploads, newest first. */
export function uploadRoutes({ uploads }: { readonly uploads: Uploads }): Route[] {
  return [get('/desk/api/uploads', async () => ({ uploads: await uploads.recent(), mostBytes: mostReceivedBytes }))]
}

/** The body is the file itself, its name is in the address: sender and length are checked before a byte of it is read. */
export function acceptUploads(needs: RouteNeeds & { readonly http: FastifyInstance; readonly uploads: Uploads }): void {
  const tooMany = limiter(mostPerMinute, 60_000)
  const senders = new WeakMap<FastifyRequest, string>()
  needs.http.post(
    '/desk/api/uploads',
    {
      bodyLimit: mostReceivedBytes,
      async onRequest(request, reply) {
        const person = await admit(needs, { method: 'POST', path: '/desk/api/uploads' }, request, reply)
        if (person === null) return reply
        if (tooMany(person.id)) return reply.code(429).send({ error: 'too_many' })
        if (Number(request.headers['content-length'] ?? 0) > mostReceivedBytes)
          return reply.code(413).header('connection', 'close').send({ error: 'too_large' })
        senders.set(request, person.id)
      },
    },
    async (request, reply) => {
      const { name } = request.query as { name?: unknown } // the router gives strings or lists of them
      if (!Buffer.isBuffer(request.body) || typeof name !== 'string' || name.trim() === '')
        return reply.code(400).send({ error: 'bad_request' })
      const file = { name, bytes: new Uint8Array(request.body) }
      return reply.send({ id: await needs.uploads.keep(file, `person:${senders.get(request)}`) })
    },
  )
}
