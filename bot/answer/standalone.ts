import { loadPrompt } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { sanitise } from '../../retrieval/base/sanitise.ts'
import type { PastExchange } from '../answer.ts'
import type { Model } from '../models/model.ts'

export type Standalone = (question: string, history: readonly PastExchange[], signal?: AbortSignal) => Promise<string>

const exchangesGiven = 3
const longest = 300

/** A follow-up is made to stand alone: by the model when there is one, otherwise by rule. A question that stands alone is never touched. */
export function standaloner({ model, log }: { model: Model | null; log: Log }): Standalone {
  const prompt = loadPrompt('standalone', ['history', 'question'])
  return async (question, history, signal) => {
    const last = history.at(-1)
    if (last === undefined || !leansOnHistory(question)) return question
    if (model === null) return joined(question, last)
    const past = history
      .slice(-exchangesGiven)
      .map((each) => `Q: ${each.standalone}\nA: ${each.answer ?? '-'}`)
      .join('\n')
    try {
      const { text } = await model.complete([{ role: 'user', content: prompt.fill({ history: past, question }) }], signal)
      const rewritten = sanitise(text)
        .replace(/\s*\n\s*/g, ' ')
        .trim()
      return rewritten === '' || [...rewritten].length > longest ? joined(question, last) : rewritten
    } catch (error) {
      log('model_failed', errorFields(error))
      return joined(question, last)
    }
  }
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
