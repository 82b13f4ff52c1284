import { afterAll, beforeAll, expect, test } from 'vitest'
import { NeedsOcr } from '../../ingest/formats/format.ts'
import { pdf } from '../../ingest/formats/pdf.ts'
import { openReader, type Reader } from '../../ingest/reader.ts'
import { pdfOf } from '../fakes/pdf-file.ts'

// What a page paints over its words, and what words stand on: read is what a person sees.
let reader: Reader
beforeAll(() => {
  reader = openReader({ lanes: 1 })
})
afterAll(() => reader.close())

async function read(bytes: Uint8Array) {
  const reading = await reader.read(bytes, 'a.pdf')
  const text = reading.kind === 'text' ? reading.lines.map((line) => line.text).join('\n') : ''
  return { text, warnings: reading.warnings }
}

const words = (text: string, y: number, colour = '') => `${colour} BT /F1 12 Tf 72 ${y} Td (${text}) Tj ET `
const shown = words('Subsidy is 30 percent of the investment.', 700)
const secret = (colour = '') => words('SECRET words nobody sees', 500, colour)
/** Lies over the secret and nothing else. */
const bar = (colour = '1 1 1 rg', paint = 'f') => `${colour} 60 490 300 30 re ${paint} 0 g `
const form = (content: string, dictionary = '') => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> ${dictionary}`,
  content,
})
const asForm = (content: string, dictionary = '') => ({
  more: [form(content, dictionary)],
  resources: '/XObject << /Fm0 7 0 R >>',
})
/** Two by two pixels; `more` may name what lets things through. */
const picture = (colour: number, more = '') => ({
  dictionary: `/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 ${more}`,
  content: String.fromCharCode(...Array<number>(4).fill(colour)),
})
const drawn = (box: string) => `q ${box} cm /Im0 Do Q `
const overSecret = '300 0 0 30 60 490'
const withPicture = (colour: number, more = '', mask = 0) => ({
  more: [picture(colour, more), picture(mask)],
  resources: '/XObject << /Im0 7 0 R >>',
})
const state = (settings: string) => ({ resources: `/ExtGState << /G0 << ${settings} >> >>` })

test.each<[string, () => Uint8Array]>([
  ['a white bar painted later', () => pdfOf([shown + secret() + bar()])],
  ['a black bar painted later', () => pdfOf([shown + secret() + bar('0 g')])],
  ['a bar of lines that close', () => pdfOf([`${shown}${secret()}1 g 60 490 m 360 490 l 360 520 l 60 520 l h f*`])],
  ['a bar in another measure', () => pdfOf([`${shown}${secret()}q .1 0 0 .1 0 0 cm 1 g 600 4900 3000 300 re B Q`])],
  ['a thick line', () => pdfOf([`${shown}${secret()}1 G 30 w 60 505 m 360 505 l S`])],
  ['two bars, each over a half', () => pdfOf([`${shown}${secret()}1 g 60 490 80 30 re f 139 490 300 30 re f`])],
  ['a bar of the next content stream', () => pdfOf([shown + secret(), bar()])],
  ['a form', () => pdfOf([`${shown}${secret()}/Fm0 Do`], asForm(bar()))],
  ['a bar over a form', () => pdfOf([`${shown}/Fm0 Do ${bar()}`], asForm(secret()))],
  ['a picture', () => pdfOf([shown + secret() + drawn(overSecret)], withPicture(200))],
  [
    'a note on the page',
    () => {
      const note = '/Type /Annot /Subtype /Square /Rect [60 490 360 520] /IC [1 1 1] /AP << /N 7 0 R >>'
      const box = '/Type /XObject /Subtype /Form /BBox [0 0 300 30]'
      return pdfOf([shown + secret()], {
        more: [{ dictionary: box, content: '1 g 0 0 300 30 re f' }],
        page: `/Annots [<< ${note} >>]`,
      })
    },
  ],
  ['the colour of a bar below it', () => pdfOf([`${shown}${bar('.1 .3 .6 rg')}${secret('.1 .3 .6 rg')}`])],
  ['black on a black bar', () => pdfOf([shown + bar('0 g') + secret()])],
  ['nearly the same grey', () => pdfOf([`${shown}${bar('.5 g')}${secret('.51 .5 .49 rg')}`])],
  ['white on a white bar', () => pdfOf([`${shown}0 0 1 rg 60 600 300 30 re f ${bar()}${secret('1 g')}`])],
  ['white beside a coloured bar', () => pdfOf([`${shown}0 0 1 rg 60 600 300 30 re f ${secret('1 g')}`])],
  ['white on a white picture', () => pdfOf([`${shown}${drawn(overSecret)}${secret('1 g')}`], withPicture(255))],
  ['a bar in an encrypted file', () => pdfOf([shown + secret() + bar()], { encrypted: true })],
  ['white outlines', () => pdfOf([`${shown}1 G 1 Tr ${secret()}`])],
])('words under %s are not read, and told', async (_, bytes) => {
  const { text, warnings } = await read(bytes())
  expect(text).toContain('Subsidy is 30 percent')
  expect(text).not.toMatch(/SECRET|nobody/)
  expect(warnings).toEqual(['hidden_text'])
})

test.each<[string, () => Uint8Array]>([
  ['on a bar painted before', () => pdfOf([shown + bar('.9 .9 .6 rg') + secret()])],
  ['white on a dark bar', () => pdfOf([shown + bar('0 0 .5 rg') + secret('1 g')])],
  ['white on a dark bar of a form', () => pdfOf([`${shown}/Fm0 Do ${secret('1 g')}`], asForm(bar('0 0 .5 rg')))],
  ['beside a bar painted later', () => pdfOf([`${shown}${secret()}1 g 60 420 300 60 re f`])],
  ['with a line below and one through it', () => pdfOf([`${shown}${secret()}72 498 200 1 re f 72 503 200 1.5 re f`])],
  ['in a frame painted later', () => pdfOf([`${shown}${secret()}60 490 300 30 re S 40 470 340 70 re 50 480 320 50 re f*`])],
  ['under a bar that is cut off', () => pdfOf([`${shown}${secret()}q 60 100 300 30 re W n ${bar()}Q`])],
  ['under a bar cut to a corner', () => pdfOf([`${shown}${secret()}q 60 490 m 60 520 l 70 520 l h W n ${bar()}Q`])],
  ['under a marker', () => pdfOf([`${shown}${secret()}/G0 gs ${bar('1 1 0 rg')}`], state('/BM /Multiply'))],
  ['under a veil', () => pdfOf([`${shown}${secret()}/G0 gs ${bar('1 1 0 rg')}`], state('/ca .4'))],
  [
    'under a group seen through',
    () =>
      pdfOf([`${shown}${secret()}/G0 gs /Fm0 Do`], {
        ...asForm(bar('1 0 0 rg'), '/Group << /S /Transparency >>'),
        resources: '/XObject << /Fm0 7 0 R >> /ExtGState << /G0 << /ca .4 >> >>',
      }),
  ],
  ['under a seal that lets through', () => pdfOf([shown + secret() + drawn(overSecret)], withPicture(200, '/SMask 8 0 R', 0))],
  ['white on a dark picture', () => pdfOf([`${shown}${drawn(overSecret)}${secret('1 g')}`], withPicture(60))],
  ['white with a dark outline', () => pdfOf([`${shown}2 Tr ${secret('1 g')}`])],
  [
    'under a bar of a layer that is off',
    () =>
      pdfOf([`${shown}${secret()}/OC /L0 BDC ${bar()}EMC`], {
        catalog: '/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] /Order [] >> >>',
        more: ['<< /Type /OCG /Name (Off) >>'],
        resources: '/Properties << /L0 7 0 R >>',
      }),
  ],
])('words %s are read', async (_, bytes) => {
  const { text, warnings } = await read(bytes())
  expect(text).toContain('Subsidy is 30 percent')
  expect(text).toContain('SECRET words nobody sees')
  expect(warnings).toEqual([])
})

test('what a drawing of ten thousands of corners covers is not followed, and told', async () => {
  const corners = Array.from({ length: 15_000 }, (_, index) => `${60 + (index % 300)} ${index % 2 === 0 ? 490 : 520} l`).join(' ')
  const { text, warnings } = await read(pdfOf([`${shown}${secret()}1 g 60 490 m ${corners} h f`]))
  expect([text.includes('Subsidy is 30 percent'), warnings]).toEqual([true, ['hidden_text']])
})

test('a figure painted over and written anew is read as it stands now', async () => {
  const line = 'BT /F1 12 Tf 72 500 Td (At most 500 thousand yuan are paid) Tj ET '
  // Helvetica: “At most ” is 44.7 points wide at this size, “500” 20.
  const anew = '1 g 116 495 21 14 re f 0 g BT /F1 12 Tf 116.7 500 Td (800) Tj ET'
  const { text, warnings } = await read(pdfOf([shown + line + anew]))
  expect(text.replace(/\s+/g, ' ')).toContain('At most 800 thousand yuan are paid')
  expect(text).not.toContain('500')
  expect(warnings).toEqual(['hidden_text'])
})

test('recognised words under a scan are read, with doubt, a page number on it too; other hidden words are not', async () => {
  const page = '595 0 0 842 0 0'
  const scan = [words('Recognised words of the scan', 600), drawn(page), words('7', 30)]
  expect(await read(pdfOf([scan.join('')], withPicture(230)))).toMatchObject({
    text: expect.stringContaining('Recognised words of the scan'),
    warnings: ['ocr_text'],
  })
  const mixed = [words('Words of a page with a picture', 640), ...scan.slice(0, 2), words('and with words upon it', 100)]
  const { text, warnings } = await read(pdfOf([mixed.join('')], withPicture(230)))
  expect(text).toContain('and with words upon it')
  expect(text).not.toContain('Recognised')
  expect(warnings).toEqual(['hidden_text'])
})

test('a page of nothing but words nobody sees and a picture elsewhere is no scan; recognised words on a part of the page are read', async () => {
  const logo = drawn('60 0 0 30 72 760')
  const lines = [500, 520, 540].map((y) => words('SECRET words nobody sees at all', y, '1 g'))
  for (const page of [`${logo}${lines.join('')}`, `${logo}3 Tr ${lines.join('').replaceAll('1 g', '')}`])
    await expect(pdf.read(pdfOf([page], withPicture(230)), 'a.pdf')).rejects.toBeInstanceOf(NeedsOcr)
  const slip = `${drawn('300 0 0 100 60 450')}3 Tr ${words('Recognised words of a slip', 500)}`
  expect(await read(pdfOf([slip], withPicture(230)))).toMatchObject({
    text: expect.stringContaining('Recognised words of a slip'),
    warnings: ['ocr_text'],
  })
})

test('a page that is a stencil for ink, as copiers write it, is a picture to recognise', async () => {
  const stencil = {
    dictionary: '/Type /XObject /Subtype /Image /ImageMask true /Width 8 /Height 2 /BitsPerComponent 1',
    content: '\x0f\xf0',
  }
  const bytes = pdfOf([`0 g ${drawn('595 0 0 842 0 0')}`], { more: [stencil], resources: '/XObject << /Im0 7 0 R >>' })
  const page = await pdf.picture?.(bytes, 1)
  const [ink, paper] = [0, 255]
  expect([...(page ?? [])].slice(-16)).toEqual([...Array(4).fill(ink), ...Array(8).fill(paper), ...Array(4).fill(ink)])
})
