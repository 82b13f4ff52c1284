import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReader, type Reader } from '../../ingest/reader.ts'
import { inWords, refused } from '../../ingest/report.ts'
import { understand } from '../../ingest/understand.ts'
import { codeOf } from '../../retrieval/base/errors.ts'
import { docxFile, paragraph, zipFile } from '../fakes/office-file.ts'
import { pdfOf } from '../fakes/pdf-file.ts'

// Each of these was found with a file made to break the reader, and read wrongly once.
let reader: Reader
beforeAll(() => {
  reader = openReader({ lanes: 1 })
})
afterAll(() => reader.close())

const encoder = new TextEncoder()
async function read(bytes: Uint8Array, name: string) {
  const reading = await reader.read(bytes, name)
  const text = reading.kind === 'text' ? reading.lines.map((line) => line.text).join('\n') : JSON.stringify(reading.sheets)
  return { reading, text, warnings: reading.warnings }
}

const shown = 'BT /F1 12 Tf 72 700 Td (Subsidy is 30 percent of the investment.) Tj ET '
const below = (before: string, size = 12) => `${before} BT /F1 ${size} Tf 72 500 Td (SECRET words nobody sees) Tj ET `
const form = (content: string, dictionary = '') => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> ${dictionary}`,
  content,
})
const layer = { catalog: '/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] /Order [] >> >>' }
const group = '<< /Type /OCG /Name (Hidden) >>'
const tint = '[/Separation /Spot /DeviceGray << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>]'

test.each<[string, () => Uint8Array]>([
  [
    'a form that inherits white',
    () => pdfOf([`${shown}q 1 1 1 rg /Fm0 Do Q`], { more: [form(below(''))], resources: '/XObject << /Fm0 7 0 R >>' }),
  ],
  ['white that the next content stream inherits', () => pdfOf([`${shown}1 1 1 rg`, below('')])],
  ['none of a spot colour', () => pdfOf([shown + below('/Cs1 cs 0 scn')], { resources: `/ColorSpace << /Cs1 ${tint} >>` })],
  [
    'letters that let everything through',
    () => pdfOf([shown + below('/G0 gs')], { resources: '/ExtGState << /G0 << /ca 0 >> >>' }),
  ],
  [
    'a layer that is off',
    () => pdfOf([`${shown}/OC /L0 BDC${below('')}EMC`], { ...layer, more: [group], resources: '/Properties << /L0 7 0 R >>' }),
  ],
  [
    'a form on a layer that is off',
    () =>
      pdfOf([`${shown}/Fm0 Do`], {
        ...layer,
        more: [group, form(below(''), '/OC 7 0 R')],
        resources: '/XObject << /Fm0 8 0 R >>',
      }),
  ],
  ['white words of an encrypted file', () => pdfOf([shown + below('1 1 1 rg')], { encrypted: true })],
  [
    'white words in a form of an encrypted file',
    () =>
      pdfOf([`${shown}1 1 1 rg /Fm0 Do`], { encrypted: true, more: [form(below(''))], resources: '/XObject << /Fm0 7 0 R >>' }),
  ],
])('in a PDF: %s is not read, and told', async (_, bytes) => {
  const { text, warnings } = await read(bytes(), 'a.pdf')
  expect(text).toContain('Subsidy is 30 percent')
  expect(text).not.toContain('SECRET')
  expect(warnings).toContain('hidden_text')
})

test('what is seen stays: black of a form after white, spot ink, a layer that is on, a clean encrypted file', async () => {
  const all = 'Words everybody sees'
  const seen = shown.replace('Subsidy is 30 percent of the investment.', all).replace('700', '400')
  for (const bytes of [
    pdfOf([`${shown}q 1 1 1 rg /Fm0 Do Q ${seen}`], { more: [form('0 0 10 10 re f')], resources: '/XObject << /Fm0 7 0 R >>' }),
    pdfOf([`${shown}/Cs1 cs 1 scn ${seen}`], { resources: `/ColorSpace << /Cs1 ${tint} >>` }),
    pdfOf([`${shown}/OC /L0 BDC ${seen} EMC`], {
      catalog: '/OCProperties << /OCGs [7 0 R] /D << /Order [] >> >>',
      more: [group],
      resources: '/Properties << /L0 7 0 R >>',
    }),
    pdfOf([shown + seen], { encrypted: true }),
  ])
    expect(await read(bytes, 'a.pdf')).toMatchObject({ text: expect.stringContaining(all), warnings: [] })
})

test('in a PDF: names set in the middle of their columns head the table although nothing below stands under them', async () => {
  const cell = (text: string, x: number, y: number) => `BT /F1 12 Tf ${x} ${y} Td (${text}) Tj ET `
  const rows = [
    ['Plant', '30%', '500'],
    ['Project', '20%', '300'],
    ['Team', '10%', '200'],
  ]
  const body = rows.flatMap((row, y) => row.map((text, x) => cell(text, 72 + x * 150, 600 - y * 20))).join('')
  const head = ['Kind', 'Share', 'Limit'].map((text, x) => cell(text, 130 + x * 150, 620)).join('')
  const { text } = await read(pdfOf([shown + head + body]), 'a.pdf')
  expect(text.split('\n').slice(1)).toEqual([
    'Kind：Plant；Share：30%；Limit：500',
    'Kind：Project；Share：20%；Limit：300',
    'Kind：Team；Share：10%；Limit：200',
  ])
})

test('in a PDF: columns whose rows stand at heights of their own are read one after the other', async () => {
  const column = (name: string, x: number, top: number) =>
    Array.from(
      { length: 12 },
      (_, index) => `BT /F1 12 Tf ${x} ${top - index * 20} Td (${name} row ${index} holds many words) Tj ET `,
    )
  const { text } = await read(pdfOf([[...column('Right', 310, 700), ...column('Left', 72, 691)].join('')]), 'a.pdf')
  expect(text.replace(/\s+/g, ' ')).toMatch(/^Left row 0 .*Left row 11 .*Right row 0 .*Right row 11 /)
})

test('in a PDF: rows of cells that could not be told apart are doubted', async () => {
  const at = (x: number, y: number, text: string) => `BT /F1 10 Tf ${x} ${y} Td (${text}) Tj ET `
  const row = (y: number) =>
    [100, 260, 420].map((x) => at(x, y, 'upper words') + at(x, y - 14, 'lower words')).join('') +
    at(60, y - 7, '8') +
    at(520, y - 7, '9')
  const bytes = pdfOf([shown + [600, 560, 520, 480].map(row).join('')])
  const { text, warnings } = await read(bytes, 'a.pdf')
  expect(text).not.toContain('words：')
  expect(warnings).toEqual(['table_unclear'])
})

test('a page with a table in it that is called .xls is a table', async () => {
  const rows = [
    '<td>成果名称</td><td>技术领域</td><td>成熟度</td>',
    '<td>纳滤膜</td><td rowspan=2>环保</td><td>8</td>',
    '<td>银浆</td><td>7</td>',
  ]
  const page = `<html><body><table>${rows.map((each) => `<tr>${each}</tr>`).join('')}<tr style="display:none"><td>SECRET</td></tr></table></body></html>`
  const { reading, text, warnings } = await read(encoder.encode(page), '导出.XLS')
  expect(await understand(reading, '导出.xls')).toMatchObject({ records: 2, document: { kind: 'achievement' } })
  expect(text).toContain('["银浆","环保","7"]')
  expect([text.includes('SECRET'), warnings]).toEqual([false, ['hidden_cells_left_out']])
})

test('a text of half a megabyte is a text, wherever its first part ends', async () => {
  for (const shift of ['', 'a', 'aa']) {
    const { text } = await read(encoder.encode(shift + '第一条 按投入的30%给予补助。\n'.repeat(20_000)), 'long.txt')
    expect(text.length).toBeGreaterThan(300_000)
  }
  expect(await reader.read(encoder.encode('本办法自2025年3月1日起施行'.repeat(200_000)), 'one-line.txt').catch(codeOf)).toBe(
    'too_large',
  )
})

test('a quotation mark nobody closes swallows no rows; a person is told', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => `纳滤膜${index},环保,8`).join('\n')
  const { reading, warnings } = await read(encoder.encode(`成果名称,技术领域,TRL\n"银浆,新材料,7\n${rows}\n`), 'a.csv')
  expect(reading.kind === 'table' && reading.sheets[0]?.rows.length).toBe(32)
  expect(warnings).toEqual(['broken_quotes'])
  const understood = await understand(reading, 'a.csv')
  expect(understood).toMatchObject({ records: 31, document: { doubts: [{ code: 'broken_quotes' }] } })
})

