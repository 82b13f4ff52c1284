export type Update = Readonly<Record<string, unknown>> & { readonly update_id: number }
export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

export function ok(result: unknown): Answer {
  return { status: 200, body: { ok: true, result } }
}

export function refusal(status: number, description: string, parameters?: Readonly<Record<string, unknown>>): Answer {
  return { status, body: { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) } }
}

type Poll = { readonly limit: number; readonly answer: (answer: Answer) => void; timer: NodeJS.Timeout }

const deleteIt = 'use deleteWebhook to delete the webhook first'
const onlyOne = 'make sure that only one bot instance is running'

/** The updates of one bot: kept until confirmed by an offset, or until a webhook answers 2xx. */
export function updateQueue() {
  let waiting: Update[] = []
  let poll: Poll | null = null
  let webhook: { url: string; secret: string } | null = null
  let allowed: readonly string[] | null = null
  const confirmed: number[] = []
  const busy = new Map<string, Promise<void>>()
  let closed = false

  function wanted(update: Update): boolean {
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? ''
    return allowed === null || allowed.length === 0 || allowed.includes(kind)
  }

  function flush(): void {
    if (poll !== null && waiting.length > 0) end(poll, ok(waiting.slice(0, poll.limit)))
  }

  function end(ending: Poll | null, last: Answer | null): void {
    if (ending === null) return
    clearTimeout(ending.timer)
    if (poll === ending) poll = null
    if (last !== null) ending.answer(last)
  }

  /** Updates of one chat go one after the other, each repeated until it is accepted. */
  async function push(update: Update): Promise<void> {
    for (let pause = 10; !closed && webhook !== null && waiting.includes(update); pause = Math.min(pause * 2, 200)) {
      const status = await fetch(webhook.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhook.secret },
        body: JSON.stringify(update),
      }).then(
        (response) => response.status,
        () => 0,
      )
      if (status >= 200 && status < 300) confirm([update])
      else await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  function pushInOrder(update: Update): void {
    const lane = laneOf(update)
    busy.set(
      lane,
      (busy.get(lane) ?? Promise.resolve()).then(() => push(update)),
    )
  }

  function confirm(done: readonly Update[]): void {
    confirmed.push(...done.map((each) => each.update_id))
    waiting = waiting.filter((each) => !done.includes(each))
  }

  return {
    /** Update ids the bot has confirmed, in order. */
    confirmed,
    waiting: () => waiting.map((each) => each.update_id),
    polled: () => poll !== null,
    webhook: () => webhook,
    add(update: Update): void {
      if (!wanted(update)) return
      waiting.push(update)
      if (webhook === null) flush()
      else pushInOrder(update)
    },
    /** Long polling: a second poller ends the first, a webhook forbids both, an offset confirms everything before it. */
    take(payload: Readonly<Record<string, unknown>>, answer: (answer: Answer) => void, gone: (drop: () => void) => void): void {
      if (webhook !== null) {
        answer(refusal(409, `Conflict: can't use getUpdates method while webhook is active; ${deleteIt}`))
        return
      }
      end(poll, refusal(409, `Conflict: terminated by other getUpdates request; ${onlyOne}`))
      if (Array.isArray(payload['allowed_updates'])) allowed = payload['allowed_updates'].map(String)
      const offset = Number(payload['offset'] ?? 0)
      if (offset > 0) confirm(waiting.filter((each) => each.update_id < offset))
      const limit = Math.min(100, Math.max(1, Number(payload['limit'] ?? 100)))
      const seconds = Number(payload['timeout'] ?? 0)
      if (waiting.length > 0 || seconds === 0) {
        answer(ok(waiting.slice(0, limit)))
        return
      }
      const mine: Poll = { limit, answer, timer: setTimeout(() => end(mine, ok([])), seconds * 1000) }
      poll = mine
      gone(() => end(mine, null))
    },
    setWebhook(url: string, secret: string, kinds: unknown): void {
      if (Array.isArray(kinds)) allowed = kinds.map(String)
      webhook = url === '' ? null : { url, secret }
      if (webhook !== null) for (const update of waiting) pushInOrder(update)
    },
    async close(): Promise<void> {
      closed = true
      if (poll !== null) clearTimeout(poll.timer)
      await Promise.all(busy.values())
    },
  }
}

function laneOf(update: Update): string {
  const body = Object.entries(update).find(([key]) => key !== 'update_id')?.[1] as { chat?: { id?: number } } | undefined // test data
  return String(body?.chat?.id ?? 'none')
}
