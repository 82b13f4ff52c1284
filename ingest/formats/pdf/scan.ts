import { constants, inflateSync } from 'node:zlib'
import { FormatError } from '../format.ts'

/** A page description larger than this is no page. */
const largestStream = 48 * 1024 * 1024
export const mostPages = 2_000
const mostStreams = 20_000
/** Pictures, fonts and tables of the file itself hold no page description. */
const other =
  /\/Subtype\s*\/Image|\/Length[123]\b|\/Subtype\s*\/(?:Type1C|CIDFontType0C|OpenType|XML)|\/Type\s*\/(?:XRef|ObjStm|Metadata)/

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
  const encrypted = /\/Encrypt\b/.test(text)
  let mayHide = false
  let seen = 0
  for (const match of text.matchAll(/\bstream\r?\n/g)) {
    seen += 1
    if (seen > mostStreams) break
    const start = match.index + match[0].length
    const dictionary =
      text
        .slice(Math.max(0, match.index - 600), match.index)
        .split(/\bobj\b/)
        .at(-1) ?? ''
    if (other.test(dictionary)) continue
    if (encrypted) {
      mayHide ||= !packedOnce.test(dictionary)
      continue
    }
    const length = Number(/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? 0)
    const end = length > 0 && start + length <= text.length ? start + length : text.indexOf('endstream', start)
    const content = unpacked(bytes.subarray(start, end < 0 ? undefined : end), dictionary)
    mayHide ||= hides(content.toString('latin1'))
  }
  return { mayHide, encrypted, active: /\/(?:JavaScript|JS|Launch)\b(?!\s*null)/.test(text) }
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

type State = { white: boolean; mode: string }

export function showsText(content: string): boolean {
  return /\bT[jJ]\b/.test(content)
}

/** Runs through the operators of a page description: is text shown while the colour is white or the mode invisible? */
export function hides(content: string): boolean {
  if (!showsText(content)) return false
  let state: State = { white: false, mode: '0' }
  const saved: State[] = []
  let operands: string[] = []
  for (const [token] of content.matchAll(tokens)) {
    if (/^[(<[/\d.+-]/.test(token)) {
      operands.push(token)
      continue
    }
    if (/^(?:T[jJ]|['"])$/.test(token) && (state.white || /^[37]$/.test(state.mode))) return true
    if (token === 'q') saved.push(state)
    state = token === 'Q' ? (saved.pop() ?? state) : after(token, operands, state)
    operands = []
  }
  return false
}

function after(operator: string, operands: readonly string[], state: State): State {
  if (operator === 'Tr') return { ...state, mode: operands.at(-1) ?? '0' }
  const white = whiteAfter(operator, operands.map(Number), state.white)
  return white === state.white ? state : { ...state, white }
}

/** Near white counts: 0.97 of full light on paper is not seen. */
function whiteAfter(operator: string, operands: readonly number[], before: boolean): boolean {
  if (operator === 'g') return operands.slice(-1).every((value) => value >= 0.97)
  if (operator === 'rg') return operands.slice(-3).every((value) => value >= 0.97)
  if (operator === 'k') return operands.slice(-4).every((value) => value <= 0.03)
  if (operator === 'sc' || operator === 'scn')
    return operands.length === 4 ? operands.every((value) => value <= 0.03) : operands.every((value) => value >= 0.97)
  return before
}
