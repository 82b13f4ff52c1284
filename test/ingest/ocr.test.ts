import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Reading } from '../../ingest/formats/format.ts'
import { ocrLanguage } from '../../ingest/reader/ocr.ts'
import { openReader } from '../../ingest/reader.ts'
import { codeOf } from '../../retrieval/base/errors.ts'

const picture = () => new Uint8Array(readFileSync(new URL('../cases/files/png-scan/source.png', import.meta.url)))

test('a picture of a page is read where tesseract is, and refused with what to install where it is not', async () => {
  const reader = openReader()
  const found = await reader.read(picture(), 'scan.png').catch((error: unknown) => error)
  reader.close()
  if (ocrLanguage() === null) {
    expect(codeOf(found)).toBe('needs_ocr')
    expect(found).toMatchObject({ hint: expect.stringContaining('apt-get install tesseract-ocr tesseract-ocr-chi-sim') })
  } else {
    expect(found).toMatchObject({ kind: 'text', warnings: ['ocr_text'] })
    expect(JSON.stringify(found)).toContain('为支持中试平台建设')
  }
})

test('a page that is a picture among pages of text is read in its place, and without tesseract told', async () => {
  const reader = openReader()
  const found = await reader.read(mixedPdf(), 'mixed.pdf')
  reader.close()
  const text = textOf(found)
  expect(found.warnings).toContain('pages_without_text')
  if (ocrLanguage() === null) expect(text).toEqual(['1 Article 1 of the measures.', '3 Article 2 of the measures.'])
  else {
    expect(text.at(0)).toBe('1 Article 1 of the measures.')
    expect(text.at(-1)).toBe('3 Article 2 of the measures.')
    expect(text.slice(1, -1).join('')).toMatch(/^2 .*为支持中试平台建设/)
    expect(found).toMatchObject({ warnings: expect.arrayContaining(['ocr_text']), pictures: [{ page: 2 }] })
  }
})

function textOf(reading: Reading): string[] {
  return reading.kind === 'text' ? reading.lines.map(({ page, text }) => `${page} ${text}`) : []
}

/** Text, the picture, text: what a PNG packs, a PDF packs in the same way. */
function mixedPdf(): Uint8Array {
  const png = Buffer.from(picture())
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const packed: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  expect(inflateSync(Buffer.concat(packed)).length).toBe(height * (1 + 3 * width))
  const stream = (dictionary: string, content: Buffer) =>
    Buffer.concat([Buffer.from(`<< ${dictionary} /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream')])
  const words = (text: string) => stream('', Buffer.from(`BT /F1 12 Tf 72 700 Td (${text}) Tj ET`))
  const page = (content: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /P 10 0 R >> >> >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R 5 0 R 6 0 R] /Count 3 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...[page(7), page(8), page(9)],
    words('Article 1 of the measures.'),
    stream('', Buffer.from('500 0 0 233 47 400 cm /P Do')),
    words('Article 2 of the measures.'),
    stream(
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns ${width} >>`,
      Buffer.concat(packed),
    ),
  ]
  const parts = objects.map((object, index) =>
    Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]),
  )
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      ...parts,
      Buffer.from(`trailer << /Size ${objects.length + 1} /Root 1 0 R >>\n%%EOF\n`),
    ]),
  )
}
