import { documentNumbersIn } from '../../retrieval/text/document-numbers.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import type { Found } from './validity.ts'

/** A number may follow long names of many issuers; after a long salutation it belongs to another document. */
const headCharacters = 500
const longestAgency = 12

const bracketed =
  /([\p{Script=Han}]{0,14})\s*[〔[(【{〈﹝［（]\s*(?:19|20)\d{2}\s*年?\s*[〕\])】}〉﹞］）]\s*(?:第|No\.?)?\s*\d{1,5}\s*号?/giu
const announcement =
  /(?:^|[\s》）)]|的公告)((?:[\p{Script=Han}]{2,20}\s){0,6}?[\p{Script=Han}]{0,20}公告)\s*((?:19|20)\d{2})\s*年\s*第\s*(\d{1,4})\s*号/gu
/** What stands before the number of another document. */
const quoting =
  /(?:》|〉|”|」)\s*[（(]?\s*$|(?:根据|依据|依照|按照|遵照|执行|落实|贯彻|转发|参照|印发的|下发的|发布的|原)[^\s。，；]{0,12}$/u
/** What stands after it: 《title》, 文件精神, 的要求. */
const quoted = /^[ \t\u3000]*[）)]?[ \t\u3000]*(?:《|文件|精神|要求|规定|通知|的|和|及|、|，|印发|已)/u

/**
 * The document's own number: in the page's metadata, its first lines, or after its last word. Numbers of others are quoted after 《》 or 根据,
 * or followed by 精神, 文件, 要求.
 * @param stated the value in the page's own metadata; it wins
 */
export function docNoOf(lines: readonly string[], stated: string | null): Found | null {
  const named = stated === null ? null : firstIn(stated)
  if (named !== null) return named
  const head = headOf(lines)
  const labelled =
    /(?:发文字号|文\s*号|文件编号|发文文号|字\s*号)\s*[\]】]?\s*[:：]?\s*([^\s，。；:：]{2,14}?\s*[〔[(【（﹝]\s*\d{4}\s*[〕\])】）﹞]\s*第?\s*\d{1,5}\s*号)/u.exec(
      head,
    )
  if (labelled?.[1] !== undefined) return firstIn(labelled[1])
  return own(head) ?? decree(head) ?? announced(head) ?? atEnd(lines)
}

/** The head ends with the first sentence that is not a line of its own. */
function headOf(lines: readonly string[]): string {
  const head = lines
    .slice(0, 25)
    .map((line) => line.normalize('NFKC').replace(/[\u200B-\u200F\u2060\uFEFF]/g, ''))
    .filter((line) => !/^序\s*号:/.test(line)) // a row of a list of other documents
    .join('\n')
  return usual(head).slice(0, headCharacters)
}

const inNumerals =
  /([〔[(【﹝])\s*([一二][〇零○一二三四五六七八九]{3})\s*([〕\])】﹞])\s*第?\s*(\d{1,5}|[一二三四五六七八九十百零〇]{1,6})\s*号/gu
const yearFirst = /[〔[(【﹝]\s*((?:19|20)\d{2})\s*[〕\])】﹞]\s*([\p{Script=Han}]{2,12}字)\s*第?\s*(\d{1,5})\s*号/gu

/** 〔二〇二五〕十一号 and 〔2025〕云园管字第3号 in the usual spelling. */
function usual(head: string): string {
  const value = (numeral: string) => numbersIn(numeral.replaceAll('○', '〇'))[0]?.value ?? numeral
  return head
    .replace(inNumerals, (_, open, year, close, serial) => `${open}${value(year)}${close}${value(serial)}号`)
    .replace(yearFirst, '$2〔$1〕$3号')
}

/** 云汀市人民政府令 and under it 第45号: a decree has its own count and no year. */
function decree(head: string): Found | null {
  const [phrase, issuer = '', serial = ''] =
    /(?:^|\n)\s*([\p{Script=Han}]{2,24}令)\s*[（(]?第\s*(\d{1,4}|[一二三四五六七八九十百零〇]{1,6})\s*号[)）]?(?=\s*(?:\n|$))/u.exec(
      head,
    ) ?? []
  if (phrase === undefined || /。/.test(head.slice(0, head.indexOf(phrase)))) return null
  return { value: `${issuer}第${numbersIn(serial)[0]?.value ?? serial}号`, phrase: phrase.trim().replace(/\s+/g, ' ') }
}

function own(head: string): Found | null {
  for (const match of head.matchAll(bracketed)) {
    const [whole, agency = ''] = match
    const before = head.slice(0, match.index)
    const after = head.slice(match.index + whole.length)
    const shown = before + agency
    if (agency === '' || quoting.test(before.slice(-30)) || isQuotedAgency(agency) || quoted.test(after)) continue
    // The first whole sentence begins the text; a number after it is quoted.
    if (/。/.test(shown)) return null
    // 2023年5月20日云园管〔2023〕6号公布: the day runs into the name.
    const number = firstIn(/\d$/.test(before) ? whole.replace(/^[年月日]/, '') : whole)
    if (number !== null) return number
  }
  return null
}

/** 根据交运明电〔2020〕37号: the quoting words run into the agency's name. */
function isQuotedAgency(agency: string): boolean {
  return /(?:根据|依据|依照|按照|遵照|参照)[\p{Script=Han}]{1,8}$/u.test(agency)
}

/** 财政部 税务总局公告2020年第8号 */
function announced(head: string): Found | null {
  for (const match of head.matchAll(announcement)) {
    const [phrase, issuer = '', year = '', serial = ''] = match
    if (/。/.test(head.slice(0, match.index)) || quoted.test(head.slice(match.index + phrase.length))) continue
    const name = issuer
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/^.*的公告/u, '')
    return { value: `${name}${year}年第${Number(serial)}号`, phrase: phrase.trim() }
  }
  return null
}

function atEnd(lines: readonly string[]): Found | null {
  const last = lines.at(-1)?.trim().slice(-40) ?? ''
  return /^[（(]?[\p{Script=Han}]{2,12}\s*[〔[(【（]\s*\d{4}\s*[〕\])】）]\s*\d{1,5}\s*号[)）]?$/u.test(last)
    ? firstIn(last)
    : null
}

/** The agency's short name: at most as long as a 文号 allows, without words that ran into it. */
function firstIn(text: string): Found | null {
  const [number] = documentNumbersIn(text)
  if (number === undefined) return null
  const short = number.agency.replace(/^.*?(?:发文字号|文号|编号|字号|通知|公告|意见|办法|方案|措施|细则|规定)/u, '')
  if (short === '' || short.length > longestAgency) return null
  return { value: `${short}〔${number.year}〕${number.serial}号`, phrase: text.trim() }
}
