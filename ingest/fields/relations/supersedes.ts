import { numberIn, titlesBelow } from './titles-below.ts'

export type Superseded = { readonly names: readonly string[]; readonly phrase: string | null }

/**
 * Titles and numbers of documents that this one ends as a whole: 《…》（云园管〔2022〕5号）同时废止, 代替, 不再执行. “中关于…的规定同时废止” ends only a part and is left
 * to a person.
 */
export function supersededBy(lines: readonly string[], ownTitle: string): Superseded {
  const names = new Set<string>()
  let phrase: string | null = null
  for (const sentence of lines.flatMap((line) => line.split(/(?<=[。；;])/))) {
    if (!/废止|失效|停止执行|不再执行|予以代替|取代/.test(sentence) || /[未不]得?废止|继续有效|自行废止/.test(sentence)) continue
    for (const match of sentence.matchAll(/《([^》]{3,80})》\s*([（(][^)）]{2,60}[)）])?([^《]{0,40})/g)) {
      const [, title = '', bracket = ''] = match
      if (!isEnded(sentence, match, ownTitle)) continue
      names.add(`《${title}》${numberIn(bracket)}`)
      phrase ??= sentence.trim().slice(0, 200)
    }
  }
  const list = listedBelow(lines)
  for (const name of list.names) names.add(name)
  return { names: [...names], phrase: phrase ?? list.phrase }
}

function isEnded(sentence: string, match: RegExpExecArray, ownTitle: string): boolean {
  const [whole, title, bracket = '', after = ''] = match
  const before = sentence.slice(0, match.index)
  const older = /(?:通过|批准|发布|公布|印发|修订|施行|原)[^《，。]{0,16}的?$/.test(before)
  if (isBasis.test(before) || isNew.test(before) || starts.test(after) || (title === ownTitle && bracket === '' && !older))
    return false
  return leads(before, after) || ends(after, sentence, match.index + whole.length)
}

/** 根据《甲》、《乙》，决定废止…: the basis stays in force. */
const isBasis = /(?:根据|依据|依照|按照|遵照|贯彻|落实)(?:(?!废止|失效)[^，,。；]){0,100}$/u

/** 执行《乙》，《甲》同时废止 and 《甲》由《乙》代替: 乙 takes its place. */
const isNew =
  /(?:(?<!不再|停止|终止)(?:执行|适用|参照|采用)|按照?|依照?|(?<![》）)连])[与同]|[以由被自]|[现特新](?:予以?)?(?:印发|制定|发布|公布|出台))(?:《[^》]*》(?:[\s、和及以与]|[（(][^)）《]*[)）])*)*$/u
const starts = /^\s*(?:正式)?(?:施行|实施|生效|印发|发布|公布)(?:之日|之?后|之?时)/u

/** Kinds of text that can be ended, one or several: 规范性文件, 规章和政策措施. */
const kind = '(?:文件|办法|规定|规章|法规|制度|政策|措施|细则|意见|通知|决定|标准|条例|规则|指南)+'
const kinds = `(?:(?!${kind}|[中前后])[^，,。《；;:：]){0,24}${kind}(?:(?:[、和及]|以及)(?:(?!${kind}|[中前后])[^，,。《；;:：]){0,8}${kind})*`
const these = `(?:下列|以下|如下)${kinds}`
const end =
  '(?:目录|清单)?(?:[（(][^）)]{0,16}[）)])?(?:[，,](?:(?:具体|名单|目录|清单)?(?:如下|见附件|附后)|[现特并](?:予以?)?(?:公布|公告|通告)(?:如下)?))?'
/** 废止下列 ends something only where somebody decides it: 废止后，执行下列 means the opposite. */
const decided =
  '(?:决定|决议|现|予以|公布|宣布|批准|同意|经[^，。]{1,20}研究|同时|一并|起|将|^[^\\p{Script=Han}]*|[一二三四五六七八九十]、)'
const out = '(?:废止|失效)'
/** A line above a list of titles: 决定废止下列文件：, 下列文件予以废止：, 废止的文件公布如下：, 废止的规范性文件目录. */
const above = new RegExp(
  [
    `${decided}[^。《；;]{0,16}(?:废止|宣布失效)(?:[^，,。《；;前后的]{1,16}(?:制定|印发|发布|出台)的)?${these}${end}\\s*[:：]\\s*$`,
    `${these}(?:[，,]?自[^，,。《；;]{1,24}起)?[，,]?(?:均|全部|同时|一并|予以|即行|宣布|决定|现|已|被|正式|自行|也|都)*${out}${end}\\s*[:：]\\s*$`,
    `${out}的${kinds}(?:目录|清单)?(?:予以|现)?(?:公布|公告|通告|通知)?如下\\s*[:：]\\s*$`,
    `${out}(?:[、和及]?(?:宣布)?失效|[（(]失效[）)])?的?(?:${kinds})?(?:目录|清单)[（(]?[^。《]{0,10}$`,
  ].join('|'),
  'u',
)
/** An intention or a request to end something ends nothing. */
const unsettled = /(?:拟|建议|可以|申请|要求|有权|征求|是否|如果|[若因])[^，,。；]{0,16}(?:废止|失效|下列|以下)/u
const partly = /[未不]|继续有效|保留|条款|修改/
function listedBelow(lines: readonly string[]): Superseded {
  return titlesBelow(
    lines,
    (line) => above.test(line),
    (line) => !partly.test(line) && !unsettled.test(line),
  )
}

/** 决定废止《甲》（文号）、《乙》: the word stands before the first title, with only titles after it. */
function leads(before: string, after: string): boolean {
  const open =
    /(?:决定|予以|现|一并|同时|将)[^《。；，不]{0,6}废止(?:以下|下列)?(?:[\p{Script=Han}\d]{0,10}文件)?\s*[:：]?\s*((?:《[^》]*》\s*(?:[（(][^)）]*[)）])?\s*(?:、|和|及|以及)?\s*)*)$/u
  return open.test(before) && !/^\s*(?:中|第[一二三四五六七八九十百\d]+[章节条款]|的(?:决定|通知|公告|规定|条款))/u.test(after)
}

/** The words after a title, up to the next one, must not restrict the repeal to a part; several titles may share one 废止 at the end. */
function ends(after: string, sentence: string, at: number): boolean {
  if (
    /^\s*(?:中|第[一二三四五六七八九十百\d]+[章节条款])/.test(after) ||
    /(?:中|的)(?:有关|关于|与本)[^。]{0,30}(?:规定|条款|内容)/.test(after)
  )
    return false
  return /废止|失效|停止执行|不再执行|代替|取代/.test(after) || /废止|失效|停止执行|不再执行/.test(sentence.slice(at))
}
