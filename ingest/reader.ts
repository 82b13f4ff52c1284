import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { FormatError, type Reading } from './formats/format.ts'
import type { ReadReply, ReadRequest } from './read-child.ts'

const patienceMs = 30_000
const heapMegabytes = 512
const mostMemoryBytes = 1_000 * 1024 * 1024
const watchMs = 25

export type Reader = { read(bytes: Uint8Array, name: string): Promise<Reading>; close(): void }

/**
 * Reads files in a child process with limits on heap, memory and time. One child reads many files in turn; one that had to be
 * killed is replaced, so a hostile file fails alone. (A worker thread is not enough: buffers and wasm are not counted there.)
 */
export function openReader(): Reader {
  let child: ChildProcess | null = null
  let next = 1
  let queue: Promise<unknown> = Promise.resolve()

  async function readNow(bytes: Uint8Array, name: string): Promise<Reading> {
    child ??= start()
    const running = child
    try {
      const reply = await ask(running, { id: next++, bytes, name })
      if ('reading' in reply) return reply.reading
      const { code, message, hint } = reply.error
      throw new FormatError(code, message, hint === null ? {} : { hint })
    } finally {
      // After a refusal the child may still hold what the file made it do.
      if (running.exitCode !== null || running.signalCode !== null || running.killed) child = null
    }
  }

  return {
    read(bytes, name) {
      const mine = queue.then(() => readNow(bytes, name))
      queue = mine.catch(() => {})
      return mine
    },
    close() {
      child?.kill('SIGKILL')
      child = null
    },
  }
}

function start(): ChildProcess {
  const child = fork(new URL('./read-child.ts', import.meta.url), [], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${heapMegabytes}`, '--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '' }, // no secret of ours is of use to a parser
  })
  child.unref()
  child.channel?.unref()
  return child
}

function ask(child: ChildProcess, request: ReadRequest): Promise<ReadReply> {
  return new Promise((resolve, reject) => {
    let why: 'damaged' | 'too_slow' | 'too_much_memory' = 'damaged'
    const kill = (reason: typeof why) => {
      why = reason
      child.kill('SIGKILL')
    }
    const time = setTimeout(() => kill('too_slow'), patienceMs)
    const memory = setInterval(() => {
      if (residentBytes(child.pid) > mostMemoryBytes) kill('too_much_memory')
    }, watchMs)
    const end = () => {
      clearTimeout(time)
      clearInterval(memory)
      child.off('message', hear)
      child.off('exit', gone)
    }
    const hear = (reply: ReadReply) => {
      if (reply.id !== request.id) return
      end()
      resolve(reply)
    }
    const gone = () => {
      end()
      reject(
        new FormatError(why, words[why], {
          hint: 'Nothing else was affected. Check where the file comes from; save it again or split it.',
        }),
      )
    }
    child.on('message', hear)
    child.once('exit', gone)
    child.send(request)
  })
}

const words = {
  damaged: 'Reading the file ended the reading process',
  too_slow: `Reading the file took longer than ${patienceMs / 1000} seconds`,
  too_much_memory: 'Reading the file needed more than 1 GB of memory',
}

/** @returns 0 where the system does not tell */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
