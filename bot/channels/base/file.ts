import { ChannelError } from '../channel.ts'
import type { Outgoing } from '../outgoing.ts'

/** A file waits in the outbox like text, so it must be small; platforms take more. */
export const mostFileBytes = 5 * 1024 * 1024
/** Platforms refuse smaller files. */
const leastFileBytes = 6
const pictures = /\.(?:jpe?g|png)$/i

export type FileToSend = { readonly kind: 'image' | 'file'; readonly name: string; readonly bytes: Uint8Array }

/** @returns the file to send, under a name without a path. @throws ChannelError `refused` when it is not a file, or too large or small */
export function fileToSend({ name, base64 }: Extract<Outgoing, { kind: 'file' }>): FileToSend {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < leastFileBytes || bytes.length > mostFileBytes)
    throw new ChannelError('refused', `A file to be sent has between ${leastFileBytes} and ${mostFileBytes} bytes`)
  const plain = name
    .replace(/^.*[\\/]/, '')
    .replace(/[\p{Cc}\p{Cf}"]/gu, '')
    .trim()
  return { kind: pictures.test(plain) ? 'image' : 'file', name: plain === '' ? 'file' : plain.slice(-120), bytes }
}
