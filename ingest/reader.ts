import { availableParallelism } from 'node:os'
import type { Reading } from './formats/format.ts'
import { openLane, type ReadingLimits } from './reader/lane.ts'

/** A child and its tesseract may take 850 MB each; with less memory two pairs would leave nothing for other processes. */
const roomForTwoBytes = 4 * 1024 ** 3

export type Reader = {
  /** How many files are read at the same time. */
  readonly lanes: number
  /** @throws FormatError */
  read(bytes: Uint8Array, name: string): Promise<Reading>
  close(): void
}

/** @returns how many files this machine reads at once: two with enough processors and memory, else one */
function lanesHere(): number {
  return availableParallelism() > 1 && process.availableMemory() > roomForTwoBytes ? 2 : 1
}

/** Reads files in child processes, see {@link openLane}; a child is started when there is a file for it. */
export function openReader({ lanes: count = lanesHere(), ...limits }: Partial<ReadingLimits & { lanes: number }> = {}): Reader {
  const lanes = Array.from({ length: count }, () => openLane(limits))
  return {
    lanes: count,
    async read(bytes, name) {
      const [free] = lanes.toSorted((a, b) => a.waiting() - b.waiting())
      if (free === undefined) throw new RangeError('a reader without a lane')
      return free.read(bytes, name)
    },
    close() {
      for (const lane of lanes) lane.close()
    },
  }
}
