import { randomUUID } from 'node:crypto'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Channel } from './channel.ts'
import { type IncomingMessage, ownMessage } from './message.ts'
import { saidBy } from './plain.ts'

/**
 * Questions typed or piped in. Interactive: a prompt, and replies as they come. Piped: one line in, one line out, in order; `ended`
 * resolves after the last reply.
 */
export function terminalChannel(deps: {
  readonly input: Readable & { isTTY?: boolean }
  readonly output: Writable
  /** Printed first in an interactive terminal. */
  readonly greeting: () => string
  /** Resolves when everything stored for the chat has been handled and sent. */
  readonly settled: (chat: string) => Promise<void>
}): Channel & { readonly ended: Promise<void> } {
  // A new conversation per session: yesterday's hand-off must not swallow today's first question.
  const chat = `terminal:${randomUUID()}`
  const interactive = deps.input.isTTY === true
  let lines: Interface | null = null
  let said: string[] = []
  const { promise: end, resolve: ended } = Promise.withResolvers<void>()

  async function read(onMessage: (message: IncomingMessage) => Promise<void>): Promise<void> {
    // Opened only now: lines that arrive before somebody iterates are lost.
    const open = interactive
      ? createInterface({ input: deps.input, output: deps.output, prompt: '› ', terminal: true })
      : createInterface({ input: deps.input, terminal: false })
    lines = open
    // In a terminal readline intercepts Ctrl-C; here it ends the session, as Ctrl-D does.
    open.on('SIGINT', () => open.close())
    if (interactive) deps.output.write(`${deps.greeting()}\n\n`)
    prompt()
    for await (const line of open) {
      if (line.trim() !== '') await answer(line, onMessage)
      prompt()
    }
    ended()
  }

  async function answer(line: string, onMessage: (message: IncomingMessage) => Promise<void>): Promise<void> {
    await onMessage(ownMessage({ externalId: randomUUID(), chat, text: line }))
    await deps.settled(chat)
    if (!interactive) deps.output.write(`${said.join('  ')}\n`)
    said = []
  }

  const prompt = () => {
    if (interactive) lines?.prompt()
  }

  return {
    name: 'terminal',
    limit: { size: 100_000, unit: 'utf16' },
    desk: null,
    ended: end,
    async start(onMessage) {
      // Reading continues in the background; a failed store ends the session, since nothing could be answered any more.
      void read(onMessage).catch(ended)
    },
    async send(_, outgoing) {
      const text = saidBy(outgoing)
      if (interactive && text !== '') {
        deps.output.write(`\n${text}\n\n`)
        lines?.prompt()
      } else if (text !== '') said.push(text.replaceAll('\n', '  '))
      return { messageIds: [] }
    },
    async stop() {
      lines?.close()
    },
  }
}
