import type { ChildProcess } from 'node:child_process'
import { FormatError, type Reading } from '../formats/format.ts'
import { residentBytes, startChild } from './child.ts'
import { ocrLanguage, recognise, withRecognised } from './ocr.ts'
import type { ReadReply, ReadRequest, up as upWord } from './read-child.ts'

export type ReadingLimits = {
  readonly patienceMs: number
  /** Limit of the watch, which looks every 20 ms; a hungry file takes 10 MB in that time. The kernel's own limit stands behind it. */
  readonly memoryBytes: number
  /** What the child runs; see `read-child.ts`. */
  readonly program: URL
}
const usual: ReadingLimits = {
  patienceMs: 25_000,
  memoryBytes: 850 * 1024 * 1024,
  program: new URL('./read-child.ts', import.meta.url),
}
const up: typeof upWord = 'up'
const longestStartMs = 5_000
const watchMs = 20
/** A child that holds this much after an answer is replaced before the next file. */
const restMemoryBytes = 450 * 1024 * 1024
const mostOcrPages = 200

/** One reading child and the files that wait for it. */
export type Lane = {
  /** Files being read or waiting. */
  readonly waiting: () => number
  read(bytes: Uint8Array, name: string): Promise<Reading>
  close(): void
}

/**
 * Reads files in a child process with limits on heap, memory and time, without network, other programs or write access. A child reads many
 * files in turn; one that had to be killed is replaced, so a hostile file fails alone. (A worker thread is not enough: its limits do not
 * count buffers and wasm.) Pictures of pages go through tesseract where it is installed.
 */
export function openLane(limits: Partial<ReadingLimits> = {}): Lane {
  let isUp: Promise<void> = Promise.resolve()
  const limit = { ...usual, ...limits }
  let child: ChildProcess | null = null
  let next = 1
  let queue: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function question(request: Omit<ReadRequest, 'id'>): Promise<ReadReply> {
    const old = child !== null && isAlive(child) ? child : null
    const running = old ?? startChild(limit.program)
    if (old === null) isUp = untilUp(running)
    child = running
    try {
      return await ask(running, { id: next++, ...request }, limit, isUp)
    } finally {
      if (residentBytes(running.pid) > restMemoryBytes) running.kill('SIGKILL')
    }
  }

  async function readNow(bytes: Uint8Array, name: string): Promise<Reading> {
    const reply = await question({ bytes, name })
    if ('reading' in reply) return await withPictured(bytes, name, reply.reading)
    if ('picture' in reply) throw new Error('a picture nobody asked for')
    const { code, message, hint, pages } = reply.error
    if (pages !== null && pages <= mostOcrPages && ocrLanguage() !== null) return await recogniseAll(bytes, name, allOf(pages))
    throw new FormatError(code, message, hint === null ? {} : { hint })
  }

  /** What cannot be recognised stays a page without text: the others were read. */
  async function withPictured(bytes: Uint8Array, name: string, reading: Reading): Promise<Reading> {
    if (reading.kind !== 'text' || reading.pictured === undefined) return reading
    if (reading.pictured.length > mostOcrPages || ocrLanguage() === null) return reading
    try {
      return withRecognised(reading, await recogniseAll(bytes, name, reading.pictured))
    } catch (error) {
      if (error instanceof FormatError) return reading
      throw error
    }
  }

  /** One page at a time, so that neither side holds more than one picture. */
  async function recogniseAll(bytes: Uint8Array, name: string, pages: readonly number[]) {
    return await recognise(pages, async (page) => {
      const reply = await question({ bytes, name, picture: page })
      if ('picture' in reply) return reply.picture
      if ('error' in reply) throw new FormatError(reply.error.code, reply.error.message, { hint: reply.error.hint ?? '' })
      return new Uint8Array()
    })
  }

  return {
    waiting: () => waiting,
    read(bytes, name) {
      waiting += 1
      const mine = queue
        .then(() => readNow(bytes, name))
        .finally(() => {
          waiting -= 1
        })
      queue = mine.catch(() => {})
      return mine
    },
    close() {
      child?.kill('SIGKILL')
      child = null
    },
  }
}

const allOf = (pages: number) => Array.from({ length: pages }, (_, index) => index + 1)

/** A child may also have died between two files: from earlier damage, or because the system ran out of memory. */
function isAlive(child: ChildProcess): boolean {
  return child.connected && !child.killed && child.exitCode === null && child.signalCode === null
}

type Why = 'damaged' | 'too_slow' | 'too_much_memory'

/** On a busy machine starting takes seconds that are not charged to the file, up to a limit. */
function untilUp(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const time = setTimeout(resolve, longestStartMs)
    const done = () => {
      clearTimeout(time)
      resolve()
    }
    child.once('message', done)
    child.once('exit', done)
  })
}

function ask(
  child: ChildProcess,
  request: ReadRequest,
  { patienceMs, memoryBytes }: ReadingLimits,
  isUp: Promise<void>,
): Promise<ReadReply> {
  return new Promise((resolve, reject) => {
    let why: Why = 'damaged'
    const kill = (reason: Why) => {
      why = reason
      child.kill('SIGKILL')
    }
    let time: NodeJS.Timeout | undefined
    let ended = false
    void isUp.then(() => {
      if (!ended) time = setTimeout(() => kill('too_slow'), patienceMs)
    })
    const memory = setInterval(() => {
      if (residentBytes(child.pid) > memoryBytes) kill('too_much_memory')
    }, watchMs)
    const end = () => {
      ended = true
      clearTimeout(time)
      clearInterval(memory)
      child.off('message', hear)
      child.off('exit', gone)
      child.off('error', lost)
    }
    const hear = (reply: ReadReply | typeof up) => {
      if (reply === up || reply.id !== request.id) return
      end()
      resolve(reply)
    }
    const gone = (_: number | null, signal: NodeJS.Signals | null) => {
      end()
      // V8 aborts when it gets no more memory
      reject(endOf(signal === 'SIGABRT' && why === 'damaged' ? 'too_much_memory' : why, patienceMs))
    }
    const lost = () => {
      end()
      kill('damaged') // it could not be started or reached
      reject(endOf('damaged', patienceMs))
    }
    child.on('message', hear)
    child.once('exit', gone)
    child.once('error', lost)
    child.send(request)
  })
}

function endOf(why: Why, patienceMs: number): FormatError {
  const words = {
    damaged: 'Reading the file ended the reading process',
    too_slow: `Reading the file took longer than ${patienceMs / 1000} seconds`,
    too_much_memory: 'Reading the file needed too much memory',
  }
  const hint = 'Nothing else was affected. Check where the file comes from; save it again or split it.'
  return new FormatError(why, words[why], { hint })
}
