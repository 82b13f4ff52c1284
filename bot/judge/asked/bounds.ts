import { normalize } from '../../../retrieval/text/normalize.ts'
import { answerTypeOf } from '../../compose/answer-type.ts'
import { asksSum } from '../amounts.ts'

const sums =
  /\d[\d.,]*\s*[百千]?[万亿]?\s*(?:元|美元|人民币)|[一二两三四五六七八九十百千]+[万亿]?元|(?:rmb|cny|usd|yuan)\s*\d[\d.,]*(?:\s*(?:million|billion))?/g
const least = {
  before:
    /(?:不低于|不少于|不小于|不得?低于|不得?少于|至少|达到?|超过|满|大于|高于|≥|最低|no less than|at least|more than)[^,。;]{0,2}$/,
  after: /^[^,。;]{0,1}(?:以上|起|or more|and above)/,
}
const most = {
  before:
    /(?:最高|不超过|不得超过|不高于|至多|最多|上限[为是]?|封顶|小于|低于|≤|限额|up to|at most|no more than|not exceed(?:ing)?)[^,。;]{0,4}$/,
  after: /^[^,。;]{0,1}(?:以下|以内|封顶|or less)/,
}
/** 不低于 contains 低于, and 不超过 contains 超过. */
const mixed = { least: /不(?:得)?超过|不高于/, most: /不(?:得)?低于|不(?:得)?少于/ }

/** 一年最多奖多少 is not told by what is paid each time. */
const capOfYear = /(?:一年|每年|年度|全年)[^,。]{0,6}(?:最多|最高|封顶|上限)[^,。]{0,8}(?:多少|几)/
const anyCap =
  /年|最高|最多|不超过|不高于|不得超过|上限|封顶|以内|以下|累计|合计|≤|\b(?:per year|annual|yearly|up to|at most|maximum|no more than)\b/

/** Asks for a sum that is paid: 奖励差多少, 补贴一共多少. */
const asksPaid = /(?:奖|补|资助|贴).{0,4}多少/
const asksMost = /上限|封顶|最高|最多|\b(?:maximum|ceiling|cap|up to)\b/
const asksLeast =
  /最低|最少|至少|下限|门槛|起步|起点|以上|不低于|不少于|达到|要求|条件|满足|需要|\b(?:minimum|at least|threshold|required?)\b/

/**
 * Pure: whether all sums in a text are bounds of the other kind. A minimum that must be spent, earned or borrowed is neither a payment nor
 * a ceiling; a maximum that is paid does not say what an applicant needs.
 */
export function otherBound(question: string, text: string): boolean {
  const asked = normalize(question)
  if (capOfYear.test(asked) && !anyCap.test(normalize(text))) return true
  const paid = asksPaid.test(asked)
  if (answerTypeOf(question) !== 'amount' && !paid) return false
  if (asksLeast.test(asked)) return /最低|最少|至少|下限|门槛|minimum/.test(asked) && onlyBounds(text, most, mixed.most)
  return (paid || asksSum(question) || asksMost.test(asked)) && onlyBounds(text, least, mixed.least)
}

function onlyBounds(text: string, side: typeof least, other: RegExp): boolean {
  const plain = normalize(text)
  const found = [...plain.matchAll(sums)]
  if (found.length === 0 || other.test(plain)) return false
  return found.every(({ 0: sum, index }) => {
    const before = plain.slice(Math.max(0, index - 16), index)
    return side.before.test(before) || side.after.test(plain.slice(index + sum.length, index + sum.length + 4))
  })
}
