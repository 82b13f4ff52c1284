import { FormatError } from '../format.ts'

/** A file of the older Office family: a small file system (MS-CFB). Stream names ignore case, e.g. `WordDocument`. */
export type Compound = {
  readonly paths: readonly string[]
  /** @returns undefined when there is no such stream */
  stream(path: string): Uint8Array | undefined
}

const mostEntries = 4_000
const endOfChain = 0xfffffffe
const none = 0xffffffff

/** @returns whether the bytes begin like a compound file */
export function isCompound(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0
}

type Entry = { readonly path: string; readonly start: number; readonly size: number; readonly kind: number }

/** @throws FormatError `damaged`: chains that loop or leave the file are followed no further than the file is long */
export function openCompound(bytes: Uint8Array): Compound {
  if (bytes.length < 512 || !isCompound(bytes)) throw damaged()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sectorSize = 1 << Math.min(view.getUint16(30, true), 16)
  const miniSize = 1 << Math.min(view.getUint16(32, true), 16)
  const cutoff = view.getUint32(56, true)
  const sector = (index: number) => bytes.subarray((index + 1) * sectorSize, (index + 2) * sectorSize)
  const table = allocation(view, sector, sectorSize)
  const chain = (first: number, size: number | null) => follow(first, table, sector, size, bytes.length / sectorSize)
  const entries = directory(chain(view.getUint32(48, true), null))
  const root = entries.find((entry) => entry.kind === 5)
  const miniTable = numbers(chain(view.getUint32(60, true), null))
  const miniStream = root === undefined ? new Uint8Array() : chain(root.start, root.size)
  const miniSector = (index: number) => miniStream.subarray(index * miniSize, (index + 1) * miniSize)
  const streams = new Map(entries.filter((entry) => entry.kind === 2).map((entry) => [entry.path.toLowerCase(), entry]))
  return {
    paths: [...streams.keys()],
    stream(path) {
      const entry = streams.get(path.toLowerCase())
      if (entry === undefined) return undefined
      return entry.size < cutoff
        ? follow(entry.start, miniTable, miniSector, entry.size, miniStream.length / miniSize)
        : chain(entry.start, entry.size)
    },
  }
}

function numbers(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.byteLength >> 2 }, (_, index) => view.getUint32(index * 4, true))
}

/** The table of the next sector of each sector; its own sectors are listed in the header and, in large files, in further sectors. */
function allocation(view: DataView, sector: (index: number) => Uint8Array, sectorSize: number): Uint32Array {
  const listed: number[] = []
  for (let at = 0; at < 109; at += 1) listed.push(view.getUint32(76 + at * 4, true))
  let more = view.getUint32(68, true)
  for (let patience = view.byteLength / sectorSize; more < endOfChain && patience > 0; patience -= 1) {
    const next = numbers(sector(more))
    listed.push(...next.subarray(0, -1))
    more = next.at(-1) ?? endOfChain
  }
  const used = listed.filter((index) => index < view.byteLength / sectorSize)
  const table = new Uint32Array((used.length * sectorSize) / 4).fill(none)
  for (const [order, index] of used.entries()) table.set(numbers(sector(index)), (order * sectorSize) / 4)
  return table
}

function follow(
  first: number,
  table: Uint32Array,
  sector: (index: number) => Uint8Array,
  size: number | null,
  patience: number,
): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  for (let at = first; at < endOfChain && (size === null || length < size); at = table[at] ?? none) {
    const part = sector(at)
    if (part.length === 0 || parts.length > patience) break
    parts.push(part)
    length += part.length
  }
  const whole = new Uint8Array(Buffer.concat(parts))
  return size === null ? whole : whole.subarray(0, size)
}

/** Entries of a storage form a tree of siblings, storages a tree of folders. */
function directory(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = Math.min(bytes.byteLength >> 7, mostEntries)
  const entries: Entry[] = []
  const seen = new Set<number>()
  const waiting: { index: number; folder: string }[] = [{ index: 0, folder: '' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { index, folder } = next
    if (index >= count || seen.has(index)) continue
    seen.add(index)
    const at = index * 128
    const name = new TextDecoder('utf-16le').decode(
      bytes.subarray(at, at + Math.max(0, Math.min(view.getUint16(at + 64, true), 64) - 2)),
    )
    const kind = view.getUint8(at + 66)
    const path = kind === 5 ? '' : `${folder}${name}`
    entries.push({ path, kind, start: view.getUint32(at + 116, true), size: view.getUint32(at + 120, true) })
    waiting.push({ index: view.getUint32(at + 68, true), folder }, { index: view.getUint32(at + 72, true), folder })
    waiting.push({ index: view.getUint32(at + 76, true), folder: kind === 5 ? '' : `${path}/` })
  }
  return entries
}

function damaged(): FormatError {
  return new FormatError('damaged', 'The container of the file is damaged', {
    hint: 'Open it in the program it was written with and save it again.',
  })
}
