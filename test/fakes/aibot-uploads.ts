import { createHash, randomUUID } from 'node:crypto'

type Body = Readonly<Record<string, unknown>>
type Begun = { readonly about: Body; readonly chunks: Map<number, Buffer> }
export type Uploaded = { readonly kind: string; readonly name: string; readonly bytes: Uint8Array }

/** Uploads in chunks as documented: at most 512 KB each and a hundred of them, all present, with the announced checksum. */
export function aibotUploads() {
  const begun = new Map<string, Begun>()
  const media = new Map<string, Uploaded>()

  function finish({ about, chunks }: Begun): { errcode: number; body?: Body } {
    const bytes = Buffer.concat([...chunks].sort(([a], [b]) => a - b).map(([, chunk]) => chunk))
    const sum = createHash('md5').update(bytes).digest('hex')
    const isWhole = chunks.size === about['total_chunks'] && bytes.length === about['total_size'] && sum === about['md5']
    if (!isWhole) return { errcode: 40058 }
    const media_id = randomUUID()
    media.set(media_id, { kind: String(about['type']), name: String(about['filename']), bytes })
    return { errcode: 0, body: { type: about['type'], media_id, created_at: '1380000000' } }
  }

  return {
    media,
    /** @returns null for a frame that is about something else */
    take(cmd: string, body: Body): { errcode: number; body?: Body } | null {
      if (!cmd.startsWith('aibot_upload_media_')) return null
      if (cmd.endsWith('_init')) {
        const total = Number(body['total_chunks'])
        if (!['file', 'image'].includes(String(body['type'])) || total < 1 || total > 100) return { errcode: 40058 }
        const upload_id = randomUUID()
        begun.set(upload_id, { about: body, chunks: new Map() })
        return { errcode: 0, body: { upload_id } }
      }
      const found = begun.get(String(body['upload_id']))
      if (found === undefined) return { errcode: 40058 }
      if (cmd.endsWith('_finish')) return finish(found)
      const chunk = Buffer.from(String(body['base64_data']), 'base64')
      if (chunk.length > 512 * 1024) return { errcode: 45001 }
      found.chunks.set(Number(body['chunk_index']), chunk)
      return { errcode: 0 }
    },
  }
}
