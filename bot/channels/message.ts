import type { IncomingMessage } from './channel.ts'

/** Words or a click in a private chat of our own making: the terminal, the page. */
export function ownMessage(of: { externalId: string; chat: string; text: string; button?: string | null }): IncomingMessage {
  const button = of.button ?? null
  return {
    externalId: of.externalId,
    chat: of.chat,
    from: { id: of.chat, name: null },
    kind: button === null ? 'text' : 'button',
    text: of.text,
    button,
    file: null,
    quoted: null,
    group: false,
    addressed: true,
    language: null,
    sentAt: new Date().toISOString(),
  }
}
