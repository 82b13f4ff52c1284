import { normalize } from '../../retrieval/text/normalize.ts'
import { leansOnHistory } from '../answer/follow/standalone.ts'
import type { PastExchange } from '../answer.ts'

type Read = { readonly question: string; readonly history: PastExchange[] }

const longest = 300
/** So many characters are enough to recognise an answer; platforms truncate quotations. */
const telling = 12
/** Messages that only point at the quotation: 帮忙看下, 这个呢, what about this. */
const points =
  /^(?:请|麻烦|帮忙?|能不能|能|可以|谁|有人)*(?:大家|各位|机器人|小助手)?(?:来)?(?:回答|解答|答复|看看?|说说|讲讲|解释|查查?|问问?)(?:一?下)?(?:吧|吗|这个(?:问题)?|他|她|它)*$|^(?:这个|这条|上面(?:这个|这条)?|他(?:问的)?|她(?:问的)?)?(?:问题)?(?:呢|怎么回答|怎么说|怎么办)?$|^(?:please )?(?:answer|help|explain)(?: (?:this|that|it|with this))?$|^(?:what about |and )?(?:this|that)(?: one)?$/i

/**
 * Pure: how to read a message that quotes something. If it quotes our answer or an earlier question, that becomes the last exchange.
 * Somebody else's words become the question when the message only points at them, and its context otherwise.
 */
export function readWith(quoted: string | null, question: string, history: PastExchange[]): Read {
  const words =
    quoted
      ?.replace(/\[\d+\]/g, '')
      .trim()
      .slice(0, longest) ?? ''
  if (words === '') return { question, history }
  const plain = tight(words)
  const meant = history.findLast(
    ({ question: asked, answer }) => tight(asked) === plain || (answer !== null && shares(answer, plain)),
  )
  if (meant !== undefined) return { question, history: [...history.filter((each) => each !== meant), meant] }
  if (points.test(question.replace(/[\s\p{P}]/gu, ''))) return { question: words, history }
  if (!leansOnHistory(question)) return { question, history }
  const said = { question: words, standalone: words, answer: null, titles: [], options: [] }
  return { question, history: [...history, said] }
}

function shares(answer: string, plain: string): boolean {
  const head = tight(answer.replace(/\[\d+\]/g, '')).slice(0, telling)
  return head.length === telling && plain.includes(head)
}

function tight(text: string): string {
  return normalize(text).replace(/[\s\p{P}]/gu, '')
}
