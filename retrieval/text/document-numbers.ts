import { remembered } from '../base/remembered.ts'
import { normalize } from './normalize.ts'

/** After normalisation: an agency's short name, a year in any bracket, a serial number: 示园管〔2025〕3号, [2025] 3 号, (2025)第03号, 2025年3号. */
const pattern =
  /(\p{Script=Han}{0,14})\s*[〔[(【{〈《「『]\s*((?:19|20)\d{2})\s*年?\s*[〕\])】}〉》」』]\s*(?:第|no\.?)?\s*0*(\d{1,5})\s*号?/gu

export type DocumentNumber = {
  /** Short name of the agency as far as it can be told from the text before it: may carry words that precede it (`根据示园管`). */
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

/** @returns one spelling, `示园管〔2025〕3号`; null when the text holds no document number */
export function canonicalDocumentNumber(text: string): string | null {
  const [first] = documentNumbersIn(text)
  return first ? `${first.agency}〔${first.year}〕${first.serial}号` : null
}
