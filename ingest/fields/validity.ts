import { countOf, datePattern, dayOf, daysIn, lastDayOf } from './dates.ts'

/** A value with the words it was taken from. */
export type Found = { readonly value: string; readonly phrase: string }
export type ValidityFields = {
  readonly issuedOn: Found | null
  readonly effectiveFrom: Found | null
  readonly effectiveTo: Found | null
}

const from = new RegExp(`自\\s*(${datePattern})\\s*起?\\s*(?:正式)?(?:施行|实施|执行|生效|试行|开始)`)
const fromIssue =
  /自\s*(?:印发|发布|公布|颁布|发文|下发|签发|公告)(?:之日|当日|日)\s*起?\s*(?:满?\s*([\d一二三四五六七八九十]{1,3})\s*(日|天|个月)\s*后?)?\s*(?:正式)?(?:起)?(?:施行|实施|执行|生效|试行)/
const until = new RegExp(
  `(?:有效期|施行期限?|执行期限?|试行期限?|实施期限?)[^。；\\n]{0,24}?(?:至|到|截至|截止到?)\\s*(${datePattern})`,
)
const span = new RegExp(
  `自\\s*(${datePattern})\\s*(?:起)?(?:施行|实施|执行|试行)?[^。；\\n]{0,6}?(?:至|到)\\s*(${datePattern})\\s*(?:止|有效|期间有效)?`,
)
const period =
  /(?:本?(?:办法|细则|规定|意见|措施|政策|通知|方案|指南|条例|制度)?(?:的)?(?:有效期|试行期|施行期|实施期|执行期)限?|有效期限|试行期限)\s*(?:暂定)?(?:为|是)?\s*([\d一二两三四五六七八九十]{1,3})\s*(年|个月)/
const lapses = new RegExp(`(${datePattern})\\s*(?:起)?(?:自行)?(?:废止|失效|停止执行)`)
const signature = new RegExp(`^[（(]?\\s*(${datePattern})\\s*[)）]?$`)
const inHead = new RegExp(`[（(]?\\s*(${datePattern})[^)）]{0,60}(?:通过|公布|发布|印发|修订|修正|批准|施行)`)

/**
 * Dates of validity by rule, each with its phrase. Only what speaks of the document itself counts: 有效期 of a certificate or the
 * deadline of an application is not the document's.
 * @param lines the document's lines; @param told the issue date the page's own head gave
 */
export function validityOf(lines: readonly string[], told: string | null): ValidityFields {
  return isChinese(lines) ? chineseValidity(lines, told) : englishValidity(lines)
}

/** An English guide may name its issuer in Chinese too: what most of the text is written in decides. */
function isChinese(lines: readonly string[]): boolean {
  const text = lines.join(' ')
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return count(/\p{Script=Han}/gu) >= count(/[a-z]+/gi)
}

function englishValidity(lines: readonly string[]): ValidityFields {
  const first = (pattern: RegExp) => {
    for (const line of lines) {
      const match = pattern.exec(line)
      const day = match?.[1] === undefined ? null : dayOf(match[1])
      if (match !== null && day !== null) return { value: day, phrase: match[0] }
    }
    return null
  }
  const effectiveFrom = first(englishFrom)
  return { issuedOn: first(englishIssued), effectiveFrom, effectiveTo: effectiveFrom === null ? null : first(englishTo) }
}

function chineseValidity(lines: readonly string[], told: string | null): ValidityFields {
  const issuedOn = told === null ? issueDate(lines) : { value: told, phrase: told }
  const closing = provisions(lines)
  const effectiveFrom = startDate(closing, issuedOn)
  return { issuedOn, effectiveFrom, effectiveTo: endDate(closing, effectiveFrom ?? issuedOn) }
}

/** The sentences that may speak of the document's own validity: those with 施行, 有效期 and the like. */
function provisions(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => line.normalize('NFKC').split(/(?<=[。;；])/))
    .filter((sentence) => /施行|实施|执行|生效|有效期|试行|废止|失效/.test(sentence))
    .filter((sentence) => !/(?:证书|资质|合同|许可证|承诺|报告|名单|资格|营业执照|认定)[^，,。]{0,6}有效期/.test(sentence))
}

