import { documentNumbersIn } from '../text/document-numbers.ts'
import { normalize } from '../text/normalize.ts'

/** Words before a document number that are not part of the agency's name. */
const beforeNumber = /^.*(?:根据|依据|依照|按照|废止|失效|替代|代替|取代|关于|文件|通知|办法|细则|以及|同时|及其|原)/u
/** 《关于印发〈X〉的通知》 and the like are commonly called X. */
const wrapper = /(?:印发|发布|公布|颁布|下发)(?:.*?)[《〈<](.+)[》〉>]/u

/**
 * A title as others would write it: the inner title of a covering notice, without brackets, spaces and punctuation.
 * @returns '' when nothing is left
 */
export function titleKey(title: string): string {
  const normal = normalize(title)
  const inner = wrapper.exec(normal)?.[1] ?? normal
  return inner.replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * Names others may use for a document: `n:` its number, `t:` its title, and, while its number is unknown, `u:` a title that others give
 * with a number.
 */
export function namesOf(document: { readonly title: string; readonly docNo: string | null }): string[] {
  const numbers = numberKeys(document.docNo ?? '')
  const title = titleKey(document.title)
  if (title === '') return numbers
  return [...numbers, `t:${title}`, ...(numbers.length === 0 ? [`u:${title}`] : [])]
}

/**
 * The names of what a document says it replaces. An entry with a number means that number alone: an older text of the same title is another
 * document. Only a text whose number we do not know is also found by its title.
 */
export function endsOf(supersedes: readonly string[]): string[] {
  const keys = supersedes.flatMap((entry) => {
    const numbers = numberKeys(entry)
    const titles = titlesIn(entry, numbers.length > 0)
    return [...numbers, ...titles.map((title) => `${numbers.length > 0 ? 'u' : 't'}:${title}`)]
  })
  return [...new Set(keys)]
}

function numberKeys(text: string): string[] {
  return documentNumbersIn(text).flatMap(({ agency, year, serial }) => {
    const name = agency.replace(beforeNumber, '')
    return name === '' ? [] : [`n:${name}〔${year}〕${serial}`]
  })
}

function titlesIn(entry: string, hasNumber: boolean): string[] {
  const quoted = [...normalize(entry).matchAll(/《([^《》]+)》/gu)].map((match) => match[1] ?? '')
  const titles = quoted.length > 0 ? quoted : hasNumber ? [] : [entry]
  return titles.map(titleKey).filter((title) => title !== '')
}
