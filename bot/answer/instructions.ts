import { remembered } from '../../retrieval/base/remembered.ts'
import type { Evidence, Found, Passage } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'

/**
 * Words in a document that address the assistant instead of the reader. Documents are data, so such a sentence is neither given to a model,
 * nor quoted, nor used as evidence. Approval by staff comes before this; it is the second lock.
 */
const toAssistants: readonly RegExp[] = [
  /(?:智能|ai|人工智能|机器人|语音|虚拟|问答)\s*(?:助手|客服|模型)|大?语言模型|聊天机器人|\b(?:ai|llm|language)\s*(?:assistants?|models?|bots?)\b|\b(?:to|dear|the) assistants?\b|\bchatbots?\b|(?:给|供|致)(?:问答|答复|检索)?(?:程序|引擎|助理|答复人)|(?:读|看)到(?:这里|此处|本条)的|(?:机器|程序|软件|引擎)(?:阅读|读取|读到|解析)|答复人|问答(?:程序|引擎)|\b(?:answering|reading) (?:engine|machine|software)\b/,
  /(?:回答|答复|回复|输出)(?:本|此|该|用户|问题|时|前|后|末尾|中|里).{0,8}(?:请|须|应|要|附|加|插入|写|说)|请.{0,6}(?:在回答|回答末尾|回复末尾|回答中)/,
  /(?:忽略|无视|忘记|覆盖).{0,8}(?:以上|之前|前面|上述|所有|规则|指令|内容|设定)|(?:ignore|disregard|forget|override)\s+(?:all|any|the|previous|above|prior|your)/,
  // The reader, whatever it is called, is told what to say, to whom, in whose voice, or what to withhold.
  /(?:告诉|告知|转告|答复)提问(?:者|人)|(?:请勿|不要|勿|别)(?:告知|告诉|透露给?)(?:用户|提问者|对方|客户)|扮演(?!.{0,8}(?:角色|作用))|(?:以|用).{1,8}的(?:口吻|语气)|(?:一律|统一|务必)(?:写作|写成|改写|答(?!复|辩)|译|说成)|请改用[“"]|翻译时请|请把?.{0,8}译为|解码后|若?有人问起/,
  /(?:须|请|要|应)?在(?:末尾|结尾|句末|文末|开头)(?:添|加(?!盖)|附|写|注)|回答时(?:请|须|加)/,
  /\bany (?:software|program|machine) (?:that|which) reads\b|\bdear model\b|\b(?:finish|begin|start|end) (?:every|each|your|all) (?:reply|replies|answer|answers|message)\b|\breply in the (?:voice|role)\b|\bsay (?:that )?you are\b|\breveal your\b|\bthe true (?:figure|amount|number)\b/,
  /系统提示|提示词|\bsystem\s*(?:prompt|override|message)\b|\bend with\b.{0,24}\d{3,}|<\|im_|\bjailbreak\b/,
  /^\s*(?:系统|指令|命令|system|instruction|override|assistant)\s*[:：]/,
  /[（(|]\s*(?:指令|系统指令|instruction)\s*[:：]/,
  /!\[[^\]]*\]\(|\]\(|=\s*hyperlink\s*\(|<\/?(?:script|img|iframe|title|context|system)\b/,
]

/** Writing about these tools is not addressing them: 支持企业应用大语言模型. */
const aboutThem =
  /(?:支持|应用|建设|开发|研发|购买|采购|部署|推广|企业|项目|技术|产品|补贴|奖励).{0,12}(?:智能助手|智能客服|语言模型|机器人|聊天机器人)/

/** Pure: whether a sentence addresses the assistant. */
export function speaksToAssistant(sentence: string): boolean {
  const plain = normalize(sentence)
  const hits = toAssistants.map((each) => each.test(plain))
  const [named, ...orders] = hits
  if (orders.some(Boolean)) return true
  return (
    named === true &&
    !aboutThem.test(plain) &&
    /请|应|须|说|答|输出|回复|附上|阅读|改为|改用|一律|finish|add|say|state|reply|answer|replace|reveal|print|output|must|should|do not/.test(
      plain,
    )
  )
}

/** @returns what was found without sentences that address the assistant; passages with nothing else are dropped */
export function dataOnly(found: Found): Found {
  const evidence = found.evidence.map(cleaned).filter((each): each is Evidence => each !== null)
  return evidence.every((each, index) => each === found.evidence[index]) && evidence.length === found.evidence.length
    ? found
    : { ...found, evidence }
}

function cleaned(evidence: Evidence): Evidence | null {
  const { passage } = evidence
  const text = kept(passage.text)
  const title = speaksToAssistant(passage.title) ? untitled(passage) : passage.title
  if (text === passage.text && title === passage.title) return evidence
  return text.trim() === '' ? null : { ...evidence, passage: { ...passage, text, title } }
}

function untitled({ docNo, clause }: Passage): string {
  return docNo ?? clause ?? '—'
}

const kept = remembered((text) => {
  const pieces = text.split(/(?<=[。！？!?\n；;|])|(?<=\.)(?=\s)/)
  return pieces.some(speaksToAssistant) ? pieces.filter((each) => !speaksToAssistant(each)).join('') : text
})