test('rows beyond what is read, and a table that is wrong in every row, are told in a word', async () => {
  const many = await read(encoder.encode(`成果名称,技术领域,TRL\n${'纳滤膜,环保,8\n'.repeat(21_005)}`), 'a.csv')
  expect(many.warnings).toEqual(['too_many_rows'])
  const understood = await understand(many.reading, 'a.csv')
  const doubts = understood.outcome === 'understood' ? understood.document.doubts : []
  expect(doubts.length).toBeLessThan(510)
  expect(doubts.find((each) => each.code === 'row_more')?.phrase).toBe('20498')
})

test('an error of a formula is no value', async () => {
  const { text, warnings } = await read(encoder.encode('成果名称,技术领域,价格（万元）\n银浆,新材料,#DIV/0!\n'), 'a.csv')
  expect(text).not.toContain('#DIV/0!')
  expect(warnings).toEqual(['cell_errors_left_out'])
})

test('a document placed inside another is read, and a person is told that its place is lost', async () => {
  const { text, warnings } = await read(
    docxFile(`${paragraph('第一条 按投入的30%给予补助。')}<w:altChunk r:id="r9" xmlns:r="r"/>`, [
      { name: 'word/chunk.html', content: '<html><body><p>第二条 另存的条款给予20万元。</p></body></html>' },
    ]),
    'a.docx',
  )
  expect(text).toContain('第二条 另存的条款给予20万元')
  expect(warnings).toEqual(['embedded_document'])
})

