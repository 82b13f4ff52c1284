import type { Passage } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'

const squeezed = (text: string) => normalize(text).replace(/[\s\p{P}]/gu, '')
const around =
  /请问?|麻烦|给我?|帮我?|把|发|查|看|一下|看看|我?想?(?:知道|了解|要)|里|中|的|是|说了?|讲了?|写了?|规定了?|怎么|什么|内容|原文|全文|具体|哪些|呢|吗|啊|what does|what is|show me|the|say|article|of|text/g
const least = 4

/**
 * Pure: whether a question asks for nothing but this very clause, by number or title of its document and its own number: 云园管〔2023〕19号第二条说了什么.
 * Then the clause is the answer, however little its words have to do with the question's.
 */
export function namesClause(question: string, { title, docNo, clause }: Pick<Passage, 'title' | 'docNo' | 'clause'>): boolean {
  const number = /第[〇零一二两三四五六七八九十百\d]+条/.exec(normalize(clause ?? ''))?.[0]
  const asked = squeezed(question)
  if (number === undefined || !asked.includes(number)) return false
  const names = [docNo ?? '', title].map(squeezed).filter((each) => each.length >= least)
  const rest = names.reduce((left, name) => left.replace(name, ''), asked)
  return rest !== asked && rest.replace(number, '').replace(around, '') === ''
}
