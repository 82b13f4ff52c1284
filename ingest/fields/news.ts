import type { Line } from '../formats/format.ts'

/** News agencies and newspapers sign reports in the first lines. */
const signedReport =
  /(?:新华社|中新社|人民网|本报|[\p{Script=Han}]{2,6}(?:讯|日电|在线|客户端))[^。]{0,20}(?:记者|电|消息|报道)|[（(]?(?:见习)?记者[：:\s]?\s*[\p{Script=Han}]{2,4}|从[^，。]{2,30}(?:获悉|了解到)|\d{1,2}月\d{1,2}日[，,][^。]{0,40}(?:调研|检查|强调|召开|举行)/u
const signedAtEnd = /[（(]\s*(?:[\p{Script=Han}]{2,8})?记者[\s:：][^)）]{2,40}[)）]/u

/** Quoted speech: ……，李先生说。 No rule quotes people. */
const speech =
  /[”"][^。；“"]{0,40}(?:说|表示|介绍|坦言|感慨|告诉)[^。；，]{0,6}[。，：:]|(?:说|表示|介绍说?|坦言|告诉记者)[：:，,]\s*[“"]|(?:负责人|处长|局长|主任|经理|先生|女士)[\p{Script=Han}]{0,4}(?:介绍|表示|告诉|说)[，,：:]/u
/** Where it was reported, and who wrote it. */
const sources =
  /据(?:悉|了解|介绍|报道)[，,]|本报讯|新华社|通讯员|记者(?:了解到|获悉|从|在)|[（(](?:转自|来源|摄影|图)[^)）]{2,20}[)）]|来源[：:]\s*[\p{Script=Han}]{2,8}(?:日报|晚报|时报|商报|晨报|新闻网?|发布)|责任编辑|(?:新闻)?发布会上/u
/** 近日，某局出台…; 2月11日，某部印发…, 部署…: another body's act, told in the third person. */
const dateline =
  /(?:^|[\s。\u3000])(?:\d{1,2}月\d{1,2}日(?:上午|下午|晚|凌晨|起)?|近日|日前|近期|昨[天日晚]|今[天日]|当日|连日来)[，,]?[^。；]{2,60}?(?:发布|印发|出台|推出|启动|部署|召开|举行|举办|开展|再发|下发|公布|提出|开通|上线|慰问|走访|协调|组织)/u
/** 《通知》要求, 通知指出: about a rule, not part of it. */
const about =
  /(?:《(?:通知|意见|办法|措施|方案|通告|公告|指南|政策)》|[，。\s](?:通知|意见|通告|公告))(?:指出|要求|强调|明确|提出|规定|包含|从|共)/u

/** Words only the maker of a rule writes: to whom, that it is hereby made known, and the rule speaking of itself. */
const rule =
  /现(?:就|将|对)[^。]{0,80}(?:如下|印发|公布|公告|通告|通知|下发)|特此(?:通知|公告|通告|函告)|请[^。，]{0,12}(?:遵照|贯彻|认真|结合)[^。]{0,16}(?:执行|落实|实施)|各(?:区|县|市|省|镇|街道|有关|相关|直属)(?:[^。，；]{0,60}[：:]|[^。；]{0,160}[：:]\s*(?:\n|$))|自(?:本[\p{Script=Han}]{2}|印发|发布|公布)[^。，]{0,8}起(?:施行|实施|执行)|(?:^|\n)\s*第[一二三]条/u

/**
 * Whether a text reports on a rule instead of being one, whatever its headline says: it is signed by a newspaper, quotes people, or tells
 * what somebody else did. A text that addresses those it is for, or states its own start, is no report unless a newspaper signed it.
 */
export function isReport(lines: readonly Line[]): boolean {
  const text = lines.map((each) => each.text).join('\n')
  const head = text.slice(0, 300)
  if (signedReport.test(head.replaceAll('\n', ' ')) || signedAtEnd.test(lines.at(-1)?.text.slice(-200) ?? '')) return true
  if (rule.test(text)) return false
  return speech.test(text) || sources.test(text) || dateline.test(head) || about.test(text)
}
