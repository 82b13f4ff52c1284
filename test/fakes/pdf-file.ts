import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export type PdfStream = { readonly dictionary: string; readonly content: string }

const resources = '/Font << /F1 3 0 R >>'
const empty = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex') // what stands for a missing password

/**
 * A PDF of one page for what {@link pdfFile} cannot express: several content streams, forms, layers, encryption without a password. Objects
 * from number 7 on are `more`; the content streams follow.
 */
export function pdfOf(
  contents: readonly string[],
  options: {
    more?: readonly (string | PdfStream)[]
    resources?: string
    catalog?: string
    page?: string
    encrypted?: boolean
  } = {},
): Uint8Array {
  const more = options.more ?? []
  const first = 7 + more.length
  const refs = contents.map((_, index) => `${first + index} 0 R`).join(' ')
  const objects: (string | PdfStream)[] = [
    `<< /Type /Catalog /Pages 2 0 R ${options.catalog ?? ''} >>`,
    '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [${refs}] /Resources << ${resources} ${options.resources ?? ''} >> ${options.page ?? ''} >>`,
    'null',
    'null',
    ...more,
    ...contents.map((content) => ({ dictionary: '', content })),
  ]
  const owner = Buffer.alloc(32, 7)
  const id = Buffer.alloc(16, 9)
  const key = md5(empty, owner, Buffer.from('fcffffff', 'hex'), id).subarray(0, 5)
  const secret = options.encrypted ? key : null
  const parts = objects.map((object, index) => written(object, index + 1, secret))
  const hex = (bytes: Uint8Array) => `<${Buffer.from(bytes).toString('hex')}>`
  const encryption = `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${hex(owner)} /U ${hex(rc4(key, empty))} /P -4 >> /ID [${hex(id)} ${hex(id)}]`
  const trailer = `trailer << /Size ${objects.length + 1} /Root 1 0 R ${options.encrypted ? encryption : ''} >>\n%%EOF\n`
  return new Uint8Array(Buffer.concat([Buffer.from('%PDF-1.7\n'), ...parts, Buffer.from(trailer)]))
}

function written(object: string | PdfStream, number: number, key: Uint8Array | null): Buffer {
  if (typeof object === 'string') return Buffer.from(`${number} 0 obj\n${object}\nendobj\n`)
  const packed = deflateSync(Buffer.from(object.content, 'latin1'))
  const own = key === null ? null : md5(key, Buffer.from([number & 255, number >> 8, 0, 0, 0])).subarray(0, 10)
  const body = own === null ? packed : rc4(own, packed)
  const head = `${number} 0 obj\n<< ${object.dictionary} /Filter /FlateDecode /Length ${body.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\nendstream\nendobj\n')])
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The cipher itself; OpenSSL does not offer it any more. */
function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index)
  const swap = (a: number, b: number) => {
    const kept = state[a] ?? 0
    state[a] = state[b] ?? 0
    state[b] = kept
  }
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 255
    swap(i, j)
  }
  let [i, j] = [0, 0]
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) & 255
      j = (j + (state[i] ?? 0)) & 255
      swap(i, j)
      return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 255] ?? 0)
    }),
  )
}
