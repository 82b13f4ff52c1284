import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { documentNumbersIn } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import type { Asking, PastExchange } from '../answer.ts'
import type { Account, Clerk } from '../models/clerk.ts'

export type Standalone = (asking: Asking, account: Account) => Promise<string>

const exchangesGiven = 3
const longest = 300

/** A follow-up is made to stand alone: by the model when there is one, otherwise by rule. A question that stands alone is never touched. */
export function standaloner({ clerk, log }: { clerk: Clerk | null; log: Log }): Standalone {
  return async ({ question, history, language, signal }, account) => {
    const last = history.at(-1)
    if (last === undefined || !leansOnHistory(question)) return question
    if (clerk === null) return joined(question, last)
    const past = history
      .slice(-exchangesGiven)
      .map((each) => `Q: ${each.standalone}\nA: ${each.answer ?? '-'}\n${each.titles.map((title) => `《${title}》`).join('')}`)
      .join('\n')
    try {
      const task = { language, account, ...(signal === undefined ? {} : { signal }) }
      const { text } = await clerk.ask('standalone', { ...task, data: { history: past, question } })
      const rewritten = text.replace(/\s*\n\s*/g, ' ').trim()
      return saysOnly(rewritten, `${past}\n${question}`) ? rewritten : joined(question, last)
    } catch (error) {
      if (signal?.aborted === true) throw error
      log('model_gave_nothing', errorFields(error))
      return joined(question, last)
    }
  }
}

/** Pure: a rewritten question may only put together what was said: no number, document or foreign word of the model's own. */
export function saysOnly(rewritten: string, said: string): boolean {
  if (rewritten === '' || [...rewritten].length > longest) return false
  const values = new Set(numbersIn(said).map((each) => each.value))
  const serials = new Set(documentNumbersIn(said).map((each) => `${each.year}:${each.serial}`))
  const source = normalize(said)
  return (
    numbersIn(rewritten).every(({ value, text }) => values.has(value) || /^[\p{Script=Han}]$/u.test(text)) &&
    documentNumbersIn(rewritten).every((each) => serials.has(`${each.year}:${each.serial}`)) &&
    (normalize(rewritten).match(/[a-z][a-z0-9_.-]{2,}/g) ?? []).every(
      (word) => /\p{Script=Han}/u.test(said) === false || source.includes(word),
    )
  )
}

const pronouns =
  /^(?:那|那么|它|这个|这项|那个|那项|该|上面|上述|刚才|前面|以上)|(?:它|这个|那个|这项|该)(?:政策|办法|奖励|补贴|成果|项目|文件|通知|条)?(?:的|呢|是|有|能|要|怎)|^(?:还有|另外)?(?:.{1,10})呢[?？]?$|^(?:and|what about|how about)\b|\b(?:it|that one|this one|they|those)\b/i
const shortest = 7

/** Pure: whether a question leaves out what it is about. */
export function leansOnHistory(question: string): boolean {
  const plain = question.trim()
  const bare = plain.replace(/[?？。!！\s]/g, '')
  const chinese = /\p{Script=Han}/u.test(bare)
  return (
    pronouns.test(plain) ||
    (chinese &&
      [...bare].length <= shortest &&
      /^(?:有效期|截止|什么时候|怎么|如何|多少|多久|谁|哪里|在哪|要|需要|找|联系|电话|条件|材料|为什么|最多|最高|几)/.test(bare))
  )
}

/** Pure: puts in front what the last exchange was about: the document it cited, else its question. */
export function joined(question: string, last: PastExchange): string {
  const about = last.titles[0] === undefined ? last.standalone : `《${last.titles[0]}》${last.standalone}`
  return `${about.slice(0, longest)} ${question.trim()}`
}
