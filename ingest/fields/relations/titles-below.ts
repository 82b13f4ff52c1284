import { documentNumbersIn } from '../../../retrieval/text/document-numbers.ts'

const item =
  /^\s*(?:[一二三四五六七八九十百]{1,5}、|[（(][一二三四五六七八九十\d]{1,4}[)）]|\d{1,3}\s*[.．、]?)?\s*《([^》]{3,80})》\s*([（(][^)）]{2,60}[)）])?\s*[。；;，,、]?\s*$/u
/** A row of a list, with the names of its columns. */
const row = /(?:名\s*称|标\s*题)[:：]\s*《?([^；》]{3,80})》?；(?:[^；]*；)*?(?:文\s*号|发文字号)[:：]\s*([^；]{4,40})/u
const goesOnWith = /^\s*(?:序号|[一二三四五六七八九十百]{1,5}、|[（(]|\d)/u

/**
 * Titles listed line by line below a line that opens a list, each with its number where given.
 * @param heads whether a list begins below a line
 * @param opens whether that list is meant; else it ends the one before
 * @returns the titles as `《…》（…号）`, and the first line that opened a list with something in it; null without one
 */
export function titlesBelow(
  lines: readonly string[],
  heads: (line: string) => boolean,
  opens: (line: string) => boolean,
): { readonly names: readonly string[]; readonly phrase: string | null } {
  const names: string[] = []
  let phrase: string | null = null
  let isOpen = false
  for (const line of lines) {
    if (line.length < 160 && heads(line)) {
      isOpen = opens(line)
      if (isOpen) phrase ??= line.trim()
      continue
    }
    const [, title, number = ''] = isOpen ? (item.exec(line) ?? row.exec(line) ?? []) : []
    if (title !== undefined) names.push(`《${title.trim()}》${numberIn(number)}`)
    else isOpen &&= goesOnWith.test(line) // a part of a document, or the names of the columns
  }
  return names.length === 0 ? { names, phrase: null } : { names, phrase }
}

/** @returns the first document number of a bracket as `（云园管〔2022〕5号）`, '' without one */
export function numberIn(bracket: string): string {
  const [number] = documentNumbersIn(bracket)
  return number === undefined || number.agency === '' ? '' : `（${number.agency}〔${number.year}〕${number.serial}号）`
}