test('mail forwarded in mail: the rule inside is read and gives the title; without end it is not followed', async () => {
  const rule = '云澄园区中试补助办法\n云澄管〔2025〕31号\n第一条 按投入的30%给予补助，最高50万元。\n'
  const wrapped = (inner: string, type: string) =>
    `Subject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: ${type}\n\n${inner}\n--b--\n`
      .replaceAll('boundary=b', `boundary=b${inner.length}`)
      .replaceAll('--b', `--b${inner.length}`)
  let mail = wrapped(rule, 'text/plain; name="rule.txt"; charset=utf-8')
  for (let depth = 0; depth < 3; depth += 1) mail = wrapped(mail, 'message/rfc822')
  const { reading, text } = await read(encoder.encode(mail), 'a.eml')
  expect(text).toContain('第一条 按投入的30%给予补助')
  expect(await understand(reading, 'a.eml')).toMatchObject({ document: { title: '云澄园区中试补助办法' } })
  for (let depth = 0; depth < 40; depth += 1) mail = wrapped(mail, 'message/rfc822')
  expect((await read(encoder.encode(mail), 'a.eml')).warnings.join()).toMatch(/^attachment_(?:unread|left_out)/)
})

test('a name that turns around is shown in the order it is written', () => {
  const outcome = refused('in/\u202Excod.办法\u202C.docx', { code: 'damaged', message: 'm', hint: 'h' })
  expect(inWords({ ...outcome, ms: 1 })).not.toMatch(/[\u202A-\u202E]/)
})

test('of a document that somebody took out the line says what puts it back', () => {
  const line = (code: string) =>
    inWords({
      ...refused('a.md', { code, message: '', hint: '' }),
      error: null,
      outcome: 'unchanged',
      doubts: [{ code, field: null, phrase: null }],
    })
  expect(line('withdrawn')).toContain('npm run ingest -- FILE --publish')
  expect(line('rejected')).toContain('重新启用')
  expect(line('duplicate')).not.toContain('--publish')
})

const page = (body: string, style = '') =>
  encoder.encode(
    `<html><head><style>${style}</style></head><body><h1>云澄园区中试补助办法</h1><p>第一条 按投入的30%给予补助，最高50万元，由第三科受理，材料齐全的当场办结。</p>${body}<p>第二条 本办法自2025年3月1日起施行。</p></body></html>`,
  )
const unseen = 'SECRET words that nobody sees'

