import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, codeOf } from '../../retrieval/base/errors.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { type Guard, limiter } from './guard.ts'
import { rules } from './rules.ts'
import type { DeskPerson, Sessions } from './sessions.ts'

/** One request of a signed-in person whose role may use the route. */
export type Call = {
  readonly person: DeskPerson
  /** `:id` of the path, safe characters only; '' when the path has none */
  readonly id: string
  readonly query: Readonly<Record<string, string>>
}

export type Route = {
  readonly method: 'GET' | 'POST'
  readonly path: `/desk/api/${string}`
  readonly body: z.ZodType | null
  /** @returns what is sent as JSON, or a {@link Shown}. @throws Refusal; anything else is an internal error and stays inside */
  readonly handle: (call: Call, body: unknown) => Promise<unknown>
  /**
   * Checks whether what `:id` names exists for this person; runs first, so that a bad body reveals nothing about foreign ids.
   * @throws Refusal
   */
  readonly about: ((call: Call, body: unknown) => Promise<unknown>) | null
}

export function get(path: Route['path'], handle: (call: Call) => Promise<unknown>): Route {
  return { method: 'GET', path, body: null, handle, about: null }
}

export function post<Shape extends z.ZodRawShape>(
  path: Route['path'],
  shape: Shape,
  handle: (call: Call, body: z.infer<z.ZodObject<Shape>>) => Promise<unknown>,
  about: Route['about'] = null,
): Route {
  const body = z.strictObject(shape)
  // `handle` is only called with what `body` parsed
  return { method: 'POST', path, body, handle: (call, parsed) => handle(call, parsed as z.infer<z.ZodObject<Shape>>), about }
}

/** An answer that is a picture. */
export class Shown {
  readonly type: string
  readonly bytes: Uint8Array
  constructor(type: string, bytes: Uint8Array) {
    this.type = type
    this.bytes = bytes
  }
}

/** An expected refusal: a code the page has words for, and further data. */
export class Refusal extends AppError {
  readonly status: number
  readonly more: Readonly<Record<string, unknown>>
  constructor(status: number, code: string, more: Readonly<Record<string, unknown>> = {}) {
    super(code, `${code} (${status})`)
    this.status = status
    this.more = more
  }
}

/** What does not exist and what somebody may not see get the same answer. */
export function notFound(): Refusal {
  return new Refusal(404, 'not_found')
}

/** HTTP statuses for error codes of other parts that people can act on. Every other error stays inside. */
const statuses: Readonly<Record<string, number>> = {
  no_such_document: 404,
  no_such_passage: 404,
  unknown_person: 404,
  unknown_faq: 409,
  unknown_recall: 409,
  bad_topic: 400,
  bad_account: 400,
  bad_hours: 400,
  bad_field: 400,
  already_registered: 409,
  not_waiting: 409,
  not_live: 409,
  two_person: 409,
}

const mostPerMinute = 240

export type RouteNeeds = { readonly http: FastifyInstance; readonly guard: Guard; readonly sessions: Sessions; readonly log: Log }

/** Registers routes behind session, origin, role, rate and body checks, in this order. @throws AppError `no_rule` */
export function registerRoutes(needs: RouteNeeds, routes: readonly Route[]): void {
  const tooMany = limiter(mostPerMinute, 60_000)
  for (const route of routes) {
    needs.http.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const person = await admit(needs, route, request, reply)
        if (person === null) return reply
        if (tooMany(person.id)) return reply.code(429).send({ error: 'too_many' })
        return answer(needs.log, route, request, reply, person)
      },
    })
  }
}

/** @returns who may go on; null when a refusal has been sent */
export async function admit(
  needs: Pick<RouteNeeds, 'guard' | 'sessions'>,
  route: Pick<Route, 'method' | 'path'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<DeskPerson | null> {
  const allowed = rules[`${route.method} ${route.path}`]
  if (allowed === undefined) throw new AppError('no_rule', `${route.method} ${route.path} has no rule`)
  const person = await needs.sessions.personOf(needs.guard.cookieOf(request))
  if (person === null) {
    await reply.code(401).send({ error: 'signed_out' })
    return null
  }
  if (!needs.guard.isSameOrigin(request)) {
    await reply.code(403).send({ error: 'foreign_origin' })
    return null
  }
  if (!allowed.includes(person.role)) {
    // For somebody without the role every id is foreign.
    const hasId = route.path.includes('/:id')
    await reply.code(hasId ? 404 : 403).send({ error: hasId ? 'not_found' : 'not_allowed' })
    return null
  }
  return person
}

async function answer(
  log: Log,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  person: DeskPerson,
): Promise<FastifyReply> {
  const { id = '' } = request.params as { id?: string } // the router gives strings
  if (route.path.includes('/:id') && !/^[\w-]{1,64}$/.test(id)) return reply.code(404).send({ error: 'not_found' })
  const query = Object.fromEntries(
    Object.entries(request.query as Record<string, unknown>).flatMap(
      (
        [name, value], // the router gives strings or lists of them
      ) => (typeof value === 'string' ? [[name, value]] : []),
    ),
  )
  const call = { person, id, query }
  try {
    const parsed = route.body?.safeParse(request.body ?? {})
    await route.about?.(call, parsed?.data)
    if (parsed?.success === false)
      throw new Refusal(400, 'bad_request', { fields: parsed.error.issues.map((issue) => issue.path.join('.')) })
    const said = (await route.handle(call, parsed?.data)) ?? { ok: true }
    return await (said instanceof Shown ? reply.type(said.type).send(Buffer.from(said.bytes)) : reply.send(said))
  } catch (error) {
    if (error instanceof Refusal) return reply.code(error.status).send({ error: error.code, ...error.more })
    const status = statuses[codeOf(error)]
    if (status !== undefined) return reply.code(status).send({ error: codeOf(error) })
    log('desk_failed', { route: `${route.method} ${route.path}`, person: person.id, ...errorFields(error) })
    return reply.code(500).send({ error: 'failed' })
  }
}
