import { type Header, tables } from './header.ts'

/** A stretch of the file with the same properties. */
export type Run = { readonly from: number; readonly to: number; readonly style: number | null; readonly properties: Uint8Array }

const page = 512

/** Calls back with every property (sprm, MS-DOC 2.6) of a list and its operand; unknown ones are skipped. */
export function eachProperty(list: Uint8Array, visit: (code: number, operand: DataView) => void): void {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength)
  let at = 0
  while (at + 2 < list.length) {
    const code = view.getUint16(at, true)
    const [skip, size] = operandOf(code, list, view, at + 2)
    if (at + 2 + skip + size > list.length) return
    visit(code, new DataView(list.buffer, list.byteOffset + at + 2 + skip, size))
    at += 2 + skip + size
  }
}

/** @returns how many bytes state the operand's size, and the size */
function operandOf(code: number, list: Uint8Array, view: DataView, at: number): readonly [number, number] {
  const fixed = [1, 1, 2, 4, 2, 2, null, 3][code >> 13] ?? null
  if (fixed !== null) return [0, fixed]
  if (code === 0xd608) return [2, at + 2 <= list.length ? Math.max(0, view.getUint16(at, true) - 1) : 0]
  const size = list[at] ?? 0
  if (code === 0xc615 && size === 255) return [1, tabsSize(list, at + 1)]
  return [1, size]
}

function tabsSize(list: Uint8Array, at: number): number {
  const deleted = list[at] ?? 0
  return 1 + deleted * 4 + 1 + (list[at + 1 + deleted * 4] ?? 0) * 3
}

/** Character properties, in file order. */
export function characterRuns(header: Header): Run[] {
  return pagesOf(header, tables.characters).flatMap((bytes) =>
    runsOf(bytes, 1, (offset) => {
      const size = bytes[offset] ?? 0
      return { style: null, properties: bytes.subarray(offset + 1, offset + 1 + size) }
    }),
  )
}

/** Paragraph properties: a style and what differs from it. */
export function paragraphRuns(header: Header): Run[] {
  return pagesOf(header, tables.paragraphs).flatMap((bytes) =>
    runsOf(bytes, 13, (offset) => {
      const short = bytes[offset] ?? 0
      const start = short === 0 ? offset + 2 : offset + 1
      const size = short === 0 ? (bytes[offset + 1] ?? 0) * 2 : short * 2 - 1
      const style = (bytes[start] ?? 0) | ((bytes[start + 1] ?? 0) << 8)
      return { style, properties: bytes.subarray(start + 2, start + size) }
    }),
  )
}

function pagesOf(header: Header, index: number): Uint8Array[] {
  const bins = header.table(index)
  const view = new DataView(bins.buffer, bins.byteOffset, bins.byteLength)
  const count = Math.floor((bins.length - 4) / 8)
  return Array.from({ length: Math.max(0, count) }, (_, each) => {
    const number = view.getUint32((count + 1) * 4 + each * 4, true) & 0x3fffff
    return header.text.subarray(number * page, (number + 1) * page)
  }).filter((bytes) => bytes.length === page)
}

/** One page of properties: boundaries, then for each stretch the position of its list, counted in words; 0 means none. */
function runsOf(bytes: Uint8Array, stride: number, read: (offset: number) => Pick<Run, 'style' | 'properties'>): Run[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = Math.min(bytes[page - 1] ?? 0, Math.floor((page - 5) / (4 + stride)))
  return Array.from({ length: count }, (_, index) => {
    const offset = (bytes[(count + 1) * 4 + index * stride] ?? 0) * 2
    const bounds = { from: view.getUint32(index * 4, true), to: view.getUint32(index * 4 + 4, true) }
    return { ...bounds, ...(offset === 0 ? { style: null, properties: new Uint8Array() } : read(offset)) }
  })
}

/** @returns a function that finds the stretch of a file position; neighbours are found without searching */
export function finder(runs: readonly Run[]): (place: number) => Run | undefined {
  const sorted = [...runs].sort((a, b) => a.from - b.from)
  let last = 0
  return (place) => {
    const holds = (run: Run | undefined) => run !== undefined && run.from <= place && place < run.to
    if (holds(sorted[last])) return sorted[last]
    if (holds(sorted[last + 1])) {
      last += 1
      return sorted[last]
    }
    let [low, high] = [0, sorted.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((sorted[middle]?.from ?? 0) <= place) low = middle
      else high = middle - 1
    }
    last = low
    return holds(sorted[low]) ? sorted[low] : undefined
  }
}
