import type { ChildProcess } from 'node:child_process'
import { FormatError, type Reading } from './formats/format.ts'
import { residentBytes, startChild } from './reader/child.ts'
import { ocrLanguage, recognise } from './reader/ocr.ts'
import type { ReadReply, ReadRequest } from './reader/read-child.ts'

const patienceMs = 25_000
/** The watch looks every 20 ms and a hungry file takes 10 MB in that time; the kernel's own limit stands behind it. */
const mostMemoryBytes = 850 * 1024 * 1024
const watchMs = 20
/** A child that holds this much after an answer is replaced before the next file. */
const restMemoryBytes = 450 * 1024 * 1024
const mostOcrPages = 200

export type Reader = { read(bytes: Uint8Array, name: string): Promise<Reading>; close(): void }

/**
 * Reads files in a child process with limits on heap, memory and time, without network, programs or files to write. One child reads
 * many files in turn; one that had to be killed is replaced, so a hostile file fails alone. (A worker thread is not enough: buffers
 * and wasm are not counted there.) Pictures of pages go through tesseract where it is installed.
 */
export function openReader(): Reader {
  let child: ChildProcess | null = null
  let next = 1
  let queue: Promise<unknown> = Promise.resolve()

  async function question(request: Omit<ReadRequest, 'id'>): Promise<ReadReply> {
    child ??= startChild()
    const running = child
    try {
      return await ask(running, { id: next++, ...request })
    } finally {
      const full = residentBytes(running.pid) > restMemoryBytes
      if (full) running.kill('SIGKILL')
      if (full || running.exitCode !== null || running.signalCode !== null || running.killed) child = null
    }
  }

  async function readNow(bytes: Uint8Array, name: string): Promise<Reading> {
    const reply = await question({ bytes, name })
    if ('reading' in reply) return reply.reading
    if ('picture' in reply) throw new Error('a picture nobody asked for')
    const { code, message, hint, pages } = reply.error
    if (pages !== null && pages <= mostOcrPages && ocrLanguage() !== null) return await recogniseAll(bytes, name, pages)
    throw new FormatError(code, message, hint === null ? {} : { hint })
  }

  /** One page at a time, so that neither side ever holds more than one picture. */
  async function recogniseAll(bytes: Uint8Array, name: string, pages: number): Promise<Reading> {
    return await recognise(pages, async (page) => {
      const reply = await question({ bytes, name, picture: page })
      if ('picture' in reply) return reply.picture
      if ('error' in reply) throw new FormatError(reply.error.code, reply.error.message, { hint: reply.error.hint ?? '' })
      return new Uint8Array()
    })
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

function ask(child: ChildProcess, request: ReadRequest): Promise<ReadReply> {
  return new Promise((resolve, reject) => {
    let why: keyof typeof words = 'damaged'
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
    const gone = (_: number | null, signal: NodeJS.Signals | null) => {
      end()
      const code = signal === 'SIGABRT' && why === 'damaged' ? 'too_much_memory' : why // V8 aborts when it gets no more memory
      reject(
        new FormatError(code, words[code], {
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
  too_much_memory: 'Reading the file needed too much memory',
}