function startDate(sentences: readonly string[], issuedOn: Found | null): Found | null {
  for (const sentence of [...sentences].reverse()) {
    const dated = from.exec(sentence)
    const day = dated?.[1] === undefined ? null : dayOf(dated[1])
    if (dated !== null && day !== null) return { value: day, phrase: dated[0] }
    const relative = fromIssue.exec(sentence)
    if (relative !== null && issuedOn !== null)
      return { value: later(issuedOn.value, relative[1], relative[2]), phrase: relative[0] }
  }
  return null
}

function later(day: string, count: string | undefined, unit: string | undefined): string {
  const value = count === undefined ? null : countOf(count)
  if (value === null) return day
  if (unit === '个月') return addDay(lastDayOf(day, value))
  return new Date(Date.parse(`${day}T00:00:00Z`) + value * 86_400_000).toISOString().slice(0, 10)
}

function addDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function endDate(sentences: readonly string[], start: Found | null): Found | null {
  for (const sentence of [...sentences].reverse()) {
    const found = namedEnd(sentence, start) ?? periodEnd(sentence, start)
    if (found !== null) return found
  }
  return null
}

/** 有效期至…, 自…至…, …废止; a day before the start is not its end. */
function namedEnd(sentence: string, start: Found | null): Found | null {
  for (const pattern of [until, span, lapses]) {
    const match = pattern.exec(sentence)
    const day = match === null ? null : dayOf(match.at(-1) ?? '')
    if (match !== null && day !== null && (start === null || day >= start.value)) return { value: day, phrase: match[0] }
  }
  return null
}

/** 有效期三年 counts from the day it starts. */
function periodEnd(sentence: string, start: Found | null): Found | null {
  const match = period.exec(sentence)
  const count = countOf(match?.[1] ?? '')
  if (match === null || count === null || start === null) return null
  return { value: lastDayOf(start.value, match[2] === '年' ? count * 12 : count), phrase: match[0] }
}

const englishIssued = new RegExp(`(?:issued|adopted|published|dated)[^.]{0,80}?(${datePattern})`, 'i')
const englishFrom = new RegExp(`(?:effective|in force|applies|valid)\\s+(?:from|as of|on|since)\\s+(${datePattern})`, 'i')
const englishTo = new RegExp(`(?:until|to|through|expires on|valid until)\\s+(${datePattern})`, 'i')

const headLines = 12

/** The day under the signature is the date of the document; laws carry theirs in brackets below the title. */
function issueDate(lines: readonly string[]): Found | null {
  const plain = lines.map((line) => line.normalize('NFKC').trim())
  for (const line of plain.slice(0, headLines)) {
    const match = inHead.exec(line)
    const day = match?.[1] === undefined || /自\s*$/.test(line.slice(0, match.index)) ? null : dayOf(match[1])
    if (match !== null && day !== null && line.length < 300) return { value: day, phrase: match[0] }
  }
  const body = plain.findIndex((line) => /^附件?\s*\d*\s*[:：]?$/.test(line))
  const signed = (body > headLines ? plain.slice(0, body) : plain).flatMap((line) => {
    const match = signature.exec(line)
    const day = match?.[1] === undefined ? null : dayOf(match[1])
    return match === null || day === null ? [] : [{ value: day, phrase: match[0] }]
  })
  return signed.at(-1) ?? tailDate(plain)
}

/** In a text whose line breaks were lost the last date stands at its very end, behind the issuer's name. */
function tailDate(lines: readonly string[]): Found | null {
  const tail = lines.slice(-6).join(' ').replace(/\s+/g, ' ').slice(-200)
  const last = daysIn(tail).at(-1)
  if (last === undefined) return null
  const before = tail.slice(Math.max(0, last.at - 14), last.at)
  const after = tail.slice(last.at + last.phrase.length).trim()
  const signed = /(?:局|厅|部|委|会|府|办|室|院|中心|司|署|行|公司|协会|指挥部|领导小组)[^。；，]{0,4}$/.test(before)
  return signed && after.length < 60 ? { value: last.day, phrase: last.phrase } : null
}
