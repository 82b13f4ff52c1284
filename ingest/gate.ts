import type { Doubt } from '../retrieval/store/document.ts'
import type { ValidityFields } from './fields/validity.ts'
import type { Line } from './formats/format.ts'

export type Verdict = {
  readonly refused: { readonly code: string; readonly phrase: string } | null
  readonly doubts: readonly Doubt[]
}

export type GateFacts = {
  readonly lines: readonly Line[]
  readonly validity: ValidityFields
  readonly binding: boolean
  readonly docNo: string | null
  /** Labels of its clauses in order. */
  readonly clauses: readonly (string | null)[]
  readonly warnings: readonly string[]
}

const head = 12
const secretLine =
  /^\s*[【[（(]?\s*(?:密\s*级\s*[:：]?\s*)?(?:绝\s*密|机\s*密|秘\s*密)\s*[】\])）]?\s*(?:[★☆*]\s*)?(?:\d{1,2}\s*年|长期)?\s*$|密\s*级\s*[:：]\s*(?:绝密|机密|秘密)/
const secretStar = /^.{0,12}(?:绝密|机密|秘密)\s*[★☆].{0,12}$/

/** What makes a document doubtful before it goes live. Each doubt quotes its words, so that a person can look. */
export function gate(facts: GateFacts): Verdict {
  const text = facts.lines.map((each) => each.text)
  const marked = text.find((each, index) => (index < head && secretLine.test(each)) || secretStar.test(each))
  if (marked !== undefined) return { refused: { code: 'secret_marking', phrase: marked.trim() }, doubts: [] }
  return {
    refused: null,
    doubts: [
      ...numberDoubts(text),
      ...dateDoubts(facts),
      ...clauseDoubts(facts.clauses),
      ...severalDoubts(text),
      ...amendingDoubts(text),
      ...textDoubts(text, facts.warnings),
    ],
  }
}

const masked =
  /[*＊]+\s*(?:高|万|元|%|％|号|年|个月|日)|(?:最高|不超过|给予|奖励|补助)[^。；]{0,8}[*＊]+|最[*＊]+|\d[*＊]{2,}\d|×高|[〔[(（]\s*\d{0,3}[*＊]+/
/** Two figures that run into each other: 20万元30万元, a telephone number and the number of the next item. */
const glued =
  /\d{1,3}(?:万元|元|%)\s*\d{1,3}(?:万元|元|%)|(?:电话|热线|咨询|联系)[^。；\n\d]{0,10}(?:0\d{2,3}-)?(?:\d{9,10}|\d{12,14})(?!\d)(?!\s*[-@年月])|\d{9,}\s*万?元/
const pairs: Readonly<Record<string, string>> = { '〔': '〕', '[': ']', '【': '】', '（': '）', '(': ')', '﹝': '﹞', '［': '］' }

function numberDoubts(text: readonly string[]): Doubt[] {
  const doubts: Doubt[] = []
  const hidden = text.find((line) => masked.test(line))
  if (hidden !== undefined) doubts.push(doubt('masked_characters', null, around(hidden, masked)))
  const run = text.map(withCells).find((line) => glued.test(line))
  if (run !== undefined) doubts.push(doubt('glued_numbers', null, around(run, glued)))
  const broken = text.slice(0, head).find(isBrokenNumber)
  if (broken !== undefined) doubts.push(doubt('broken_doc_no', 'doc_no', broken))
  return doubts
}

/** Cells of a row are separated by a wide blank: 30%　500万元 are two. */
function withCells(line: string): string {
  return line.replace(/(?<=\S)[\u3000\t]+(?=\S)/g, ' | ').normalize('NFKC')
}

/** A number without year or serial, or with mismatched brackets, was read or copied wrongly. */
function isBrokenNumber(line: string): boolean {
  if (/〔\s*\d{0,3}\s*〕\s*\d*\s*号|〔\s*\d{4}\s*〕\s*号|〔\s*\d{5,}\s*〕/.test(line)) return true
  const found = /[\p{Script=Han}]{2,12}\s*([〔[【（(﹝［])\s*(?:19|20)\d{2}\s*([〕\]】）)﹞］])\s*\d{1,5}\s*[号號]/u.exec(line)
  return found !== null && found[1] !== undefined && pairs[found[1]] !== found[2]
}

/** The doubtful words with a little of their surroundings. */
function around(line: string, pattern: RegExp): string {
  const at = pattern.exec(line)?.index ?? 0
  return line.slice(Math.max(0, at - 20), at + 60)
}

function dateDoubts({ validity, binding, docNo, clauses }: GateFacts): Doubt[] {
  const { issuedOn, effectiveFrom, effectiveTo, endsWithEvent, contradiction } = validity
  const doubts: Doubt[] = []
  const numbered = docNo !== null || clauses.filter((each) => /^第.+条/.test(each ?? '')).length >= 3
  // A report that quotes a 施行 has neither number nor articles; a law may well lack the day it was adopted.
  if (binding && issuedOn === null && (effectiveFrom === null || !numbered)) doubts.push(doubt('missing_date', 'issued_on', null))
  if (contradiction !== null) doubts.push(doubt('contradicting_dates', 'effective_to', contradiction))
  if (effectiveTo !== null && issuedOn !== null && effectiveTo.value < issuedOn.value)
    doubts.push(doubt('contradicting_dates', 'effective_to', effectiveTo.phrase))
  if (binding && endsWithEvent !== null && effectiveTo === null)
    doubts.push(doubt('ends_with_event', 'effective_to', endsWithEvent))
  return doubts
}

const ownStart = /(本[\p{Script=Han}]{2,4}?)自((?:19|20)\d{2}年\d{1,2}月\d{1,2}日)起(?:正式)?(?:施行|实施|执行|生效)/u

/** 本办法 begins on two days: the file holds two documents, and the dates of one would be taken for both. */
function severalDoubts(text: readonly string[]): Doubt[] {
  const starts = new Map<string, string>()
  for (const line of text) {
    const [phrase, subject = '', day = ''] = ownStart.exec(line.normalize('NFKC').replace(/\s/g, '')) ?? []
    if (phrase === undefined) continue
    const before = starts.get(subject)
    if (before !== undefined && before !== day) return [doubt('several_documents', null, `${subject}：${before} / ${day}`)]
    starts.set(subject, day)
  }
  return []
}

/** A title of its own, not the history （根据……的决定修正） under the title of an amended text. */
const amends =
  /^[\p{Script=Han}\s]{0,40}关于修[改订](?:和废止)?(?:部分[\p{Script=Han}]{0,12}|《.{3,80}》.{0,30})的?决定$|对《[^》]{3,60}》(?:[（(][^)）]{2,60}[)）])?作(?:出)?如下修[改订][:：。]?$/u

/** 关于更正《…》的通知, 勘误表: what it is called; what it puts right stands further down. */
const corrects =
  /^[\p{Script=Han}\s]{0,40}关于(?:更正|勘误|修正|调整|修改|修订)[\p{Script=Han}\s]{0,12}《.{3,80}》[^。]{0,40}(?:通知|公告|公示|函|说明|启事)$|^(?:更正|勘误)(?:公告|通知|启事|说明|表)?$/u
const putsRight = /应为|更正为|修正为|修改为|调整为|修订为|改为|替换为|增加(?:一[条款项]|为)/

/** A decision that amends another document leaves the old text standing: the new text must be ingested too. */
function amendingDoubts(text: readonly string[]): Doubt[] {
  const said =
    text.slice(0, head).find((line) => amends.test(line.trim())) ??
    (text.some((line) => putsRight.test(line)) ? text.slice(0, head).find((line) => corrects.test(line.trim())) : undefined)
  return said === undefined ? [] : [doubt('amends_another', null, said)]
}

const digits: Readonly<Record<string, number>> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 }

