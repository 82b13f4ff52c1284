import { remembered } from '../base/remembered.ts'
import { normalize } from './normalize.ts'
import { numbersIn } from './numbers.ts'

/** After normalisation: an agency's short name, a year in any bracket, a serial number: 示园管〔2025〕3号, [2025] 3 号, (2025)第03号, 2025年3号. */
const pattern =
  /(\p{Script=Han}{0,14})\s*[〔[(【{〈《「『]\s*((?:19|20)\d{2})\s*年?\s*[〕\])】}〉》」』]\s*(?:第|no\.?)?\s*0*(\d{1,5})\s*号?/gu

export type DocumentNumber = {
  /** Short name of the agency as far as the text before the number tells; may carry words that precede it (`根据示园管`). */
  readonly agency: string
  readonly year: string
  readonly serial: string
}

/** @returns the document numbers in a text in any of their usual spellings, in order */
export const documentNumbersIn: (text: string) => readonly DocumentNumber[] = remembered((text) =>
  [...normalize(text).matchAll(pattern)].flatMap(([whole, agency = '', year = '', serial = '']) =>
    agency === '' && !whole.endsWith('号') ? [] : [{ agency, year, serial }],
  ),
)

/** A document number as people type it: the year may be missing. */
export type AskedNumber = { readonly year: string | null; readonly serial: string }

const numeral = '[〇○零一二三四五六七八九十百]'
const typed: readonly RegExp[] = [
  // 云高管2025年3号, 云高管2025第3号, 云高管2025-3号; not 2025年3月1号, nor 2025年3号线.
  /(?<!\d)(?<year>(?:19|20)\d{2})\s*年?\s*[-—–/]?\s*(?:第|no\.?)?\s*0*(?<serial>\d{1,5})\s*号(?![线楼店机厅馆门院口仓车桥坑矿地栋库])/gu,
  // 〔二〇二五〕三号
  new RegExp(
    `[〔[(【{〈《「『]\\s*(?<year>[一二][〇○零九][〇○零一二三四五六七八九]{2})\\s*年?\\s*[〕\\])】}〉》」』]\\s*第?\\s*(?<serial>\\d{1,5}|${numeral}{1,5})\\s*号`,
    'gu',
  ),
  // 3号文, 三十三号文件
  new RegExp(`(?<![\\d年])第?0*(?<serial>\\d{1,5}|(?<!${numeral})${numeral}{1,5})\\s*号文`, 'gu'),
]

/**
 * Document numbers in a question, including those without brackets, spelled in characters, or without a year. Too lenient for documents,
 * where 2025年第3号 may be an issue of a gazette; a number named in a question is meant as one.
 */
export function documentNumbersAsked(question: string): readonly AskedNumber[] {
  const plain = normalize(question)
  const others = typed.flatMap((pattern) => [...plain.matchAll(pattern)])
  return [
    ...documentNumbersIn(plain).map(({ year, serial }) => ({ year, serial })),
    ...others.flatMap(({ groups = {} }) => {
      const [year, serial] = [groups['year'], groups['serial']].map((each) => (each === undefined ? null : digits(each)))
      return serial ? [{ year: year ?? null, serial }] : []
    }),
  ]
}

/** 二〇二五 and 三十三 in digits. */
function digits(text: string): string | null {
  if (/^\d+$/.test(text)) return text
  const [found] = numbersIn(text.replaceAll('○', '〇'))
  return found === undefined ? null : String(found.value)
}

/** @returns one spelling, `示园管〔2025〕3号`; null when the text holds no document number */
export function canonicalDocumentNumber(text: string): string | null {
  const [first] = documentNumbersIn(text)
  return first ? `${first.agency}〔${first.year}〕${first.serial}号` : null
}
