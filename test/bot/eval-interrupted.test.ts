import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

test('whoever breaks off a measurement leaves nothing behind', async () => {
  const place = mkdtempSync(join(tmpdir(), 'yuanqiao-broken-off-'))
  for (const file of ['corpus.jsonl', 'queries.jsonl', 'qrels.tsv']) writeFileSync(join(place, file), '')
  const temporary = mkdtempSync(join(tmpdir(), 'yuanqiao-temporary-'))
  const { DATABASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, ['bot/preflight.mjs', 'bot/eval/main.ts', '--data', place, '--shipped'], {
    env: { ...env, TMPDIR: temporary, YUANQIAO_HOME: place },
    stdio: 'ignore',
  })
  const ours = () => readdirSync(temporary).filter((each) => each.startsWith('yuanqiao-eval-'))
  await vi.waitFor(() => expect(ours()).toHaveLength(1), { timeout: 20_000, interval: 10 })
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  expect(ours()).toEqual([])
})
