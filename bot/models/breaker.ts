/** Leaves a model that keeps failing alone for a while, so that nobody waits for it in vain. */
export type Breaker = {
  /** @returns whether it may be tried now; an open breaker lets one try through when its time has come */
  mayTry(now: number): boolean
  worked(): void
  /** @param denied key or quota failed: trying again soon is pointless. @returns whether this opened the breaker */
  failed(now: number, denied: boolean): boolean
}

const failuresAllowed = 3
const restMs = 30_000
const deniedMs = 300_000

export function breaker(): Breaker {
  let failures = 0
  let closedUntil: number | null = null
  return {
    mayTry(now) {
      if (closedUntil === null) return true
      if (now < closedUntil) return false
      closedUntil = now + restMs
      return true
    },
    worked() {
      failures = 0
      closedUntil = null
    },
    failed(now, denied) {
      failures += 1
      if (!denied && failures < failuresAllowed) return false
      const opened = closedUntil === null
      closedUntil = now + (denied ? deniedMs : restMs)
      return opened
    },
  }
}
