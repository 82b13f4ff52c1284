import { normalize } from '../../../retrieval/text/normalize.ts'

const event = '路演|活动|培训班?|对接会|推介会|发布会|大会|讲座|比赛|大赛|论坛|沙龙|开放日|宣讲会?|说明会'
const when = '什么时候|哪天|哪一天|几号|几点|何时|什么时间'
/** Asks when something is held, not by when one must register. */
const whenHeld = new RegExp(
  `(?:${event})(?:是|在|将|会|定在|的时间是?)?(?:${when})(?:举办|举行|召开|开始|开)?[?？。呢啊呀]*$|(?:${when})(?:有|会|将)?(?:举办|举行|召开|开|办)?[^，,。]{0,10}(?:${event})[?？。呢啊呀]*$|\\bwhen (?:is|are|does|will) (?:the )?(?:next )?(?:roadshow|event|training|workshop|open day)`,
)
const held =
  /举办|举行|召开|定于|开幕|开讲|开始|时间\s*(?:[:：为是|]|安排)|每[年月季周]|(?:路演|活动|培训|会议|开放)日|\b(?:held|takes? place|starts?|every|date)\b/

/** Pure: whether a question asks when something is held and the text mentions no event: 请于12月5日前提交 is another date. */
export function holdingAbsent(question: string, text: string): boolean {
  return whenHeld.test(normalize(question).trim()) && !held.test(normalize(text))
}
