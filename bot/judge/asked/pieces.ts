import type { Passage } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'
import { answerTypeOf, holds } from '../../compose/answer-type.ts'
import { factsIn } from '../../compose/gate/figures.ts'

const kinds: ReadonlySet<string> = new Set(['amount', 'share', 'duration'])
/** A table row as a line of label：value; its parts belong together. */
const row = /^[^：:；;\n]{1,20}[：:][^；;\n]*(?:[；;][^：:；;\n]{1,20}[：:][^；;\n]*)+/

/** Pure: the statements of a clause: sentences, parts of one between semicolons, rows of a table. */
export function piecesOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => (row.test(line) ? [line] : line.split(/[。；;]|\.\s/)))
    .filter((each) => each.trim() !== '')
}

/**
 * Pure: whether the figure stands in one statement of a clause and what was asked about in another: 孵化协议一签几年 is not told by a list of
 * conditions that has 注册时间不超过36个月 and, after a semicolon, 签订孵化协议.
 * @param about title and heading, whose words every statement shares
 */
export function figureElsewhere(question: string, about: string, text: string): boolean {
  const type = answerTypeOf(question)
  if (!kinds.has(type) || howOften.test(normalize(question))) return false
  const pieces = piecesOf(normalize(text))
  if (pieces.length < 2) return false
  const given = normalize(`${about} ${headingOf(text)}`)
  const pairs = pairsIn(normalize(question).replace(questionWords, ' ').replace(unspecific, ' ')).filter(
    (pair) => !given.includes(pair),
  )
  const shares = (piece: string) => pairs.some((pair) => piece.includes(pair))
  const tells = (piece: string) =>
    holds(type, piece) || (type === 'duration' && /[\d一二两三四五六七八九十]\s*(?:日|天|年|周|个)/.test(piece))
  const [having, without] = [pieces.filter(tells), pieces.filter((each) => !tells(each))]
  return having.length > 0 && !having.some(shares) && without.some(shares)
}

/** The first line of a clause when it only names what stands below it. */
function headingOf(text: string): string {
  const [first = '', ...below] = text.split('\n')
  return below.length > 0 && [...first].length <= longestHeading && !/[。；，;,]/.test(first) ? first : ''
}
const longestHeading = 24

const howOften = /一(?:次|回|期|届|场)|频/
const unspecific =
  /奖励|补贴|补助|资助|政策|企业|公司|单位|最[高多低少长短]|比例|额度|金额|时间|期限|[一每]年|[能会可要给拿领得有是的了]/g

function pairsIn(text: string): string[] {
  return (text.match(/\p{Script=Han}{2,}/gu) ?? []).flatMap((run) =>
    [...run].slice(1).map((each, index) => `${[...run][index]}${each}`),
  )
}

const sums: ReadonlySet<string> = new Set(['money', 'foreign', 'percent'])

/** Pure: the statements of a text that hold a sum of money or a share. */
export function summed(text: string): string[] {
  return piecesOf(normalize(text)).filter((each) => factsIn(each).figures.some(({ kind }) => sums.has(kind)))
}

/** The last word of what is paid for: 大模型备案奖多少 → 备案. */
const paidFor = /(\p{Script=Han}{2})(?:项目|费用?)?\s*(?:报销|补助|补贴|奖励|奖补|资助|贴息|奖|补)[^,。]{0,4}(?:多少|几)/u

/**
 * Pure: whether the statements of a quotation that hold a sum do not speak of what is paid for, although the rest of the clause does: 科技保险补贴多少 is
 * not told by the allowance for travel in a clause on travel and insurance.
 */
export function sumOfAnother(
  question: string,
  quote: string,
  { title, heading, clause, text }: Pick<Passage, 'title' | 'heading' | 'clause' | 'text'>,
): boolean {
  const [, head = ''] = paidFor.exec(normalize(question)) ?? []
  const sums = summed(quote)
  // A heading of several matters (交通和保险) names none of them for all that stands below.
  const matter = normalize(
    [title, heading ?? '', clause ?? '', /^.{2,12}。/u.exec(text)?.[0] ?? '']
      .filter((each) => each === title || !/[和与及]/.test(each))
      .join(' '),
  )
  return (
    head !== '' &&
    sums.length > 0 &&
    !matter.includes(head) &&
    normalize(text).includes(head) &&
    !sums.some((each) => each.includes(head))
  )
}
