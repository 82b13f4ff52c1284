import type { FastifyReply, FastifyRequest } from 'fastify'

/** Checks that every request to the desk must pass before its sender is identified. */
export type Guard = {
  /** @returns the session cookie's value, or '' */
  cookieOf(request: FastifyRequest): string
  setCookie(reply: FastifyReply, value: string, days: number): void
  /**
   * Pages of other sites must not act in somebody's name. Browsers state where a request comes from; a client that does not is no browser.
   */
  isSameOrigin(request: FastifyRequest): boolean
}

/** @param publicUrl where people open the desk, when the server listens elsewhere */
export function guard(publicUrl: string | null): Guard {
  const secure = publicUrl?.startsWith('https:') === true
  // The prefix makes browsers refuse a cookie that a sub-domain or a plain-http page tries to plant.
  const name = secure ? '__Host-yq_desk' : 'yq_desk'
  const pattern = new RegExp(`(?:^|;\\s*)${name}=([\\w-]{1,64})(?:;|$)`)
  const publicHost = publicUrl === null ? null : new URL(publicUrl).host
  return {
    cookieOf: (request) => pattern.exec(request.headers.cookie ?? '')?.[1] ?? '',
    setCookie(reply, value, days) {
      const age = Math.round(days * 86_400)
      reply.header('set-cookie', `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure ? '; Secure' : ''}`)
    },
    isSameOrigin(request) {
      const site = request.headers['sec-fetch-site']
      // It outranks Origin, which is `null` for a form on a page that sends no referrer.
      if (site !== undefined) return site === 'same-origin'
      const { origin } = request.headers
      if (origin === undefined) return true
      const host = hostOf(origin)
      return host !== null && (host === request.headers.host || host === publicHost)
    },
  }
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null // `null`, as a sandboxed frame sends
  }
}

/** Counts per key and window; forgets everything when somebody sends very many keys. */
export function limiter(most: number, windowMs: number, now: () => number = Date.now): (key: string) => boolean {
  const mostKeys = 10_000
  const counts = new Map<string, { window: number; count: number }>()
  return (key) => {
    const window = Math.floor(now() / windowMs)
    if (counts.size > mostKeys) counts.clear()
    const entry = counts.get(key)
    const count = entry?.window === window ? entry.count + 1 : 1
    counts.set(key, { window, count })
    return count > most
  }
}
