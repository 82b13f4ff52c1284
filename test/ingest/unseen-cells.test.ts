import { afterAll, beforeAll, expect, test } from 'vitest'
import { unseenInOpenDocument } from '../../ingest/formats/sheet/open-document.ts'
import { openReader, type Reader } from '../../ingest/reader.ts'
import { odsFile, xlsFile } from '../fakes/spreadsheet-file.ts'

let reader: Reader
beforeAll(() => {
  reader = openReader({ lanes: 1 })
})
afterAll(() => reader.close())

async function read(bytes: Uint8Array, name: string) {
  const reading = await reader.read(bytes, name)
  return { text: reading.kind === 'table' ? JSON.stringify(reading.sheets) : '', warnings: reading.warnings }
}

test('in an XLS, cells in the colour of their ground are not read; on another ground, a pattern or under a condition they are', async () => {
  const fonts = [8, 9, 0x7fff, 10, 30] // number 5 of the formats is the last: number 4 does not exist
  const formats = [
    [0, 0, 64],
    [1, 0, 64],
    [1, 1, 9],
    [1, 1, 30],
    [5, 1, 30],
    [3, 1, 30],
    [1, 4, 9],
    [2, 1, 8],
    [2, 0, 64],
  ] as const
  const words: readonly (readonly [number, string][])[] = [
    [
      [3, '成果名称'],
      [8, '成熟度'],
    ],
    [
      [0, '纳滤膜'],
      [1, 'SECRET-1'],
    ],
    [
      [2, 'SECRET-2'],
      [4, 'SECRET-3'],
    ],
    [
      [5, '红字'],
      [6, '花纹上'],
    ],
    [
      [7, 'SECRET-4'],
      [0, '末行'],
    ],
    [
      [1, '有条件'],
      [1, 'SECRET-5'],
    ],
  ]
  const cells = words.flatMap((row, y) => row.map(([format, text], x) => ({ y, x, format, words: text })))
  const { text, warnings } = await read(
    xlsFile(fonts, formats, [
      { name: '成果', cells, condition: [5, 9, 0, 0] },
      { name: '其他', cells: [{ y: 0, x: 0, format: 0, words: '另一张表' }] },
    ]),
    'a.xls',
  )
  expect(text).not.toContain('SECRET')
  for (const seen of ['成果名称', '成熟度', '纳滤膜', '红字', '花纹上', '末行', '有条件', '另一张表'])
    expect(text).toContain(seen)
  expect(warnings).toEqual(['hidden_cells_left_out'])
})

const style = (name: string, cell: string, letters: string, more = '', parent = 'Default') =>
  `<style:style style:name="${name}" style:family="table-cell" style:parent-style-name="${parent}"><style:table-cell-properties ${cell}/><style:text-properties ${letters}/>${more}</style:style>`
const cell = (words: string, styled = '', more = '') =>
  `<table:table-cell ${styled === '' ? '' : `table:style-name="${styled}"`} office:value-type="string" ${more}><text:p>${words}</text:p></table:table-cell>`
const row = (cells: string, more = '') => `<table:table-row ${more}>${cells}</table:table-row>`

test('in an ODS, cells in the colour of their ground, hidden rows, columns and sheets are not read', async () => {
  const common = `<style:default-style style:family="table-cell"><style:text-properties fo:color="#000000"/></style:default-style>${style('Default', '', '', '', '')}${style('Head', 'fo:background-color="#17518f"', 'fo:color="#FFFFFF"')}`
  const styles = [
    style('w', '', 'fo:color="#ffffff"'),
    style('h', '', '', '', 'Head'),
    style('c', 'fo:background-color="#17518f"', 'fo:color="#17518f"'),
    style('m', '', 'fo:color="#ffffff"', '<style:map style:condition="value()&gt;1" style:apply-style-name="Head"/>'),
    style('t', 'fo:background-color="transparent"', 'fo:color="#fefefe"'),
    '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>',
  ].join('')
  const table = `<table:table table:name="成果"><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/><table:table-column table:default-cell-style-name="w"/>${[
    row(cell('成果名称', 'h') + cell('成熟度') + cell('SECRET-0') + cell('SECRET-1')),
    row(cell('纳滤膜') + cell('SECRET-2', 'w')),
    row(cell('SECRET-3', 'c') + cell('有条件', 'm')),
    row(cell('SECRET-4'), 'table:visibility="filter"'),
    row(cell('SECRET-5', 't', 'table:number-columns-repeated="2"'), 'table:number-rows-repeated="2"'),
    row(cell('末行') + cell('SECRET-6', 'w')),
    row('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1048000"'),
  ].join('')}</table:table><table:table table:name="内部" table:style-name="off">${row(cell('SECRET-7'))}</table:table>`
  const { text, warnings } = await read(odsFile(table, styles, common), 'a.ods')
  expect(text).not.toContain('SECRET')
  for (const seen of ['成果名称', '成熟度', '纳滤膜', '有条件', '末行']) expect(text).toContain(seen)
  expect(warnings).toEqual(['hidden_sheets_left_out', 'hidden_cells_left_out'])
})

test('in an ODS, letters without a colour are read on black; what formats of numbers say of colours is no cell’s', async () => {
  const styles = [
    style('k', 'fo:background-color="#000000"', ''),
    style('a', 'fo:background-color="#000000"', 'style:use-window-font-color="true"'),
    style('b', 'fo:background-color="#000000"', 'fo:color="#000000"'),
    '<number:number-style style:name="N1"><style:text-properties fo:color="#ff0000"/><number:number/><style:map style:condition="value()&gt;=0" style:apply-style-name="N0"/></number:number-style>',
  ].join('')
  const table = `<table:table table:name="成果">${row(cell('自动色', 'k') + cell('窗口色', 'a') + cell('SECRET', 'b'))}</table:table>`
  const { text, warnings } = await read(odsFile(table, styles), 'a.ods')
  expect([text.includes('自动色'), text.includes('窗口色'), text.includes('SECRET'), warnings]).toEqual([
    ...[true, true, false],
    ['hidden_cells_left_out'],
  ])
})

test('an ODS that repeats hidden cells over whole sheets takes no more memory for it', async () => {
  const all = row(
    cell('SECRET', '', 'table:number-columns-repeated="200"'),
    'table:visibility="collapse" table:number-rows-repeated="21000"',
  )
  const sheets = Array.from(
    { length: 40 },
    (_, index) => `<table:table table:name="${index}">${all}${row(cell('末行'))}</table:table>`,
  )
  const { cells } = await unseenInOpenDocument(odsFile(sheets.join(''), ''))
  expect(cells.size).toBe(40)
  const places = [
    [0, 0],
    [20_999, 199],
    [21_000, 0],
    [0, 200],
  ] as const
  expect(places.map(([y, x]) => cells.get('39')?.(y, x))).toEqual([true, true, false, false])
})
