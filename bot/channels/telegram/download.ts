import { number, object, text } from '../base/loose.ts'
import { type Channel, ChannelError } from '../channel.ts'
import { type Call, rootOf } from './api.ts'

const withinMs = 120_000

/**
 * getFile, then the file itself. The address holds the token, so no error of the fetch is passed on. Telegram states a size, but the
 * received bytes are counted.
 */
export function fileFetcher(call: Call, token: string, apiRoot: string): NonNullable<Channel['fetchFile']> {
  return async (ref, { mostBytes, signal }) => {
    const limits = [AbortSignal.timeout(withinMs), ...(signal === undefined ? [] : [signal])]
    const file = object(await call('getFile', { file_id: ref }, signal === undefined ? {} : { signal }))
    const path = text(file?.['file_path'])
    if (path === null) throw new ChannelError('refused', 'getFile: Telegram names no place of the file')
    if ((number(file?.['file_size']) ?? 0) > mostBytes) throw tooLarge(mostBytes)
    const address = new URL(`file/bot${token}/${path.split('/').map(encodeURIComponent).join('/')}`, rootOf(apiRoot))
    const response = await fetch(address, { signal: AbortSignal.any(limits), redirect: 'error' }).catch(() => {
      throw new ChannelError('unavailable', 'file: Telegram could not be reached')
    })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new ChannelError(response.status >= 500 ? 'unavailable' : 'refused', `file: ${response.status}`)
    }
    return readWithin(response.body, mostBytes)
  }
}

async function readWithin(body: ReadableStream<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.byteLength
      if (size > mostBytes) throw tooLarge(mostBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof ChannelError ? error : new ChannelError('unavailable', 'file: the download broke off')
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function tooLarge(mostBytes: number): ChannelError {
  return new ChannelError('refused', `file: larger than ${mostBytes} bytes`, {
    hint: 'Send a smaller file, or ingest it on the server.',
  })
}
