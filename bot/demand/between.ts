import { isAsking, isSign, isThanks, wishOf } from '../converse/wishes.ts'
import { type Field, fieldsIn, saysNone } from './fields.ts'

/**
 * What words said during an interview are, when they are no plain answer: a wish to stop, to finish, to leave a question out, a nod, or
 * something else that is asked for.
 */
export type Between = 'cancel' | 'end' | 'skip' | 'nod' | 'question' | null

const cancels =
  /^(?:那|还是|我|先|就|暂时|今天|算了吧?)*(?:取消|算了|不提|不登记|不填|不弄|不搞|(?:不做|不说|不聊|不用|不需要)了|不想(?:提|登记|填|弄|搞|说)|放弃|退出|停止|停|(?:以后|回头|改天|下次|过(?:几|两)天|有空)再(?:说|弄|提|登记|填|来|聊)|放一放|到这(?:里|儿)?|改天|下次|cancel|stop|quit|never ?mind|not now|forget it|later)(?:需求|登记|一下|吧|了|谢谢|[\s,，。.!！~～])*$/i
const ends = /^(?:完成|结束|就这些|就这样|没有了|可以了|提交|直接提交|好了|done|submit|that'?s all|finish)[吧了。.!！]*$/i

/** @param pending what was asked last; nothing is a question while the need itself is told */
export function betweenOf(text: string, pending: Field | 'need'): Between {
  const plain = text.trim()
  if (stops(plain)) return 'cancel'
  if (ends.test(plain)) return 'end'
  if (isSign(plain) || saysNone(plain)) return 'skip'
  if (wishOf(plain) === 'thanks' || agrees.test(plain)) return 'nod'
  return pending !== 'need' && asks(plain, pending) ? 'question' : null
}

const agrees = /^(?:等一?(?:下|等)|等等|稍等(?:一下)?|马上|可以|对的?|是的?|没错|继续|yes|sure|go on)[吧啊呀。.!！]*$/i
const marked = /[?？]\s*$/
/** What an answer says with the words of a question: 什么都行, 能降多少算多少, 不知道为什么. */
const answersAll =
  /(?:什么|哪|谁|多少|几|怎么|怎样|如何)\S{0,6}(?:都|也)|(?:都|也)(?:行|可以|好|没)|多少\S{0,2}多少|什么\S{0,2}什么|越\S+越|不(?:太)?(?:清楚|知道|确定|懂|明白)|看情况|^(?:大概|大约|也就)?几(?:个|天|周|十|百|千)\S*(?:内|万|左右|吧)$/
const opens =
  /^(?:请问|问一?下|想问|我?想?(?:了解|知道|咨询|查)|帮我(?:查|看|找)|查一?下|介绍一?下|列出|说说你?们?|最近有|有(?:什么|哪些|没有)|哪(?:些|个|里|家)|我?们?想?要?(?:报名|参加)|怎么|怎样|如何|为什么|能不能|可不可以|是不是|what|when|where|who|how|which|why|can (?:i|you|we)|is there|are there|do you)/i
const closes = /(?:多少(?:钱|万|元|天)?|[吗呢]|什么|哪里|哪儿|哪些|哪天|谁|怎么(?:办|弄|走|报|申请)|几[个天点号])[。.!！~～]*$/

/** Whether all of it says to stop, thanks aside. */
function stops(plain: string): boolean {
  const pieces = plain
    .split(/[，,。；;！!\s]+/)
    .filter((piece) => piece !== '' && !(wishOf(piece) === 'thanks' && isThanks(piece)))
  return pieces.length > 0 && (cancels.test(plain) || pieces.every((piece) => cancels.test(piece)))
}

/** Whether words ask something back: by their form, or with a question word and nothing about what was asked. */
function asks(plain: string, pending: Field): boolean {
  if (marked.test(plain)) return true
  const isOfIt = fieldsIn(plain)[pending] !== undefined
  // A figure of what was asked is an answer, however it is put: 能不能降到5mg/L.
  if (answersAll.test(plain) || (isOfIt && /\d/.test(plain))) return false
  if (opens.test(plain) || closes.test(plain)) return true
  return isAsking(plain) && !isOfIt
}
