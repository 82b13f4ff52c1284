import { zipFile } from './office-file.ts'

const sector = 512

/** A compound file (MS-CFB) with one stream, padded to where streams stand in sectors of their own. */
export function compoundFile(name: string, content: Uint8Array): Uint8Array {
  const size = Math.max(4_096, Math.ceil(content.length / sector) * sector)
  const count = size / sector
  const bytes = Buffer.alloc(sector * (3 + count))
  bytes.write('d0cf11e0a1b11ae1', 'hex')
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const)
    bytes.writeUInt16LE(value, at)
  for (const [at, value] of [
    [44, 1],
    [48, 1],
    [56, 4_096],
    [60, 0xfffffffe],
    [68, 0xfffffffe],
    [76, 0],
  ] as const)
    bytes.writeUInt32LE(value, at)
  bytes.fill(0xff, 80, sector)
  const table = Array.from({ length: sector / 4 }, (_, index) => {
    if (index === 0) return 0xfffffffd
    if (index === 1 || index === count + 1) return 0xfffffffe
    return index < count + 1 ? index + 1 : 0xffffffff
  })
  for (const [index, next] of table.entries()) bytes.writeUInt32LE(next, sector + index * 4)
  const entry = (at: number, title: string, kind: number, child: number, start: number, length: number) => {
    bytes.write(title, at, 'utf16le')
    bytes.writeUInt16LE(title.length * 2 + 2, at + 64)
    bytes.writeUInt8(kind, at + 66)
    bytes.writeUInt8(1, at + 67)
    for (const [more, value] of [
      [68, 0xffffffff],
      [72, 0xffffffff],
      [76, child],
      [116, start],
      [120, length],
    ] as const)
      bytes.writeUInt32LE(value, at + more)
  }
  entry(sector * 2, 'Root Entry', 5, 1, 0xfffffffe, 0)
  entry(sector * 2 + 128, name, 2, 0xffffffff, 2, size)
  bytes.set(content, sector * 3)
  return new Uint8Array(bytes)
}

export type BiffCell = { readonly y: number; readonly x: number; readonly format: number; readonly words: string }
export type BiffSheet = {
  readonly name: string
  readonly cells: readonly BiffCell[]
  /** Where a condition colours: first row, last row, first column, last column. */
  readonly condition?: readonly [number, number, number, number]
}

/** An XLS (BIFF8): fonts by the number of their colour, cell formats by font, pattern and colour of the filling; number 4 of the fonts is left out. */
export function xlsFile(
  fonts: readonly number[],
  formats: readonly (readonly [number, number, number])[],
  sheets: readonly BiffSheet[],
): Uint8Array {
  const begin = (kind: number) => record(0x0809, [0x0600, kind, 0x0dbb, 0x07cc, 0, 0, 6, 0])
  const end = record(0x0a, [])
  const head = [
    begin(5),
    record(0x42, [1200]),
    ...fonts.map((colour) => record(0x31, [200, 0, colour, 400, 0, 0, 0], Buffer.from('\x05\0Arial', 'latin1'))),
    ...formats.map(([font, pattern, colour]) => record(0xe0, [font, 0, 0, 0x20, 0, 0, 0, 0, pattern << 10, colour | (65 << 7)])),
  ]
  const bodies = sheets.map(({ cells, condition }) =>
    Buffer.concat([
      begin(16),
      ...cells.map(({ y, x, format, words }) =>
        record(0x0204, [y, x, format, words.length], Buffer.concat([Buffer.of(1), Buffer.from(words, 'utf16le')])),
      ),
      ...(condition === undefined ? [] : [record(0x01b0, [1, 0, ...condition, 1, ...condition])]),
      end,
    ]),
  )
  const label = (name: string) => Buffer.concat([Buffer.of(name.length, 1), Buffer.from(name, 'utf16le')])
  const before = [...head, ...sheets.map(({ name }) => record(0x85, [0, 0, 0], label(name))), end]
  let at = before.reduce((sum, each) => sum + each.length, 0)
  const names = sheets.map(({ name }, index) => {
    const place = at
    at += bodies[index]?.length ?? 0
    return record(0x85, [place & 0xffff, place >> 16, 0], label(name))
  })
  return compoundFile('Workbook', Buffer.concat([...head, ...names, end, ...bodies]))
}

function record(code: number, words: readonly number[], more: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.alloc(words.length * 2)
  for (const [index, word] of words.entries()) body.writeUInt16LE(word & 0xffff, index * 2)
  const start = Buffer.alloc(4)
  start.writeUInt16LE(code, 0)
  start.writeUInt16LE(body.length + more.length, 2)
  return Buffer.concat([start, body, more])
}

/** An OpenDocument sheet; `styles` are automatic ones, `common` stand in a part of their own. */
export function odsFile(table: string, styles: string, common = ''): Uint8Array {
  const spaces = ['office', 'table', 'style', 'text', 'fo', 'number'].map((each) => `xmlns:${each}="${each}"`).join(' ')
  return zipFile([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet', stored: true },
    { name: 'META-INF/manifest.xml', content: '<manifest:manifest xmlns:manifest="m"/>' },
    {
      name: 'styles.xml',
      content: `<office:document-styles ${spaces}><office:styles>${common}</office:styles></office:document-styles>`,
    },
    {
      name: 'content.xml',
      content: `<office:document-content ${spaces}><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:spreadsheet>${table}</office:spreadsheet></office:body></office:document-content>`,
    },
  ])
}
