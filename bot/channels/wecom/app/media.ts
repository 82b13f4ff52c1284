import type { FileToSend } from '../../base/file.ts'
import { list, number, text } from '../../base/loose.ts'
import type { ChannelState } from '../../channel.ts'
import type { WecomClient } from '../client.ts'

/** Media ids are good for three days. */
const goodMs = 2 * 86_400_000
const mostKept = 100
const name = 'media'

/** Uploads a file once per message: a retry gives the platform the same id, by which it recognises the message. */
export async function mediaIdFor(
  { client, state }: { readonly client: Pick<WecomClient, 'upload'>; readonly state: ChannelState },
  key: string,
  file: FileToSend,
): Promise<string> {
  const known = entriesOf(await state.get(name)).find((each) => each.key === key && Date.now() - each.at < goodMs)
  if (known !== undefined) return known.id
  const id = await client.upload(file.kind, file)
  await state.change(name, (stored, now) => ({
    value: [...entriesOf(stored).slice(1 - mostKept), { key, id, at: now.getTime() }].map((each) => [each.key, each.id, each.at]),
    result: undefined,
  }))
  return id
}

function entriesOf(stored: unknown): { key: string; id: string; at: number }[] {
  return list(stored).flatMap((each) => {
    const [key, id, at] = list(each)
    return text(key) === null || text(id) === null ? [] : [{ key: String(key), id: String(id), at: number(at) ?? 0 }]
  })
}
