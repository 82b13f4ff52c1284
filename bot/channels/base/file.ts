import { ChannelError, type Outgoing } from '../channel.ts'

/** It waits in the outbox like words, so it is small; platforms take more. */
export const mostFileBytes = 5 * 1024 * 1024
/** Platforms take nothing smaller. */
const leastFileBytes = 6
const pictures = /\.(?:jpe?g|png)$/i

export type FileToSend = { readonly kind: 'image' | 'file'; readonly name: string; readonly bytes: Uint8Array }

/** @returns what is to be sent, under a name without a path. @throws ChannelError `refused` when it is no file, or too large or small */
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
