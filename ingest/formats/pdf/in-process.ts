import { inflateSync } from 'node:zlib'

/** The part of a worker that pdf.js uses. */
type Listener = (event: { readonly data: unknown }) => void
type Port = {
  postMessage(data: unknown): void
  addEventListener(name: string, listener: Listener, options?: { readonly signal?: AbortSignal }): void
  removeEventListener(name: string, listener: Listener): void
  terminate(): void
}

/** The sender empties its lists once they are sent; the items of a list do not change any more. */
const emptied = 3

/**
 * The two ends of a channel between both halves of pdf.js in one process. Its own channel copies every message deeply, which takes as long
 * as reading the text.
 */
export function portPair(): [Port, Port] {
  const listeners = [new Set<Listener>(), new Set<Listener>()] as const
  return [end(listeners[0], listeners[1]), end(listeners[1], listeners[0])]
}

function end(own: Set<Listener>, other: ReadonlySet<Listener>): Port {
  return {
    postMessage(message) {
      const data = copied(message, emptied)
      void Promise.resolve().then(() => {
        for (const listener of [...other]) listener({ data })
      })
    },
    addEventListener(_, listener, options) {
      own.add(listener)
      options?.signal?.addEventListener('abort', () => own.delete(listener))
    },
    removeEventListener: (_, listener) => void own.delete(listener),
    terminate: () => own.clear(),
  }
}

function copied(value: unknown, depth: number): unknown {
  if (depth === 0 || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.slice()
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copied(each, depth - 1)]))
}

let look: (content: Uint8Array) => void = () => {}

/** Shows a listener everything the library unpacks, e.g. of an encrypted file. One document at a time. */
export function whileUnpacking(listener: (content: Uint8Array) => void): () => void {
  look = listener
  return () => {
    look = () => {}
  }
}

/**
 * Replaces the web's DecompressionStream for pdf.js: that one sets up streams, queues and a thread for each of hundreds of small parts.
 * What does not unpack is an error, and the library tries its own decoder.
 */
export class Inflation {
  #unpacked: Promise<Uint8Array> = Promise.resolve(new Uint8Array())
  readonly writable = {
    getWriter: () => ({
      ready: Promise.resolve(),
      close: async () => {},
      write: async (packed: Uint8Array) => {
        this.#unpacked = unpacked(packed)
        await this.#unpacked
      },
    }),
  }
  readonly readable = { [Symbol.asyncIterator]: () => this.#chunks() }
  async *#chunks(): AsyncGenerator<Uint8Array> {
    yield await this.#unpacked
  }
}

async function unpacked(packed: Uint8Array): Promise<Uint8Array> {
  const content = inflateSync(packed)
  look(content)
  return content
}
