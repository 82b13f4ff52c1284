import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A process of seconds with an embedded database would spend a third of its processor time on optimising WebAssembly that it hardly runs.
 */
export const briefly: readonly string[] = ['--liftoff-only']

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

/** Starts a command of the product as its npm script does. @param env all it gets beside the search path */
export function startCommand(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const whole = { PATH: process.env['PATH'], ...env }
  return spawn(process.execPath, [...briefly, 'bot/preflight.mjs', entry, ...args], { cwd: root, env: whole })
}

/** Runs one to its end. */
export function runCommand(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = startCommand(entry, args, env)
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (data: Buffer) => out.push(data))
    child.stderr.on('data', (data: Buffer) => err.push(data))
    child.on('close', (code) => resolve({ code, out: String(Buffer.concat(out)), err: String(Buffer.concat(err)) }))
    child.stdin.end(input)
  })
}
