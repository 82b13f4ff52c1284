import { afterAll, expect, test } from 'vitest'
import { apiOf } from '../../bot/channels/telegram/api.ts'
import { fileFetcher } from '../../bot/channels/telegram/download.ts'
import { telegramServer } from '../fakes/telegram-server.ts'

const server = await telegramServer()
afterAll(() => server.close())
const fetchFile = fileFetcher(apiOf(server.token, server.root), server.token, server.root)
server.files.set('F1', { path: 'documents/file_1.md', bytes: Buffer.from('# 办法') })

test('a file is fetched by the reference its message carried', async () => {
  expect(Buffer.from(await fetchFile('F1', { mostBytes: 1000 })).toString()).toBe('# 办法')
})

test('a file larger than the limit is refused, and so is one that is not there', async () => {
  await expect(fetchFile('F1', { mostBytes: 3 })).rejects.toMatchObject({ code: 'refused', retry: false })
  await expect(fetchFile('F2', { mostBytes: 1000 })).rejects.toMatchObject({ code: 'refused' })
})

test('an outage can be tried again, and no error carries the token', async () => {
  server.fail('getFile', { status: 502, description: 'Bad Gateway' })
  const failure = await fetchFile('F1', { mostBytes: 1000 }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'unavailable', retry: true })
  expect(JSON.stringify(failure) + String(failure)).not.toContain(server.token)
})
