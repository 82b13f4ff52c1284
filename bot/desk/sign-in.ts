import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Log } from '../../retrieval/base/log.ts'
import { type Guard, limiter } from './guard.ts'
import { signInPath } from './links.ts'
import { type Refusal, type Sessions, sessionDays } from './sessions.ts'

const tries = 10
const triesWindowMs = 15 * 60_000

/** Only the page's own form may be sent. */
const formPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const page = (name: string) => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8')

const notValid = {
  status: 404,
  zh: '这个登录链接无效，可能没有复制完整。',
  en: 'This sign-in link is not valid; it may have been copied in part.',
}
const why: Readonly<Record<Refusal | 'foreign' | 'too_many', { status: number; zh: string; en: string }>> = {
  used: {
    status: 410,
    zh: '这个登录链接已经用过了。每个链接只能登录一次。',
    en: 'This sign-in link has been used. A link signs in once only.',
  },
  expired: { status: 410, zh: '这个登录链接已经过期。', en: 'This sign-in link has expired.' },
  unknown: notValid,
  forged: notValid,
  foreign: {
    status: 403,
    zh: '请直接打开登录链接，不要从别的网页提交。',
    en: 'Open the sign-in link itself, not from another page.',
  },
  too_many: { status: 429, zh: '试的次数太多，请过一刻钟再试。', en: 'Too many tries; please wait a quarter of an hour.' },
}

/**
 * `GET` shows a button and changes nothing, so that previews, prefetches and HEAD do not use up the link; the button's `POST` signs in.
 * Attempts with forged tokens are counted per address; they never lock out the bearer of a real link.
 */
export function signInRoutes(needs: { http: FastifyInstance; guard: Guard; sessions: Sessions; log: Log }): void {
  const { http, guard, sessions, log } = needs
  const form = page('sign-in.html')
  const refusedPage = page('refused.html')
  const tooMany = limiter(tries, triesWindowMs)

  function refuse(reply: FastifyReply, reason: keyof typeof why, address: string): FastifyReply {
    const asked = reason === 'forged' && tooMany(address) ? 'too_many' : reason
    const { status, zh, en } = why[asked]
    log('desk_sign_in_refused', { reason: asked })
    // Both sentences are ours; nothing of the request goes into the page.
    return html(reply.code(status), refusedPage.replace('{{zh}}', zh).replace('{{en}}', en))
  }

  http.get<{ Params: { token: string } }>(`${signInPath}:token`, async (request, reply) => {
    const refused = await sessions.refusalOf(request.params.token)
    return refused === null ? html(reply, form) : refuse(reply, refused, request.ip)
  })

  http.post<{ Params: { token: string } }>(`${signInPath}:token`, { bodyLimit: 1024 }, async (request, reply) => {
    if (!guard.isSameOrigin(request)) return refuse(reply, 'foreign', request.ip)
    const done = await sessions.signIn(request.params.token)
    if ('refused' in done) return refuse(reply, done.refused, request.ip)
    guard.setCookie(reply, done.cookie, sessionDays)
    return reply.redirect('/', 303)
  })
}

function html(reply: FastifyReply, body: string): FastifyReply {
  return reply.header('content-security-policy', formPolicy).type('text/html; charset=utf-8').send(body)
}
