import { constants, inflateSync } from 'node:zlib'
import { FormatError } from '../format.ts'
import { amongForms, amongParts, hides, inSpotColour, surely } from './hides.ts'

/** A larger page description is not a page. */
const largestStream = 48 * 1024 * 1024
export const mostPages = 2_000
const mostStreams = 20_000
/** Pictures, fonts and the file's own tables hold no page description. */
const other =
  /\/Subtype\s*\/Image|\/Length[123]\b|\/Subtype\s*\/(?:Type1C|CIDFontType0C|OpenType|XML)|\/Type\s*\/(?:XRef|ObjStm|Metadata)/

const objects = /\/Type\s*\/ObjStm/
/** Layers that are off, and full transparency: only following the painter tells. */
const seldom = /\/OFF\s*\[\s*\d|\/BaseState\s*\/OFF|\/ca\s+0?(?:\.0*)?(?![.\d])/
const spot = /\/Separation\b|\/DeviceN\b/
/** Annotations, painted over a page after its content. */
const notes = /\/Subtype\s*\/(?:Square|Circle|Polygon|PolyLine|Ink|Line|Stamp|FreeText|Redact|Watermark|Widget)\b/
/** A page in several parts: what one paints may cover the words of another. */
const severalParts = /\/Contents\s*\[\s*\d+\s+\d+\s+R\s+\d/

export type Scan = {
  /** Text may be painted where nobody sees it: white, or in the mode that paints nothing. */
  readonly mayHide: boolean
  /** The page descriptions are encrypted: they can be scanned only as the library unpacks them. */
  readonly encrypted: boolean
  /** Scripts or programs to start; they are never run, but a document does not need them. */
  readonly active: boolean
}

/**
 * A first look at a PDF without any library: page descriptions are unpacked under a limit, so that a bomb of two kilobytes is found before
 * a library unpacks it, and scanned for ways to hide text.
 * @throws FormatError `too_large`
 */
export function scanPdf(bytes: Uint8Array): Scan {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const counts = [...text.matchAll(/\/Count\s+(\d{5,})/g)].map((match) => Number(match[1]))
  if (counts.some((count) => count > mostPages * 5))
    throw new FormatError('too_large', 'The PDF says it has more pages than can be read', { hint: 'Print it to a new PDF.' })
  const found = lookedThrough(bytes, text)
  return {
    mayHide: found.special || isHiding(found),
    encrypted: found.encrypted,
    active: /\/(?:JavaScript|JS|Launch)\b(?!\s*null)/.test(text),
  }
}

function isHiding({ hiding, spots, forms, parts }: Seen): boolean {
  const known = surely | (spots ? inSpotColour : 0) | (forms ? amongForms : 0) | (parts ? amongParts : 0)
  return (hiding & known) > 0
}

type Seen = {
  readonly encrypted: boolean
  /** Sum over all page descriptions, see {@link hides}. */
  hiding: number
  /** Pages may be painted in several parts. */
  parts: boolean
  forms: boolean
  /** It holds something only a painter can follow. */
  special: boolean
  spots: boolean
}

function lookedThrough(bytes: Uint8Array, text: string): Seen {
  const streams = [...streamsOf(text)]
  const seen: Seen = {
    encrypted: /\/Encrypt\b/.test(text),
    hiding: 0,
    parts: severalParts.test(text),
    forms: false,
    special: streams.length > mostStreams || seldom.test(text) || notes.test(text),
    spots: spot.test(text),
  }
  for (const { start, dictionary } of streams) {
    const holdsObjects = objects.test(dictionary)
    if (other.test(dictionary) && !holdsObjects) continue
    seen.forms ||= /\/Subtype\s*\/Form\b/.test(dictionary)
    seen.special ||= /\/OC\b/.test(dictionary) || (seen.encrypted && !packedOnce.test(dictionary))
    if (!seen.encrypted) take(seen, contentOf(bytes, text, start, dictionary), holdsObjects)
  }
  return seen
}

function take(seen: Seen, content: string, holdsObjects: boolean): void {
  if (holdsObjects) {
    seen.special ||= seldom.test(content) || notes.test(content)
    seen.parts ||= severalParts.test(content)
    seen.spots ||= spot.test(content)
  } else if ((seen.hiding & surely) === 0) seen.hiding |= hides(content)
}

type Stream = { readonly start: number; readonly dictionary: string }

function* streamsOf(text: string): Generator<Stream> {
  let seen = 0
  for (const match of text.matchAll(/\bstream\r?\n/g)) {
    seen += 1
    if (seen > mostStreams + 1) return
    const before = text.slice(Math.max(0, match.index - 600), match.index)
    yield { start: match.index + match[0].length, dictionary: before.split(/\bobj\b/).at(-1) ?? '' }
  }
}

function contentOf(bytes: Uint8Array, text: string, start: number, dictionary: string): string {
  const length = Number(/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? 0)
  const end = length > 0 && start + length <= text.length ? start + length : text.indexOf('endstream', start)
  return unpacked(bytes.subarray(start, end < 0 ? undefined : end), dictionary).toString('latin1')
}

function unpacked(packed: Uint8Array, dictionary: string): Buffer {
  const times = Math.min(dictionary.match(/\/(?:FlateDecode|Fl)\b/g)?.length ?? 0, 4)
  let content = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  for (let time = 0; time < times; time += 1) {
    try {
      content = inflateSync(content, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: largestStream })
    } catch (error) {
      if (error instanceof RangeError || (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
        throw new FormatError('too_large', 'A page of the PDF unpacks to too much', {
          hint: 'Check where it comes from; print it to a new PDF.',
          cause: error,
        })
      return Buffer.alloc(0) // not packed this way, or broken: the library will report it
    }
  }
  return content
}

/** Of an encrypted file only data packed in this way can be scanned while the library unpacks it. */
const packedOnce = /\/Filter\s*(?:\/FlateDecode\b|\[\s*\/FlateDecode\s*\])/
