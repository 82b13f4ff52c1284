import type { Line, Meta } from '../formats/format.ts'
import { docNoOf } from './document-number.ts'
import { isReport } from './news.ts'
import type { Found } from './validity.ts'

export type Identity = {
  readonly title: string
  readonly docNo: Found | null
  readonly genre: string | null
  readonly binding: boolean
}

const headLines = 15
const genreWords =
  '实施办法|管理办法|暂行办法|办法|实施细则|细则|若干意见|实施意见|意见|若干措施|措施|通知|通告|通报|公告|公示|征求意见稿|解读|指南|方案|规定|条例|决定|规划|计划|批复|解释|函|纲要|规程|规则|制度|政策|法|目录|清单|章程|问答|新闻'
const titleEnd = new RegExp(
  `(?:${genreWords})(?:[（(](?:试行|暂行|修订|修订版|征求意见稿|草案|送审稿|\\d{4}年?(?:版|修订)?)[)）])*$`,
)
const english = /\b(?:Guide|Measures|Policy|Rules|Regulations?|Notice|Law|Handbook)\b/

/** What a document calls itself. The page's own metadata wins; then the first heading; then the first lines that end like a title. */
export function identityOf(lines: readonly Line[], meta: Meta, fileName: string): Identity {
  const head = lines.slice(0, headLines)
  const title = clean(meta.title ?? titleIn(head) ?? stem(fileName))
  const draft = isDraft(title, lines, fileName)
  const docNo = docNoOf(
    lines.map((line) => line.text),
    meta.docNo ?? null,
  )
  const genre = genreOf(title, draft, lines)
  const start = head
    .map((line) => line.text)
    .join(' ')
    .slice(0, 120)
  // Where line breaks were lost, the title may end before the word that names the kind of text.
  if (
    genre.binding &&
    docNo === null &&
    /^[^。]{0,100}(?:》|通知|措施|意见|办法|细则|规定|政策|指南)的?(?:政策|文件|条文)?解读/u.test(start)
  )
    return { title: title.includes('解读') ? title : `${title}解读`, docNo, genre: '解读', binding: false }
  // A document with a number of its own is not a report.
  const report = docNo === null && genre.binding && isReport(lines)
  return { title, docNo, ...(report ? { genre: '新闻', binding: false } : genre) }
}

/** Word's heading styles stand on chapters too: 第一章 总则 heads a part, it names no document. */
const part =
  /^\s*(?:第[一二三四五六七八九十百\d]{1,4}[编章节条部]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|目\s*[录次]$|附件[:：])/

const bareNumber = /^[\p{Script=Han}]{2,14}[〔[(（【]\d{4}[〕\]）)】]\d{1,5}号$/u

function titleIn(head: readonly Line[]): string | null {
  const joint = jointTitle(head)
  if (joint !== null) return joint
  const marked = head.find(
    (line) => line.level !== null && line.level <= 2 && line.text.trim().length >= 4 && !part.test(line.text),
  )
  if (marked !== undefined) return marked.text
  // Two centred lines may be one title: 关于印发……管理 / 办法的通知
  for (const [index, { text }] of head.entries()) {
    const own = text.trim()
    if (titleEnd.test(own) && own.length >= 5 && own.length <= 80 && !/[。；，]$/.test(own)) return joinedTitle(head, index)
  }
  const flat = /^(?:[^。；]{0,40}?|[^。；《，,]{0,140}?)(关于[^。；：:]{4,80}?(?:通知|意见|公告|通告|办法|决定|方案|函))/.exec(
    head
      .map((line) => line.text.trim())
      .join(' ')
      .slice(0, 400),
  )?.[1]
  if (flat !== undefined) return flat
  const first = head.find((line) => line.text.trim().length >= 4 && !bareNumber.test(line.text.replace(/\s/g, '')))?.text.trim()
  return first === undefined ? null : headline(first)
}

/** 甲部 乙部 丙局 关于……的通知: a line of names alone is not a title. */
function jointTitle(head: readonly Line[]): string | null {
  const first = head[0]?.text.trim() ?? ''
  if (!/^(?:[\p{Script=Han}]{2,16}(?:部|委|局|厅|会|院|办|行|署|集团|公司)[\s\u3000]*){2,}关于/u.test(first)) return null
  return /(关于[^。；]{4,80}?(?:通知|意见|公告|通告|办法|决定|方案|函))/.exec(first)?.[1] ?? null
}

