import { createHash } from 'node:crypto'
import type { FileToSend } from '../../base/file.ts'
import { text } from '../../base/loose.ts'
import { ChannelError } from '../../channel.ts'
import type { Socket } from './socket.ts'

/** Before base64. */
const chunkBytes = 512 * 1024

/** Uploads a file over the connection, in chunks counted from 0 like the official SDK. @returns a media id, good for three days */
export async function upload(socket: Pick<Socket, 'ask'>, { kind, name, bytes }: FileToSend): Promise<string> {
  const total_chunks = Math.ceil(bytes.length / chunkBytes)
  const begun = await socket.ask('aibot_upload_media_init', {
    type: kind,
    filename: name,
    total_size: bytes.length,
    total_chunks,
    md5: createHash('md5').update(bytes).digest('hex'),
  })
  const upload_id = named(begun['upload_id'])
  for (let chunk_index = 0; chunk_index < total_chunks; chunk_index += 1) {
    const chunk = bytes.subarray(chunk_index * chunkBytes, (chunk_index + 1) * chunkBytes)
    const base64_data = Buffer.from(chunk).toString('base64')
    await socket.ask('aibot_upload_media_chunk', { upload_id, chunk_index, base64_data })
  }
  return named((await socket.ask('aibot_upload_media_finish', { upload_id }))['media_id'])
}

function named(told: unknown): string {
  const id = text(told)
  if (id === null || id === '') throw new ChannelError('unavailable', 'The upload was answered without an id')
  return id
}
