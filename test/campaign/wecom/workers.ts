import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

type Slot = { readonly child: ChildProcess; url: string | null; since: number }

export type Workers = {
  /** A worker that answers requests now, or null. */
  address(): string | null
  readonly kills: () => number
  /** Resolves when the first has started. */
  ready(): Promise<void>
  stop(): Promise<void>
}

/** Runs this many `npm start` on one database, restarted when they end; one of them is killed with -9 at every beat. */
export function supervise(of: {
  readonly workers: number
  /** null = nobody is killed. */
  readonly killEveryMs: number | null
  readonly env: NodeJS.ProcessEnv
}): Workers {
  const slots: Slot[] = []
  let stopping = false
  let kills = 0

  function start(index: number): void {
    const child = spawn(process.execPath, ['bot/preflight.mjs', 'bot/main.ts'], {
      cwd: root,
      env: of.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const slot: Slot = { child, url: null, since: 0 }
    slots[index] = slot
    let line = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      line += text
      const url = /"event":"started","url":"([^"]+)"/.exec(line)?.[1]
      if (url !== undefined) Object.assign(slot, { url, since: Date.now() })
      line = line.slice(line.lastIndexOf('\n') + 1)
    })
    child.once('exit', () => {
      slot.url = null
      if (!stopping) setTimeout(() => start(index), 100)
    })
  }

  for (let index = 0; index < of.workers; index += 1) start(index)
  const beat =
    of.killEveryMs === null
      ? undefined
      : setInterval(() => {
          // Kills the one that has lived longest; the last one alive is spared, or a slow machine would get nothing done.
          const alive = slots.filter((each) => each.url !== null).sort((one, other) => one.since - other.since)
          const [slot] = alive
          if (slot === undefined || (alive.length === 1 && of.workers > 1)) return
          kills += 1
          slot.url = null
          slot.child.kill('SIGKILL')
        }, of.killEveryMs)

  return {
    address() {
      const alive = slots.filter((each) => each.url !== null)
      return alive[Math.floor(Math.random() * alive.length)]?.url ?? null
    },
    kills: () => kills,
    async ready() {
      while (!slots.some((each) => each.url !== null)) await new Promise((go) => setTimeout(go, 100))
    },
    async stop() {
      stopping = true
      clearInterval(beat)
      await Promise.all(
        slots.map(({ child }) => {
          if (child.exitCode !== null || child.signalCode !== null) return undefined
          const gone = new Promise((resolve) => child.once('exit', resolve))
          child.kill('SIGKILL')
          return gone
        }),
      )
    },
  }
}