test.each<[string, string, string]>([
  ['a class', `<p class="x h">${unseen}</p>`, '.h{display:none}'],
  ['a name, inside a rule for screens', `<div id="x">${unseen}</div>`, '@media screen { #x { visibility : hidden } }'],
  ['two classes', `<p class="a b">${unseen}</p>`, '.a.b{font-size:0px}'],
  ['white', `<p style="color:rgb(255,255,255)">${unseen}</p>`, ''],
  ['an old white', `<font color="white">${unseen}</font>`, ''],
  ['a place outside the window', `<p style="position:absolute;left:-9999px">${unseen}</p>`, ''],
  ['no opacity', `<p style="opacity:0">${unseen}</p>`, ''],
  ['no height', `<p style="height:0;overflow:hidden">${unseen}</p>`, ''],
  [
    'a hidden row',
    `<table><tr><td>甲</td><td>乙</td></tr><tr style="display:none"><td>${unseen}</td><td>x</td></tr></table>`,
    '',
  ],
])('on a page: words hidden by %s are not read, and told', async (_, body, style) => {
  const { text, warnings } = await read(page(body, style), 'a.html')
  expect(text).toContain('最高50万元')
  expect(text).not.toMatch(/SECRET|[\uE000-\uE001]/)
  expect(warnings).toEqual(['hidden_text'])
})

test('on a page: what a later rule shows, and a page that scripts show, is read', async () => {
  const seen = '第三条 这一条人人看得见，照样执行。'
  const tabs = page(`<div class="tab on"><p>${seen}</p></div>`, 'body{opacity:0} .tab{display:none} .tab.on{display:block}')
  expect(await read(tabs, 'a.html')).toMatchObject({ text: expect.stringContaining(seen), warnings: [] })
})

test('characters that show nothing part no figure and spell no text', async () => {
  const spelt = [...'SECRET'].map((each) => String.fromCodePoint(0xe0000 + (each.codePointAt(0) ?? 0))).join('')
  const plain = await read(encoder.encode('第一条 按投入的\u200B3\u200B0%给予补\u2060助，最\u200D高5\uFEFF0万元。\n'), 'a.txt')
  expect(plain).toMatchObject({ text: expect.stringContaining('按投入的30%给予补助，最高50万元'), warnings: [] })
  expect(await read(encoder.encode(`第一条 补助30%。${spelt}\n`), 'a.txt')).toMatchObject({
    text: '第一条 补助30%。\n',
    warnings: ['hidden_text'],
  })
})

test('pieces of a page in Markdown, and shapes beside a slide, are no text when they are not seen', async () => {
  const markdown = `# 办法\n\n第一条 补助30%。\n\n<span style="display:none">${unseen}</span>\n\n<div hidden>${unseen}</div>\n\n[//]: # (${unseen})\n\n<b>第二条</b> 施行。\n`
  const { text, warnings } = await read(encoder.encode(markdown), 'a.md')
  expect([text.replace(/\n+/g, '|'), warnings]).toEqual(['办法|第一条 补助30%。|第二条 施行。|', ['hidden_text']])
  const shape = (words: string, more: string, hidden = '0') =>
    `<p:sp><p:cNvPr hidden="${hidden}"/>${more}<a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:sp>`
  const slide = `<p:sld xmlns:p="p" xmlns:a="a">${shape('第一条 补助30%。', '<a:off x="5" y="5"/>')}${shape('SECRET', '', '1')}${shape('SECRET', '<a:off x="99999999" y="0"/>')}${shape('第二条 施行。', '')}</p:sld>`
  const slides = zipFile([
    {
      name: 'ppt/presentation.xml',
      content: '<p:presentation xmlns:p="p"><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
    },
    { name: 'ppt/slides/slide1.xml', content: slide },
  ])
  expect(await read(slides, 'a.pptx')).toMatchObject({ text: '第一条 补助30%。\n第二条 施行。', warnings: ['hidden_text'] })
})

