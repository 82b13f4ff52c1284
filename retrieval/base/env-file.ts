import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Env } from './env.ts'

/**
 * Reads a `.env` file beneath the real environment: a variable set outside wins. Windows editors add a byte order mark, or save as UTF-16
 * or GBK; all three are read.
 * @returns the environment and the names the file sets; no names when there is no file
 */
export function loadEnvFile(file = '.env'): { readonly env: Env; readonly names: readonly string[] } {
  const set = existsSync(file) ? parseEnv(textOf(readFileSync(file))) : {}
  for (const [name, value] of Object.entries(set)) if (process.env[name] === undefined) process.env[name] = value
  return { env: process.env, names: Object.keys(set) }
}

function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) // drops the byte order mark
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

const shortestName = 6
const mostSlips = 2

/**
 * Pure: names that are almost a known setting, each with the setting that was meant. Names far from all of ours belong to somebody else.
 */
export function slipsIn(names: readonly string[], known: readonly string[]): { name: string; meant: string }[] {
  return names.flatMap((name) => {
    if (known.includes(name) || name.length < shortestName) return []
    const nearest = known.map((meant) => ({ name, meant, slips: slipsBetween(name.toUpperCase(), meant) }))
    const best = nearest.reduce((least, each) => (each.slips < least.slips ? each : least))
    return best.slips <= mostSlips ? [{ name, meant: best.meant }] : []
  })
}

/** Edit distance: letters to change, insert or delete. */
function slipsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > mostSlips) return mostSlips + 1
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [y, letter] of [...one].entries()) {
    const next = [y + 1]
    for (const [x, against] of [...other].entries())
      next.push(Math.min((row[x] ?? 0) + (letter === against ? 0 : 1), (row[x + 1] ?? 0) + 1, (next[x] ?? 0) + 1))
    row = next
  }
  return row[other.length] ?? 0
}
