import type { Evidence } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { sentencesOf } from '../compose/sentences.ts'

export type Comparison = { readonly sides: readonly [string, string] } | { readonly oldAndNew: true; readonly about: string }

const between =
  /^(?:请问|想问|帮我|我想知道|请)?(?:一下)?(?:比较|对比)?(?:一下)?(.{2,30}?)(?:和|与|跟|同|对比|vs\.?|比)(.{2,30}?)(?:的(?:政策|奖励|规定)?)?(?:有什么|有哪些|有啥|的)?(?:区别|不同|差别|差异|对比|比较|哪个(?:更)?(?:划算|合适|高|好|多)|谁(?:更)?高)/
const english = /\b(?:difference between|compare)\s+(.{3,60}?)\s+(?:and|with|to|versus|vs\.?)\s+(.{3,60}?)[?.]?$/i
const versions =
  /(?:新旧|新老)(?:办法|政策|规定|文件|版本)?.{0,12}(?:区别|不同|变化|差别|对比|比较)|(?:和|与|跟|比)(?:原来|以前|之前|旧|老|上一版|2\d{3}年)(?:的)?(?:办法|政策|规定|文件|版)?.{0,8}(?:区别|不同|变化|变了|改了)|改了(?:哪些|什么)|有(?:哪些|什么)(?:变化|调整)|\bwhat (?:has )?changed\b|\bold and new\b/

/** @returns what a question wants compared, or null. Pure. */
export function comparisonIn(question: string): Comparison | null {
  const plain = question.trim()
  if (versions.test(normalize(plain)))
    return {
      oldAndNew: true,
      about: plain
        .replace(/新旧|新老|和原来|和以前|与原来|比原来|有(?:哪些|什么)(?:变化|调整|区别|不同)|区别|变化|[?？]/g, ' ')
        .trim(),
    }
  const [, one, other] = between.exec(plain) ?? english.exec(plain) ?? []
  if (one === undefined || other === undefined) return null
  return { sides: [one.trim(), other.trim()] }
}

/** What is laid side by side; a cell is the words of the document, or nothing. */
const rows = ['cap', 'rate', 'sum', 'window', 'target'] as const
export type Row = (typeof rows)[number]
export type Table = readonly { readonly row: Row; readonly cells: readonly (string | null)[] }[]

const cell: Readonly<Record<Row, RegExp>> = {
  cap: /[^，,。；;：:\n]{0,12}(?:最高|不超过|上限|封顶|up to|at most)[^，,。；;\n]{0,4}?(?:RMB )?\d[\d,.]*\s*(?:万|亿)?\s*(?:元|yuan)?/i,
  rate: /[^，,。；;：:\n]{0,18}?\d+(?:\.\d+)?\s*[%％‰]/,
  sum: /(?:给予|奖励|资助|补助|补贴)[^，,。；;\n]{0,10}?\d[\d,.]*\s*(?:万|亿)?元/,
  window:
    /每年\d{1,2}月[^，,。；;\n]{0,16}|\d{4}年\d{1,2}月\d{1,2}日[^，,。；;\n]{0,4}(?:至|到|—)[^，,。；;\n]{0,22}|常年[^，,。；;\n]{0,8}/,
  target: /对([^，,。；;\n]{4,36}?)的企业|[^，,。；;：:\n]{2,30}?(?:企业|机构|单位|团队)(?=[^，,。；;\n]{0,12}的[，,])/,
}

/** Pure: the same points of several documents beside each other; a row nobody fills is left out, a cell nobody wrote stays empty. */
export function tableOf(documents: readonly (readonly Evidence[])[]): Table {
  return rows
    .map((row) => ({ row, cells: documents.map((evidence) => cellOf(row, evidence)) }))
    .filter(({ cells }) => cells.some((each) => each !== null))
}

function cellOf(row: Row, evidence: readonly Evidence[]): string | null {
  for (const { passage } of evidence.slice(0, 3)) {
    for (const { text } of sentencesOf(passage.text)) {
      const found = cell[row].exec(text)?.[0]
      if (found !== undefined) return found.trim().replace(/^第[一二三四五六七八九十百]+条\s*/, '')
    }
  }
  return null
}
