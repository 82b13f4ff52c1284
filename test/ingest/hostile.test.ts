import { spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { childFlags } from '../../ingest/reader/child.ts'
import { openReader, type Reader } from '../../ingest/reader.ts'
import { codeOf } from '../../retrieval/base/errors.ts'
import { docxFile, paragraph, pdfFile, zipFile } from '../fakes/office-file.ts'

let reader: Reader
let server: Server
let connections = 0
let address = ''
beforeAll(async () => {
  reader = openReader()
  server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  address = `127.0.0.1:${at !== null && typeof at === 'object' ? at.port : 0}`
})
afterAll(() => {
  reader.close()
  server.close()
})

const encoder = new TextEncoder()

/** @returns what a reader of the document would see and what was told, or the code it was refused with */
async function read(bytes: Uint8Array, name: string): Promise<{ text: string; warnings: readonly string[] } | string> {
  try {
    const reading = await reader.read(bytes, name)
    const text = reading.kind === 'text' ? reading.lines.map((line) => line.text).join('\n') : JSON.stringify(reading.sheets)
    return { text, warnings: reading.warnings }
  } catch (error) {
    return codeOf(error)
  }
}

const visible = paragraph('补贴比例30%')
const shown = 'BT /F1 12 Tf 72 700 Td (Subsidy is 30 percent.) Tj ET '
const bomb = (size: number) => deflateSync(Buffer.alloc(size, 'a'))

test.each<[string, string, () => Uint8Array, string]>([
  ['an entity that expands', 'a.docx', () => docxFile('&x;', [], '<!DOCTYPE x [<!ENTITY x "y">]>'), 'damaged'],
  ['half a million open elements', 'a.docx', () => docxFile('<w:a>'.repeat(500_000)), 'damaged'],
  ['a part that unpacks a thousandfold', 'a.docx', () => docxFile('x'.repeat(30_000_000)), 'too_large'],
  [
    'a directory that lies about a size',
    'a.docx',
    () => docxFile('', [{ name: 'word/styles.xml', content: 'x'.repeat(100_000), claims: 9 }]),
    'damaged',
  ],
  ['two parts of one name', 'a.docx', () => docxFile(visible, [{ name: 'word/document.xml', content: '<x/>' }]), 'damaged'],
  ['a name that leads out of the folder', 'a.docx', () => docxFile(visible, [{ name: '../../etc/x', content: 'x' }]), 'damaged'],
  [
    'three thousand parts',
    'a.docx',
    () =>
      docxFile(
        visible,
        Array.from({ length: 3_000 }, (_, at) => ({ name: `p${at}`, content: '' })),
      ),
    'too_large',
  ],
  ['a container without a document', 'a.docx', () => zipFile([{ name: 'x', content: 'y' }]), 'damaged'],
  ['a page that is called a document', 'a.pdf', () => encoder.encode('<html><body>请登录</body></html>'), 'mislabelled'],
  [
    'a page description of a gigabyte',
    'a.pdf',
    () => pdfFile(bomb(200_000_000), { filter: '/Filter /FlateDecode' }),
    'too_large',
  ],
  [
    'one packed twice',
    'a.pdf',
    () => pdfFile(deflateSync(bomb(200_000_000)), { filter: '/Filter [/FlateDecode /FlateDecode]' }),
    'too_large',
  ],
  ['a hundred million pages', 'a.pdf', () => pdfFile(shown, { count: 100_000_000 }), 'too_large'],
  ['half a file', 'a.pdf', () => pdfFile(shown).subarray(0, 120), 'damaged'],
  ['nothing', 'a.pdf', () => new Uint8Array(), 'empty'],
  ['half a million elements of a page', 'a.html', () => encoder.encode(`<html>${'<div>'.repeat(500_000)}`), 'damaged'],
  [
    'a picture of 3.6 billion pixels',
    'a.png',
    () => new Uint8Array(Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600806000000', 'hex')),
    'too_large',
  ],
  ['an encrypted office file', 'a.xlsx', () => encrypted(), 'encrypted'],
])('%s is refused with a reason', async (_, name, bytes, code) => {
  expect(await read(bytes(), name)).toBe(code)
})

/** The container that Word and Excel put around an encrypted file, as far as it is looked at. */
function encrypted(): Uint8Array {
  const bytes = Buffer.alloc(2_048)
  bytes.write('d0cf11e0a1b11ae1', 'hex')
  bytes.write('EncryptedPackage', 1_024, 'utf16le')
  return new Uint8Array(bytes)
}

test.each<[string, string, () => Uint8Array, readonly string[]]>([
  ['hidden words', 'a.docx', () => docxFile(visible + paragraph('SECRET', '<w:vanish/>')), ['hidden_text']],
  ['white words', 'a.docx', () => docxFile(visible + paragraph('SECRET', '<w:color w:val="FFFFFF"/>')), ['hidden_text']],
  ['words of one point', 'a.docx', () => docxFile(visible + paragraph('SECRET', '<w:sz w:val="2"/>')), ['hidden_text']],
  [
    'struck words',
    'a.docx',
    () => docxFile(`${visible}<w:p><w:del><w:r><w:delText>SECRET</w:delText></w:r></w:del></w:p>`),
    ['tracked_changes'],
  ],
  [
    'comments',
    'a.docx',
    () => docxFile(visible, [{ name: 'word/comments.xml', content: '<w:comments>SECRET</w:comments>' }]),
    [],
  ],
  ['macros', 'a.docm', () => docxFile(visible, [{ name: 'word/vbaProject.bin', content: 'SECRET' }]), ['active_content']],
  ['white words on paper', 'a.pdf', () => pdfFile(`${shown}BT 1 1 1 rg /F1 12 Tf 72 600 Td (SECRET) Tj ET`), ['hidden_text']],
  ['words painted by nothing', 'a.pdf', () => pdfFile(`${shown}BT 3 Tr /F1 12 Tf 72 600 Td (SECRET) Tj ET`), ['hidden_text']],
  ['a script', 'a.pdf', () => pdfFile(shown, { catalog: '/OpenAction << /S /JavaScript /JS (SECRET) >>' }), ['active_content']],
  [
    'words a page hides',
    'a.html',
    () =>
      encoder.encode(
        `<html><body><article><p>Subsidy is 30%</p><p style="display:none">${'SECRET '.repeat(9)}</p></article></body></html>`,
      ),
    ['hidden_text'],
  ],
])('%s are not read, and told where they may deceive', async (_, name, bytes, warnings) => {
  const found = await read(bytes(), name)
  expect(found).toMatchObject({ text: expect.stringContaining('30'), warnings })
  expect(JSON.stringify(found)).not.toContain('SECRET')
})

test('white letters on a painted bar are a heading and stay', async () => {
  const found = await read(
    pdfFile('0 0 1 rg 60 590 300 30 re f BT 1 1 1 rg /F1 12 Tf 72 600 Td (Support for pilot plants 2025) Tj ET'),
    'a.pdf',
  )
  expect(found).toMatchObject({ text: expect.stringContaining('Support for pilot') })
})

test('after all of them the same reader reads a good file', async () => {
  expect(await read(docxFile(visible), 'good.docx')).toEqual({ text: '补贴比例30%', warnings: [] })
})

test('no address in a file is ever called', async () => {
  const url = `http://${address}/x`
  const relation = `<Relationships><Relationship Id="r1" Type="image" TargetMode="External" Target="${url}"/></Relationships>`
  await read(
    docxFile(`${visible}<w:p><w:r><w:pict><v:imagedata xmlns:v="v" src="${url}"/></w:pict></w:r></w:p>`, [
      { name: 'word/_rels/document.xml.rels', content: relation },
    ]),
    'a.docx',
  )
  await read(
    encoder.encode(
      `<html><head><link rel="stylesheet" href="${url}"><script src="${url}"></script></head><body><p>${'补贴比例。'.repeat(30)}</p><img src="${url}"><iframe src="${url}"></iframe></body></html>`,
    ),
    'a.html',
  )
  await read(pdfFile(shown, { catalog: `/OpenAction << /S /URI /URI (${url}) >>` }), 'a.pdf')
  await read(
    encoder.encode(
      `Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<html><body><p>${'补贴比例。'.repeat(30)}</p><img src="${url}"></body></html>`,
    ),
    'a.eml',
  )
  expect(connections).toBe(0)
})

test('the reading process has no network, no files but the program’s own, and starts nothing', () => {
  const sealed = fileURLToPath(new URL('../../ingest/reader/sealed.ts', import.meta.url))
  const probe = `
    const tried = {}
    const attempt = async (name, act) => { try { await act(); tried[name] = 'done' } catch (error) { tried[name] = error.code ?? error.cause?.code ?? error.name } }
    await attempt('fetch', () => fetch('http://${address}/'))
    await attempt('socket', () => new Promise((resolve, reject) => require('node:net').connect(${address.split(':')[1]}, '127.0.0.1').on('connect', resolve).on('error', reject)))
    await attempt('lookup', () => require('node:dns').promises.lookup('localhost'))
    await attempt('read', () => require('node:fs').readFileSync('/etc/hostname'))
    await attempt('write', () => require('node:fs').writeFileSync('/tmp/x', 'x'))
    await attempt('program', () => require('node:child_process').execSync('true'))
    await attempt('code', () => new Function('return 1')())
    console.log(JSON.stringify(tried))`
  const flags = [...childFlags(), '--import', sealed, '--input-type=module', '--eval']
  const source = `import { createRequire } from 'node:module'; const require = createRequire('${sealed}'); ${probe}`
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, source], { encoding: 'utf8' })
  const denied = 'ERR_ACCESS_DENIED'
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({
    fetch: denied,
    socket: denied,
    lookup: denied,
    read: denied,
    write: denied,
    program: denied,
    code: 'EvalError',
  })
  expect(connections).toBe(0)
})
