import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Finished rounds, in a file, so that a long campaign can be run in pieces. */
export type Rounds<Round> = {
  /** By number, from 1. */
  readonly done: ReadonlyMap<number, Round>
  add(number: number, round: Round): void
}

/** @param file null = nothing is kept. @param of what the rounds belong to: those of another seed or mode are ignored */
export function openRounds<Round>(file: string | null, of: string): Rounds<Round> {
  const kept = file !== null && existsSync(file) ? readRounds<Round>(file) : null
  if (kept !== null && kept.of !== of) throw new Error(`${file} holds rounds of “${kept.of}”, not of “${of}”: name another file`)
  const done = new Map<number, Round>(kept?.rounds ?? [])
  return {
    done,
    add(number, round) {
      done.set(number, round)
      if (file === null) return
      writeFileSync(`${file}.new`, JSON.stringify({ of, rounds: [...done] }))
      renameSync(`${file}.new`, file)
    },
  }
}

function readRounds<Round>(file: string): { of: string; rounds: [number, Round][] } {
  return JSON.parse(readFileSync(file, 'utf8')) as { of: string; rounds: [number, Round][] } // written above
}
