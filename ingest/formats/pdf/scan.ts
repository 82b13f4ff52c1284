import { constants, inflateSync } from 'node:zlib'
import { FormatError } from '../format.ts'

/** A page description larger than this is no page. */
const largestStream = 48 * 1024 * 1024
export const mostPages = 2_000
const mostStreams = 20_000
/** Pictures, fonts and tables of the file itself hold no page description. */
const other =
  /\/Subtype\s*\/Image|\/Length[123]\b|\/Subtype\s*\/(?:Type1C|CIDFontType0C|OpenType|XML)|\/Type\s*\/(?:XRef|ObjStm|Metadata)/

const objects = /\/Type\s*\/ObjStm/
/** Layers that are off, letters that let everything through: to be followed by whoever paints. */
const seldom = /\/OFF\s*\[\s*\d|\/BaseState\s*\/OFF|\/ca\s+0?(?:\.0*)?(?![.\d])/
const spot = /\/Separation\b|\/DeviceN\b/

export type Scan = {
  /** Text may be painted where nobody sees it: white, or in the mode that paints nothing. */
  readonly mayHide: boolean
  /** The page descriptions are encrypted: they can be looked through only as the library unpacks them. */
  readonly encrypted: boolean
  /** Scripts or programs to start; they are never run, but a document has no need of them. */
  readonly active: boolean
}

/**
 * A first look at a PDF without any library: page descriptions are unpacked under a limit, so that a bomb of two kilobytes is found
 * before somebody unpacks it, and looked through for ways to hide text. @throws FormatError `too_large`
 */
export function scanPdf(bytes: Uint8Array): Scan {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const counts = [...text.matchAll(/\/Count\s+(\d{5,})/g)].map((match) => Number(match[1]))
  if (counts.some((count) => count > mostPages * 5))
    throw new FormatError('too_large', 'The PDF says it has more pages than can be read', { hint: 'Print it to a new PDF.' })
  const found = lookedThrough(bytes, text)
  return {
    mayHide: found.special || found.hiding === 'surely' || (found.hiding === 'in_spot_colour' && found.spots),
    encrypted: found.encrypted,
    active: /\/(?:JavaScript|JS|Launch)\b(?!\s*null)/.test(text),
  }
}

type Seen = {
  readonly encrypted: boolean
  hiding: Hiding
  /** Something in it only a painter can follow. */
  special: boolean
  spots: boolean
}

function lookedThrough(bytes: Uint8Array, text: string): Seen {
  const streams = [...streamsOf(text)]
  const seen: Seen = {
    encrypted: /\/Encrypt\b/.test(text),
    hiding: 'not',
    special: streams.length > mostStreams || seldom.test(text),
    spots: spot.test(text),
  }
  for (const { start, dictionary } of streams) {
    const holdsObjects = objects.test(dictionary)
    if (other.test(dictionary) && !holdsObjects) continue
    seen.special ||= /\/OC\b/.test(dictionary) || (seen.encrypted && !packedOnce.test(dictionary))
    if (!seen.encrypted) take(seen, contentOf(bytes, text, start, dictionary), holdsObjects)
  }
  return seen
}

function take(seen: Seen, content: string, holdsObjects: boolean): void {
  if (holdsObjects) {
    seen.special ||= seldom.test(content)
    seen.spots ||= spot.test(content)
  } else if (seen.hiding !== 'surely') seen.hiding = worse(seen.hiding, hides(content))
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
      return Buffer.alloc(0) // not packed this way, or broken: the library will say so
    }
  }
  return content
}

/** Of an encrypted file only what is packed in this way is shown to whoever looks through it. */
const packedOnce = /\/Filter\s*(?:\/FlateDecode\b|\[\s*\/FlateDecode\s*\])/

const tokens = /\((?:[^()\\]|\\[\s\S])*\)|<[0-9A-Fa-f\s]*>|[^\s()<>[\]/]+|\/[^\s()<>[\]/]*/g

/** What a page description hides: nothing, something, or something if its first ink is a spot colour, of which 0 is none. */
export type Hiding = 'not' | 'in_spot_colour' | 'surely'
const worse = (a: Hiding, b: Hiding): Hiding => (a === 'surely' || b === 'surely' ? 'surely' : a === 'not' ? b : a)

type State = { white: Hiding; mode: string }

/**
 * Runs through the operators of a page description: is text shown while the colour is white or the mode invisible, or another part
 * painted that inherits this, or left to the next part? Layers can be switched off.
 */
export function hides(content: string): Hiding {
  if (!showsText(content) && !/\bDo\b/.test(content)) return 'not'
  let state: State = { white: 'not', mode: '0' }
  let found: Hiding = 'not'
  const saved: State[] = []
  let operands: string[] = []
  for (const [token] of content.matchAll(tokens)) {
    if (/^[(<[/\d.+-]/.test(token)) {
      operands.push(token)
      continue
    }
    found = worse(found, seenAt(token, operands, state))
    if (found === 'surely') return found
    if (token === 'q') saved.push(state)
    state = token === 'Q' ? (saved.pop() ?? state) : after(token, operands, state)
    operands = []
  }
  return worse(found, unseen(state))
}

function seenAt(operator: string, operands: readonly string[], state: State): Hiding {
  if (operator === 'BDC' && operands[0] === '/OC') return 'surely'
  return /^(?:T[jJ]|['"]|Do)$/.test(operator) ? unseen(state) : 'not'
}

function unseen({ white, mode }: State): Hiding {
  return /^[37]$/.test(mode) ? 'surely' : white
}

export function showsText(content: string): boolean {
  return /\bT[jJ]\b/.test(content)
}

function after(operator: string, operands: readonly string[], state: State): State {
  if (operator === 'Tr') return { ...state, mode: operands.at(-1) ?? '0' }
  const white = whiteAfter(operator, operands.map(Number), state.white)
  return white === state.white ? state : { ...state, white }
}

/** Near white counts: 0.97 of full light on paper is not seen. */
function whiteAfter(operator: string, operands: readonly number[], before: Hiding): Hiding {
  const none = (values: readonly number[]) => values.every((value) => value <= 0.03)
  const full = (values: readonly number[]) => values.every((value) => value >= 0.97)
  const white = (is: boolean): Hiding => (is ? 'surely' : 'not')
  if (operator === 'g') return white(full(operands.slice(-1)))
  if (operator === 'rg') return white(full(operands.slice(-3)))
  if (operator === 'k') return white(none(operands.slice(-4)))
  if (operator !== 'sc' && operator !== 'scn') return before
  if (operands.length === 4) return white(none(operands))
  return full(operands) ? 'surely' : operands.length === 1 && none(operands) ? 'in_spot_colour' : 'not'
}
