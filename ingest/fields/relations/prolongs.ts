import { endDay, endPattern } from '../ending.ts'
import { numberIn, titlesBelow } from './titles-below.ts'

export type Prolonged = { readonly names: readonly string[]; readonly until: string | null; readonly phrase: string | null }

/** What lasts. Only right after a title does it speak of the document: not 申报期限 or 证书有效期. */
const validity = '(?:政策)?(?:有效|施行|执行|实施|试行|适用)(?:期限?|时间|时限)'
const longer = '(?:延长|延续|顺延|延期|延至|延到|展期)'
const goesOn = '继续(?:有效|执行|施行|实施|适用|沿用)'
const bracket = '(?:\\s*[（(][^）)《》]{2,60}[）)])?'
const more = `(?:\\s*(?:、|和|及|以及|与)?\\s*《[^《》]{3,80}》${bracket})*`
const these = '(?:等[^，,。；《]{0,12}(?:文件|政策|办法|措施|规定|通知))?(?:的)?'
/** 将于2025年12月31日到期，经研究，决定… */
const lapsing = `(?:[^，,。；《]{0,24}(?:到期|届满|期满|失效|截止)(?:之?后)?[，,]?[^。；《]{0,30}?)?`
/** 《甲》（…）、《乙》等两个文件的有效期延长至…, 《甲》到期后继续执行. */
const after = new RegExp(
  `^${bracket}${more}\\s*${these}${lapsing}(?:${validity}[^，,。；]{0,16})?\\p{Script=Han}{0,4}(?:${longer}|${goesOn})`,
  'u',
)
/** 延长《甲》、《乙》有效期. */
const before = new RegExp(`${longer}(?:实施|执行|施行)?\\s*(?:《[^《》]{3,80}》${bracket}\\s*(?:、|和|及|以及|与)?\\s*)*$`, 'u')
const itself = new RegExp(`^${bracket}${more}\\s*${these}(?:${validity}|[，,。；]|$|至|到)`, 'u')
const part = /^\s*(?:中|第[一二三四五六七八九十百\d]+[章节条款])/u
/** What it rests on, and what somebody may do one day, is not prolonged. */
const basis = /(?:根据|依据|依照|按照|遵照|贯彻|落实)[^，,。；]{0,100}$/u
const unsettled = new RegExp(
  `(?:不再|不予|不得|未|无需|可以?|申请|需要|需|拟|建议|是否|若|如)[^，,。；]{0,8}(?:${longer}|${goesOn})`,
  'u',
)
/** 下列文件有效期延长至2027年12月31日： */
const list = new RegExp(
  `(?:下列|以下|如下)[^《。；]{0,40}(?:${longer}|${goesOn})[^《。；]{0,24}[:：]\\s*$|(?:${longer}|${goesOn})[^《。；]{0,30}(?:下列|以下|如下)[^《。；]{0,12}[:：]\\s*$`,
  'u',
)
const until = new RegExp(`(?:${longer}|${goesOn})[^。；]{0,16}?(?:至|到|截至|截止到?)?\\s*${endPattern}`, 'u')

/**
 * Titles and numbers of documents whose validity this one prolongs as a whole, and the last day it gives them. A period (延长两年) gives
 * none, since it counts from a day that stands elsewhere. A proposal: only a person lets a document answer again.
 */
export function prolongedBy(lines: readonly string[], ownTitle: string): Prolonged {
  const sentences = lines.flatMap((line) => line.split(/(?<=[。；;])/)).filter((each) => !unsettled.test(each))
  const said = sentences.flatMap((sentence) => titlesIn(sentence, ownTitle).map((name) => ({ name, sentence })))
  const below = titlesBelow(
    lines,
    (line) => list.test(line),
    (line) => !unsettled.test(line),
  )
  const names = [...new Set([...said.map(({ name }) => name), ...below.names])]
  const telling = [...said.map(({ sentence }) => sentence), ...(below.phrase === null ? [] : [below.phrase])]
  const days = [...telling, ...sentences].flatMap((each) => endDay(until.exec(bare(each))?.[1] ?? '') ?? [])
  return {
    names,
    until: names.length === 0 ? null : (days[0] ?? null),
    phrase:
      telling
        .find((each) => until.test(each))
        ?.trim()
        .slice(0, 200) ??
      telling[0]?.trim().slice(0, 200) ??
      null,
  }
}

const bare = (sentence: string) => sentence.replace(/《[^《》]*》|[（(][^（）()]*[）)]/gu, '')

function titlesIn(sentence: string, ownTitle: string): string[] {
  const text = sentence.replaceAll('〈', '《').replaceAll('〉', '》')
  return [...text.matchAll(/《([^《》]{3,80})》(\s*[（(][^）)《》]{2,60}[）)])?/gu)].flatMap(
    ({ 0: whole, 1: title = '', 2: number = '', index }) => {
      const rest = text.slice(index + whole.length - number.length)
      return title !== ownTitle && isProlonged(text.slice(0, index), rest) ? [`《${title}》${numberIn(number)}`] : []
    },
  )
}

function isProlonged(lead: string, rest: string): boolean {
  if (part.test(rest) || basis.test(lead)) return false
  return after.test(rest) || (before.test(lead) && itself.test(rest))
}
