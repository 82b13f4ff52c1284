import { dayInChina } from '../../retrieval/base/clock.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import { inWriting } from '../answer/colloquial.ts'
import type { Citation } from '../answer.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { renderSource } from '../render.ts'
import { hear, say, textsOf, type Work } from './work.ts'

/**
 * Shows the whole clause the last answer rests on and its document's status today (the answer may have been about an earlier day): 文号是什么,
 * 还有效吗, 你确定吗. Nothing is searched. As with every answer, validity is checked again when it is sent.
 * @returns false when something else is asked, or the last answer rests on nothing that may still be shown
 */
export async function sourceAsked(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const citations = asksSource(message.text) === 'at_once' ? await shownLast(work) : null
  if (citations === null) return false
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  show(work, row, citations)
  return true
}

/** @returns false when the last answer rests on nothing that may still be shown; nothing is said then */
export async function sourceShown(work: Work, row: InboxRow): Promise<boolean> {
  const citations = await shownLast(work)
  if (citations !== null) show(work, row, citations)
  return citations !== null
}

const answersBack = 3

async function shownLast(work: Work): Promise<readonly Citation[] | null> {
  // An exchange that ended without an answer since then is not what the person is looking at.
  const last = (await work.deps.answers.latest(work.lane.conversation.id, answersBack)).find((each) => each.decision === 'answer')
  if (last === undefined || last.protected || last.citations.length === 0) return null
  const today = async (each: Citation) => ({ ...each, status: (await work.deps.statusNow(each.document_id)) ?? each.status })
  return Promise.all(last.citations.map(today))
}

function show(work: Work, row: InboxRow, citations: readonly Citation[]): void {
  const restsOn = citations.filter(({ status }) => mayAnswer(status)).map((each) => each.passage_id)
  say(work, row, renderSource(citations, textsOf(work), dayInChina(work.deps.clock())), { restsOn })
  work.outcomes.push('source_shown')
}

const of =
  '(?:那|请问|麻烦)?(?:它|这个?|那个?|该|上面|上述|刚才)?(?:说的)?的?(?:政策|办法|细则|文件|条款|规定|通知|答案|回答|答复)?的?'
const asked = '(?:是|有|在|到)?(?:什么时候|何时|哪天|哪年|什么|多少|多久|哪里|哪儿|哪个|哪条)?(?:为止)?[呢吗啊]?'
/** A clause may state when the document begins and ends, so it is looked at first. */
const dates: readonly RegExp[] = [
  new RegExp(`^${of}(?:有效期|施行日期|实施日期|生效日期|到期日|失效日期)${asked}$`),
  new RegExp(`^${of}(?:是)?(?:什么时候|何时|哪天|哪年)(?:开始)?(?:施行|实施|生效|失效|到期|过期|发布|印发)的?[呢吗]?$`),
]
const patterns: readonly RegExp[] = [
  new RegExp(`^${of}(?:文号|发文字号|文件号|出处|来源|依据|原文)${asked}$`),
  new RegExp(`^${of}(?:现在|目前|今年|如今)?(?:还|是否|是不是)?(?:还|仍)?有效[吗么呢不没]?$`),
  // 哪条规定的, 哪个文件里写的, 根据哪一条, 在哪里能看到
  new RegExp(
    `^${of}(?:根据|依据|按照?|依照|出自|来自|写在)?(?:是|在)?(?:哪一?(?:条|款|个文件|份文件|个办法|个政策|份|项)|第几条|什么文件|什么规定)(?:规定|办法|文件|条款|政策)?(?:里|上|中)?(?:面)?(?:规定|说|写|讲|要求|定)?的?[呢吗啊呀]?$`,
  ),
  /^(?:谁|哪里|哪儿|在哪里?|在哪儿)(?:规定|说|写)的?[呢啊]?$|^(?:哪里|哪儿|在哪里?|在哪儿)(?:能|可以)?(?:看到?|查到?|找到?)(?:到)?(?:原文|文件|全文)?[呢吗]?$/,
  /^(?:请|麻烦)?(?:你)?(?:把)?(?:发|给|看|查看|显示|贴)(?:给|一?下)?(?:我)?(?:看看|看一?下|一?下)?(?:原文|出处|来源|依据|条款|文件)(?:发给我|给我)?$/,
  /^(?:你)?(?:确定|肯定|真的|是真的|靠谱|准确|可靠)[吗么]$|^(?:你的?)?(?:依据|根据)(?:的?是)?什么$|^(?:你)?(?:凭|根据)什么(?:这么)?说的?$/,
  /^(?:原文|出处|来源|依据|条款|文件|链接)(?:请|麻烦)?(?:发|给|转|贴)(?:给)?(?:我|一下)?(?:看看|看一?下|一?下)?$|^(?:请|麻烦)?(?:发|给)(?:我)?(?:个|一下)?链接(?:给我)?$/,
  /^(?:请|麻烦|能不能|可以)?(?:你|您)?(?:再|重新|重复)(?:说|发|讲)?(?:一遍|一次|一下)(?:吗|吧)?$|^(?:刚才|刚刚)(?:说|讲)(?:的)?(?:是)?什么$|^没看清(?:楚)?$/,
  /^where (?:is|was) (?:it|this|that) (?:written|stated|from)$|^(?:which|what) (?:clause|document|rule|policy|article)(?: is (?:it|this|that)| says (?:so|that|this|it))?$|^(?:please )?(?:say|send) (?:it|that) again(?: please)?$/,
  /^(?:what is |what's |show (?:me )?|where is )?(?:the )?(?:source|document number|original(?: text)?)(?: of (?:it|this|that))?$|^(?:is (?:it|this|that) )?still (?:in force|valid)$|^are you sure$/,
]

/** Pure: whether a whole message asks what the last answer rests on. `else`: only if nothing better is found. */
export function asksSource(text: string): 'at_once' | 'else' | null {
  const plain = normalize(inWriting(text))
    .replace(/[\s，。！？、,.!?；;：:]+/g, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .trim()
  if (plain === '') return null
  if (patterns.some((pattern) => pattern.test(plain))) return 'at_once'
  return dates.some((pattern) => pattern.test(plain)) ? 'else' : null
}
