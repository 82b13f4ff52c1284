import type { Evidence } from '../../../retrieval/evidence.ts'
import { fieldsIn } from '../../demand/fields.ts'

/** The rows of a comparison. A cell holds words of the document as they stand, or nothing. */
const rows = ['target', 'rate', 'cap', 'sum', 'window', 'materials'] as const
const recordRows = ['field', 'trl', 'ip', 'cooperation', 'price', 'method', 'efficacy', 'application'] as const
export type Row = (typeof rows)[number] | 'validity' | (typeof recordRows)[number]
export type Cell = readonly { readonly words: string; readonly evidence: Evidence }[]
export type Table = readonly { readonly row: Row; readonly cells: readonly [Cell, Cell] }[]

/** What a clause about each row says, from full stop to full stop. */
const said: Readonly<Record<(typeof rows)[number], RegExp>> = {
  target:
    /适用于|适用范围|对象(?:为|是|包括|[:：])|面向|(?:注册|登记|从事|符合)[^，,。；;\n]{0,20}的(?:企业|机构|单位|个人|团队)|\b(?:applies to|eligible|applicants?)\b/i,
  rate: /\d+(?:\.\d+)?\s*[%％‰]|百分之|\bper ?cent\b/i,
  cap: /(?:最高|不超过|上限|封顶|累计不超过|至多)[^，,。；;\n]{0,14}?\d[\d,.]*\s*(?:[百千]?[万亿])?(?:元|%|％|倍)|(?:up to|at most|no more than)[^,.;\n]{0,14}\d/i,
  sum: /(?:给予|奖励|资助|补助|补贴|一次性)[^，,。；;\n%％]{0,14}\d[\d,.]*\s*(?:万|亿)?元(?![^，,。；;\n]{0,4}[%％])/,
  window:
    /(?:申请|申报|受理)[^，,。；;\n]{0,8}(?:时间|期限|期间)|每年[^，,。；;\n]{0,6}\d{1,2}月|常年(?:受理|申报)|\d{1,2}月\d{1,2}日[^，,。；;\n]{0,4}(?:至|到|—|-)/,
  materials: /(?:申请|申报)?材料(?:包括|有|[:：])|(?:提交|提供|附)[^，,。；;\n]{0,12}(?:材料|证明|合同|表)/,
}
const mostPhrases = 3
const mostOfOneClause = 2
const longestPhrase = 48
const longestList = 110

/** Pure: the same points of two documents (or two clauses of one) side by side; an empty row is left out. */
export function tableOf(sides: readonly [readonly Evidence[], readonly Evidence[]]): Table {
  const said = filled(rows, (row) => [policyCell(row, sides[0]), policyCell(row, sides[1])])
  const validities = [0, 1].map((at) => validity(said.flatMap((each) => each.cells[at] ?? [])[0]?.evidence ?? sides[at]?.[0]))
  return filledWith(said, 'validity', validities)
}

function filledWith(table: Table, row: Row, [one = [], other = []]: readonly Cell[]): Table {
  return table.length === 0 || (one.length === 0 && other.length === 0) ? table : [...table, { row, cells: [one, other] }]
}

/** Pure: the same for two records. */
export function recordTableOf(sides: readonly [Evidence, Evidence]): Table {
  return filled(recordRows, (row) => [recordCell(row, sides[0]), recordCell(row, sides[1])])
}

function filled(of: readonly Row[], cells: (row: Row) => readonly [Cell, Cell]): Table {
  return of.map((row) => ({ row, cells: cells(row) })).filter((each) => each.cells.some((cell) => cell.length > 0))
}

function policyCell(row: Row, evidence: readonly Evidence[]): Cell {
  const pattern = said[row as keyof typeof said] // the rows of policies
  const found: { words: string; evidence: Evidence }[] = []
  for (const each of evidence) {
    const before = found.length
    const sentences = each.passage.text.split(/(?<=[。；;\n])/)
    for (const [at, sentence] of sentences.entries()) {
      const words = announced(phraseOf(sentence, pattern), sentences.slice(at + 1))
      if (words === null || found.some((held) => held.words === words)) continue
      if (found.length >= mostPhrases || found.length - before >= mostOfOneClause) break
      // A sum that is a limit belongs to the limits.
      if (row !== 'sum' || !said.cap.test(words)) found.push({ words, evidence: each })
    }
  }
  return found
}

/** Our own fields, not the document's words. */
function validity(first: Evidence | undefined): Cell {
  const from = first?.passage.effectiveFrom
  if (first === undefined || from == null) return []
  return [{ words: `${from}—${first.passage.effectiveTo ?? ''}`, evidence: first }]
}

/** 应当提交下列材料： is followed by what it announces. */
function announced(words: string | null, next: readonly string[]): string | null {
  if (words === null || !/[:：]$/.test(words)) return words
  let whole = words
  for (const each of next) {
    const item = each.replace(/[。；;\s]+$/, '').trim()
    if ([...whole].length + [...item].length > longestList) break
    if (item !== '') whole += `${whole === words ? '' : '、'}${item}`
    if (each.includes('。')) break
  }
  return whole === words ? null : whole
}

/** The sentence when it is short, else the part of it around the words that count, from comma to comma. */
function phraseOf(sentence: string, pattern: RegExp): string | null {
  const plain = sentence
    .replace(/[。；;\s]+$/, '')
    .trim()
    .replace(/^第[一二三四五六七八九十百\d]+条[\s\u3000]*|^[（(][一二三四五六七八九十\d]{1,3}[)）]\s*/u, '')
  const match = pattern.exec(plain)
  if (match === null) return null
  if ([...plain].length <= longestPhrase) return plain
  const before = plain.slice(0, match.index).split(/(?<=[，,：:])/)
  const after = plain.slice(match.index).split(/(?=[，,])/)
  let words = `${before.at(-1) ?? ''}${after[0] ?? ''}`
  for (const piece of after.slice(1))
    if ([...words].length + [...piece].length <= longestPhrase) words += piece
    else break
  return [...words].length <= longestPhrase * 2 ? words.trim() : match[0]
}

const labels: Readonly<Record<string, readonly string[]>> = {
  field: ['领域'],
  trl: ['成熟度'],
  ip: ['知识产权'],
  cooperation: ['合作方式'],
  price: ['意向价格'],
}

function recordCell(row: Row, evidence: Evidence): Cell {
  const { text } = evidence.passage
  const own = fieldsIn(text)
  const words =
    row === 'method' || row === 'efficacy' || row === 'application'
      ? own[row]
      : text
          .split('；')
          .map((each) => /^([^：]{1,8})：(.+)$/s.exec(each.trim()))
          .find((match) => labels[row]?.includes(match?.[1] ?? '') === true)?.[2]
  return words === undefined ? [] : [{ words, evidence }]
}
