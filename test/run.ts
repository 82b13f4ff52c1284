import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names the folder of what the files of one run of the suite share, such as the demo park's database. */
export const runFolder = 'YUANQIAO_TEST_RUN'

/** Vitest calls it before the first file. */
export function setup(): void {
  process.env[runFolder] = mkdtempSync(join(tmpdir(), 'yuanqiao-run-'))
}

/** Vitest calls it after the last file. */
export function teardown(): void {
  const folder = process.env[runFolder]
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}
