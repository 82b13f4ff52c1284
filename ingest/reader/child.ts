import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const heapMegabytes = 512
/** More room for young objects than V8 gives beside so small a heap: reading makes many that die at once. */
const youngMegabytes = 32
/** Kilobytes of writable memory, including V8's reserved address space (about 580 MB): some 850 MB in use. */
const mostDataKilobytes = 1_450_000
const shell = '/bin/sh'

/** What a reading child may do: read the program's own files, nothing else. No code from strings, a bounded heap. */
export function childFlags(): string[] {
  const program = fileURLToPath(new URL('../..', import.meta.url))
  const packages = resolve(realpathSync(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), '..', '..')
  return [
    '--permission',
    ...[program, packages].map((folder) => `--allow-fs-read=${join(folder, '*')}`),
    `--max-old-space-size=${heapMegabytes}`,
    `--max-semi-space-size=${youngMegabytes}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
  ]
}

/** Starts a reading child; where there is a shell, the kernel refuses it memory before the watch must. */
export function startChild(program: URL): ChildProcess {
  const flags = childFlags()
  const limited = process.platform === 'linux' && existsSync(shell)
  const child = fork(program, [], {
    serialization: 'advanced',
    ...(limited
      ? { execPath: shell, execArgv: ['-c', `ulimit -d ${mostDataKilobytes}; exec "$0" "$@"`, process.execPath, ...flags] }
      : { execArgv: flags }),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '' }, // a parser needs none of our secrets
  })
  child.on('error', () => {}) // whoever waits for an answer is told; between files an error must end nothing
  child.unref()
  child.channel?.unref()
  return child
}

/** @returns the resident memory of a process in bytes; 0 when the system does not tell */
export function residentBytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
