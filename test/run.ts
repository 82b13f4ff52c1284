import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names the folder of what the files of one run of the suite share, such as the demo park's database. */
export const runFolder = 'YUANQIAO_TEST_RUN'
/** Names the folder of what later runs on this machine use again. */
export const templateFolder = 'YUANQIAO_TEST_TEMPLATES'

const memory = '/dev/shm'
const roomBytes = 4 * 1024 ** 3

/**
 * Called by Vitest before the first file. Everything the tests write goes into one folder, in memory where there is plenty: databases are
 * many files.
 */
export function setup(): void {
  process.env[templateFolder] = join(tmpdir(), 'yuanqiao-test-template')
  const folder = mkdtempSync(join(hasRoom() ? memory : tmpdir(), 'yuanqiao-run-'))
  process.env[runFolder] = folder
  process.env['TMPDIR'] = folder
}

function hasRoom(): boolean {
  if (!existsSync(memory) || process.availableMemory() < 2 * roomBytes) return false
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= roomBytes
}

/** Called by Vitest after the last file. */
export function teardown(): void {
  const folder = process.env[runFolder]
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}
