// The only way to the server. Every answer is JSON; every refusal is a code the page has words for.

export class Refused extends Error {
  constructor(status, code, body) {
    super(code)
    this.status = status
    this.code = code
    this.body = body
  }
}

async function call(method, path, body) {
  let answer
  try {
    answer = await fetch(`/desk/api/${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new Refused(0, 'offline', {})
  }
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Refused(answer.status, said.error ?? 'failed', said)
  return said
}

export const read = (path) => call('GET', path)
export const send = (path, body = {}) => call('POST', path, body)

/** An id that makes a repeated send harmless. */
export const newKey = () => crypto.randomUUID()