/** 第一条 … 第九条 without 第五条: a page is missing, or a number was lost or misread. An attachment starts again from 第一条. */
function clauseDoubts(labels: readonly (string | null)[]): Doubt[] {
  let last = 0
  for (const label of labels) {
    const number = articleNumber(label)
    if (number === null || number === last) continue
    if (last > 0 && number > last + 1 && number !== 1) return [doubt('clause_missing', null, `第${last}条 → ${label}`)]
    last = number
  }
  return []
}

function articleNumber(label: string | null): number | null {
  const text = /^第([一二两三四五六七八九十百零〇\d]{1,6})条(?!之)/.exec(label ?? '')?.[1]
  if (text === undefined) return null
  if (/^\d+$/.test(text)) return Number(text)
  const [, hundreds = '', tens = '', ones = ''] =
    /^(?:([一二两三四五六七八九])百)?(?:[零〇]?([一二两三四五六七八九])?十)?[零〇]?([一二两三四五六七八九])?$/.exec(text) ?? []
  const ten = text.includes('十') ? (digits[tens] ?? 1) * 10 : 0
  return (digits[hundreds] ?? 0) * 100 + ten + (digits[ones] ?? 0)
}

function textDoubts(text: readonly string[], warnings: readonly string[]): Doubt[] {
  const all = text.join('')
  const doubts = warnings.filter((code) => code !== 'hidden_sheets_left_out').map((code) => doubt(code, null, null))
  const unreadable = all.match(/[\uFFFD\uE000-\uF8FF]/g)?.length ?? 0
  if (unreadable > Math.max(3, all.length * 0.005)) doubts.push(doubt('unreadable_characters', null, `${unreadable}`))
  if (all.replace(/\s/g, '').length < 40) doubts.push(doubt('little_text', null, all.slice(0, 60)))
  return doubts
}

function doubt(code: string, field: string | null, phrase: string | null): Doubt {
  return { code, field, phrase: phrase === null ? null : phrase.trim().slice(0, 120) }
}