/** Where line breaks were lost, a blank is all that is left of the one after the title. */
function headline(first: string): string {
  const sentence = first.split(/[。；;]/)[0] ?? first
  if (sentence.length <= 60) return sentence
  const parts = sentence.split(/[\s\u3000]+/).filter(Boolean)
  const [start = '', next = ''] = parts
  return (start.length < 12 && next.length < 40 ? `${start}${next}` : start).slice(0, 80)
}

/** A title over two lines begins with an issuer's name or 关于 and did not end in the line before. */
function joinedTitle(head: readonly Line[], index: number): string {
  const own = head[index]?.text.trim() ?? ''
  const before = head[index - 1]?.text.trim() ?? ''
  const begins =
    /^(?:关于|[\p{Script=Han}]{2,30}关于)/u.test(before) &&
    !titleEnd.test(before) &&
    before.length <= 40 &&
    !/[：:。；\d]$/.test(before)
  return begins ? `${before}${own}` : own
}

function clean(title: string): string {
  return title
    .normalize('NFC')
    .replace(/[\s\u3000]+/g, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .replace(/^《([^《》]*)》$/, '$1')
    .replace(/^([^《》]+)》.*$/, '$1')
    .replace(/[（(][^（()）]{2,14}[〔[【]\d{4}[〕\]】]\s*\d+\s*号[)）]$/, '')
    .trim()
}

function stem(fileName: string): string {
  return fileName.replace(/^.*[\\/]/, '').replace(/\.[^.]{1,5}$/, '')
}

/** A draft says so in its title, or asks for opinions in its first lines. */
function isDraft(title: string, lines: readonly Line[], fileName: string): boolean {
  if (/征求意见|草案|送审稿|讨论稿|意见征集/.test(title) || /征求意见稿|送审稿|讨论稿/.test(fileName)) return true
  const marked = lines.slice(0, 8).some((line) => {
    const text = line.text.trim()
    return text.length <= 24 && /征求意见稿|送审稿|讨论稿|[（(]\s*(?:修订)?草案\s*[)）]|^草案$/.test(text)
  })
  return marked || asksForOpinions(lines)
}

/** A call for opinions on an enclosed text: its first words say so, and where to send them. */
function asksForOpinions(lines: readonly Line[]): boolean {
  const text = lines
    .map((line) => line.text)
    .join('')
    .slice(0, 1_500)
  return (
    /(?:公开|面向社会|广泛|再次|现)[^。，]{0,16}征求[^。，]{0,16}(?:意见|建议)|向社会[^。，]{0,8}征求/.test(text.slice(0, 600)) &&
    /(?:意见|建议)[^。]{0,30}(?:反馈|发送|邮寄|寄送|提出|反映)|(?:反馈|提出)[^。]{0,12}(?:意见|建议)/.test(text)
  )
}

const ownStart = /本(?:政策)?(?:问答|答疑)自[^。]{4,24}起(?:施行|实施|执行)/

/** A text about a rule is not a rule: drafts, interpretations, news and lists for public notice never support an answer. */
function genreOf(title: string, draft: boolean, lines: readonly Line[]): { genre: string | null; binding: boolean } {
  if (draft) return { genre: '征求意见稿', binding: false }
  // Questions and answers that set their own start (本问答自……起执行) are the rule itself, in another form.
  if (/(?:问答|答疑)$/.test(title) && lines.some((line) => ownStart.test(line.text))) return { genre: '问答', binding: true }
  if (/(?:政策|文件|条文)?(?:解读|问答|答疑|图解|一图读懂|答记者问)/.test(title)) return { genre: '解读', binding: false }
  if (/(?:公示|名单公布|入选名单|拟立项|获奖名单)$|的公示/.test(title)) return { genre: '公示', binding: false }
  if (/(?:一封信|公开信|倡议书)$/.test(title)) return { genre: '公开信', binding: false }
  if (/(?:新闻|动态|简报|召开|举行|举办.{0,20}(?:会议|活动)$)/.test(title)) return { genre: '新闻', binding: false }
  const found = [
    ...title.matchAll(
      /(实施细则|细则|办法|意见|措施|通知|通告|公告|指南|方案|规定|条例|决定|规划|计划|批复|解释|纲要|规程|规则|法)(?=[（(）)》]|$|的)/g,
    ),
  ].at(-1)?.[1]
  if (found !== undefined) return { genre: found === '实施细则' ? '细则' : found, binding: true }
  return { genre: english.test(title) ? '指南' : null, binding: true }
}
