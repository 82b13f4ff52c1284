import { type Format, FormatError, NeedsOcr } from './format.ts'

const largest = 30 * 1024 * 1024
/** An A4 page at 600 dpi has 35 million pixels; a larger picture is made to exhaust memory. */
const mostPixels = 40_000_000

type Size = { readonly width: number; readonly height: number }

/** Photographs and scans of a page: only the size is checked here, reading is tesseract's. */
export const image: Format = {
  name: 'image',
  matches: (bytes) => kindOf(bytes) !== null,
  async read(bytes) {
    checked(bytes)
    throw new NeedsOcr('The picture', 1)
  },
  async picture(bytes) {
    checked(bytes)
    return bytes
  },
}

function checked(bytes: Uint8Array): void {
  if (bytes.length > largest)
    throw new FormatError('too_large', 'The picture is larger than 30 MB', { hint: 'Scan it at 200 dpi.' })
  const size = kindOf(bytes)?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? null
  if (size === null || size.width * size.height === 0)
    throw new FormatError('damaged', 'The picture is damaged', { hint: 'Save it again as PNG or JPEG.' })
  if (size.width * size.height > mostPixels)
    throw new FormatError('too_large', 'The picture has more than 40 million pixels', { hint: 'Scan it at 200 dpi.' })
}

type Measure = (view: DataView) => Size | null

const kinds: readonly (readonly [RegExp, Measure])[] = [
  [/^\x89PNG\r\n/, (view) => (view.byteLength < 24 ? null : { width: view.getUint32(16), height: view.getUint32(20) })],
  [/^\xFF\xD8\xFF/, jpegSize],
  [/^GIF8[79]a/, (view) => (view.byteLength < 10 ? null : { width: view.getUint16(6, true), height: view.getUint16(8, true) })],
  [
    /^BM[\s\S]{4}\0\0\0\0/,
    (view) => (view.byteLength < 26 ? null : { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }),
  ],
  [/^(?:II\*\0|MM\0\*)/, tiffSize],
  [/^RIFF[\s\S]{4}WEBP/, webpSize],
]

function kindOf(bytes: Uint8Array): Measure | null {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  return kinds.find(([magic]) => magic.test(head))?.[1] ?? null
}

/** Segments up to the frame, which states the size. */
function jpegSize(view: DataView): Size | null {
  let at = 2
  while (at + 9 < view.byteLength) {
    const marker = view.getUint8(at + 1)
    if (view.getUint8(at) !== 0xff) return null
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** The first directory: tags 256 and 257 are width and height. */
function tiffSize(view: DataView): Size | null {
  const little = view.getUint8(0) === 0x49
  const start = view.byteLength >= 8 ? view.getUint32(4, little) : view.byteLength
  if (start + 2 > view.byteLength) return null
  const found = { width: 0, height: 0 }
  for (let index = 0; index < view.getUint16(start, little); index += 1) {
    const at = start + 2 + index * 12
    if (at + 12 > view.byteLength) return null
    const tag = view.getUint16(at, little)
    const value = view.getUint16(at + 2, little) === 3 ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little)
    if (tag === 256) found.width = value
    if (tag === 257) found.height = value
  }
  return found
}

function webpSize(view: DataView): Size | null {
  if (view.byteLength < 30) return null
  const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  const kind = view.getUint32(12)
  if (kind === 0x56503858) return { width: three(24) + 1, height: three(27) + 1 } // VP8X
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true) // VP8L
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}