test('cells in the colour of their ground are not read; where a fill, a table’s style or a condition may show them, they are', async () => {
  const fills = [
    '<patternFill patternType="none"/>',
    '<patternFill patternType="gray125"/>',
    solid('FF17518F'),
    solid('FFFFFFFF'),
  ]
  const fonts = ['', '<color rgb="FFFFFFFF"/>', '<color theme="0"/>', '<color rgb="FF17518F"/>', '<color indexed="9"/>']
  /** Of each cell: font, fill, words. */
  const cells: readonly (readonly [number, number, string])[][] = [
    [
      [1, 2, '成果名称'],
      [0, 0, '成熟度'],
    ],
    [
      [0, 0, '纳滤膜'],
      [1, 0, 'SECRET-1'],
    ],
    [
      [2, 0, 'SECRET-2'],
      [4, 3, 'SECRET-3'],
    ],
    [
      [3, 2, 'SECRET-4'],
      [1, 1, '花纹上'],
    ],
    [
      [1, 0, '表格里'],
      [1, 0, '有条件'],
    ],
  ]
  const sheet = cells
    .map(
      (row, y) =>
        `<row r="${y + 1}">${row.map(([font, fill, words], x) => `<c r="${'AB'[x]}${y + 1}" s="${font * 4 + fill}" t="inlineStr"><is><t>${words}</t></is></c>`).join('')}</row>`,
    )
    .join('')
  const { text, warnings } = await read(
    xlsxFile(
      `<sheetData>${sheet}</sheetData><conditionalFormatting sqref="B5:B9"/><tableParts count="1"><tablePart r:id="rId1"/></tableParts>`,
      `<fonts>${fonts.map((each) => `<font>${each}</font>`).join('')}</fonts><fills>${fills.map((each) => `<fill>${each}</fill>`).join('')}</fills>
       <cellXfs>${fonts.flatMap((_, font) => fills.map((__, fill) => `<xf fontId="${font}" fillId="${fill}"/>`)).join('')}</cellXfs>
       <dxfs><dxf><font><color rgb="FFFFFFFF"/></font></dxf></dxfs>`,
      '<table ref="A5:A6"/>',
    ),
    'a.xlsx',
  )
  expect(text).not.toContain('SECRET')
  for (const words of ['成果名称', '成熟度', '纳滤膜', '花纹上', '表格里', '有条件']) expect(text).toContain(words)
  expect(warnings).toEqual(['hidden_cells_left_out'])
})

function solid(rgb: string): string {
  return `<patternFill patternType="solid"><fgColor rgb="${rgb}"/><bgColor indexed="64"/></patternFill>`
}

function xlsxFile(sheet: string, styles: string, table: string): Uint8Array {
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const relations = (id: string, kind: string, target: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/></Relationships>`
  return zipFile([
    {
      name: '[Content_Types].xml',
      content: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`,
    },
    { name: '_rels/.rels', content: relations('rId1', 'officeDocument', 'xl/workbook.xml') },
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${main} xmlns:r="${office}"><sheets><sheet name="成果" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: relations('rId7', 'worksheet', 'worksheets/sheet1.xml') },
    { name: 'xl/styles.xml', content: `<styleSheet ${main}>${styles}</styleSheet>` },
    { name: 'xl/worksheets/sheet1.xml', content: `<worksheet ${main} xmlns:r="${office}">${sheet}</worksheet>` },
    { name: 'xl/worksheets/_rels/sheet1.xml.rels', content: relations('rId1', 'table', '../tables/table1.xml') },
    { name: 'xl/tables/table1.xml', content: table },
  ])
}

test.each([
  ['without a head', (article: string) => `<html><meta charset=utf-8><body>${article}</body></html>`],
  ['without a frame', (article: string) => article],
  [
    'that begins with its encoding',
    (article: string) => `<!DOCTYPE html>\n<meta charset="utf-8">\n<title>窗口名</title>\n${article}`,
  ],
  ['without a body', (article: string) => `<html lang="zh"><title>窗口名</title>${article}</html>`],
  ['in capitals', (article: string) => `<HTML><META CHARSET="UTF-8"><BODY BGCOLOR="#ffffff">${article}</BODY></HTML>`],
  ['with a head alone', (article: string) => `<head><title>窗口名</title></head>${article}`],
  ['with its text behind the body', (article: string) => `<html><body></body>${article}</html>`],
])('a page %s is read as browsers show it', async (_, write) => {
  const article =
    '<p>第一条 对新引进的研发机构给予一次性建设补助200万元，由园区办理。</p><p style="display:none">SECRET</p><table><tr><td>类别</td><td>标准</td></tr><tr><td>贴息</td><td>50%</td></tr></table>'
  const { text } = await read(encoder.encode(write(article)), 'a.html')
  expect(text).toMatch(/^第一条 对新引进的研发机构给予一次性建设补助200万元/)
  expect(text).toContain('类别：贴息；标准：50%')
  expect(text).not.toMatch(/SECRET|窗口名/)
})

test('a PDF of a few words and no picture is a short text, not a scan', async () => {
  const { text, warnings } = await read(pdfOf(['BT /F1 12 Tf 72 700 Td (Closed on Friday) Tj ET ']), 'a.pdf')
  expect(text).toBe('Closed on Friday')
  expect(warnings).not.toContain('ocr_text')
})
