import { decodeText } from '../base/encoding.ts'

/** One part of a message: its headers by lower-case name, its content with the transfer encoding removed. */
export type Part = {
  readonly headers: ReadonlyMap<string, string>
  readonly content: Uint8Array
  readonly parts: readonly Part[]
}

const deepest = 8
const mostParts = 100

/** Splits a message (RFC 5322, 2045–2047) into its parts; a malformed one is read as far as possible. */
export function parseMessage(bytes: Uint8Array): Part {
  return parsePart(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), 0)
}

function parsePart(source: string, depth: number): Part {
  const blank = /\r?\n\r?\n/.exec(source)
  const head = blank === null ? source : source.slice(0, blank.index)
  const body = blank === null ? '' : source.slice(blank.index + blank[0].length)
  const headers = headersOf(head)
  const boundary = parameter(headers.get('content-type') ?? '', 'boundary')
  const isMultipart = /^multipart\//i.test(headers.get('content-type') ?? '') && boundary !== null && depth < deepest
  if (isMultipart)
    return { headers, content: new Uint8Array(), parts: pieces(body, boundary).map((piece) => parsePart(piece, depth + 1)) }
  return { headers, content: travelled(body, headers.get('content-transfer-encoding') ?? ''), parts: [] }
}

function headersOf(head: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).trim().toLowerCase()
    if (at > 0 && !headers.has(name)) headers.set(name, line.slice(at + 1).trim())
  }
  return headers
}

function pieces(body: string, boundary: string): string[] {
  const marks = `\n${body}`.split(`\n--${boundary}`)
  return marks
    .slice(1, mostParts)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => piece.replace(/^[^\n]*\n/, '').replace(/\r$/, ''))
}

function travelled(body: string, encoding: string): Uint8Array {
  if (/base64/i.test(encoding)) return new Uint8Array(Buffer.from(body, 'base64'))
  if (!/quoted-printable/i.test(encoding)) return new Uint8Array(Buffer.from(body, 'latin1'))
  return new Uint8Array(Buffer.from(unquoted(body.replace(/[ \t]*=\r?\n/g, '')), 'latin1'))
}

function unquoted(text: string): string {
  return text.replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** @returns a parameter of a header, including RFC 2231's charset'language'%-form */
export function parameter(header: string, name: string): string | null {
  const star = new RegExp(`;\\s*${name}\\*(?:0\\*)?=([^;\\s]+)`, 'i').exec(header)?.[1]
  if (star !== undefined) {
    const [charset = '', , value = ''] = star.replace(/^"|"$/g, '').split("'")
    const bytes = Buffer.from(
      value.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
      'latin1',
    )
    return decodeAs(new Uint8Array(bytes), charset)
  }
  const plain = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header)
  return plain === null ? null : words(plain[1] ?? plain[2] ?? '')
}

/** Words of a header as a person reads them: =?gb18030?B?…?= decoded, the charset of raw bytes guessed. */
export function words(header: string): string {
  const joined = header.replace(/\?=\s+=\?/g, '?==?')
  const decoded = joined.replace(
    /=\?([\w-]+)(?:\*\w+)?\?([BbQq])\?([^?]*)\?=/g,
    (_, charset: string, how: string, text: string) => {
      const bytes = /b/i.test(how) ? Buffer.from(text, 'base64') : Buffer.from(unquoted(text.replace(/_/g, ' ')), 'latin1')
      return decodeAs(new Uint8Array(bytes), charset)
    },
  )
  return /[\u0080-\u00FF]{2}/.test(decoded) && !/[\u0100-\uFFFF]/.test(decoded)
    ? (decodeText(new Uint8Array(Buffer.from(decoded, 'latin1'))) ?? decoded)
    : decoded
}

/** GB2312 and GBK are read as gb18030, their superset; an unknown charset is guessed. */
export function decodeAs(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(/^gb/i.test(charset) ? 'gb18030' : charset, { fatal: true }).decode(bytes)
  } catch {
    return decodeText(bytes) ?? ''
  }
}
