import { normalize } from '../../../retrieval/text/normalize.ts'

/** What a question wants compared: two things, with each way to split its words in two; or a rule and what it replaced. */
export type Comparison =
  | { readonly splits: readonly (readonly [string, string])[] }
  | { readonly oldAndNew: true; readonly about: string }

const please = /^(?:请问|请|麻烦|帮我|帮忙|能不能|可以|我们?|想要?|知道|了解|问|一下|下|你好|您好|[，,\s])+/
const first = /^(?:把|将)?(?:比较|对比|比一比|对照|对照着看)(?:一下|下|看看|分析)?/
const last =
  /(?:之间|两者|二者|这?两个?(?:政策|办法|成果|文件|项目|技术)?)?(?:的|在[^，,]{1,8}上)?(?:主要)?(?:有(?:什么|哪些|啥|何)|是什么|哪里|哪些地方)?(?:主要)?(?:区别|不同|差别|差异|异同|不一样)(?:之处)?(?:是什么|在哪里?|在什么地方|有哪些|大吗)?[呢吗啊]?$/
const which = /(?:相比)?[，,]?(?:哪一?[个种项家]|谁)(?:的)?[^，,。]{1,12}$/
const compared = /(?:的)?(?:比较|对比|对照)(?:一下)?$/
const english =
  /(?:\b(?:differences? between|compare|comparison (?:of|between))\s+(.{3,80}?)\s+(?:and|with|to|versus|vs\.?)\s+(.{3,80}?)|^(?:how (?:do|does) )?(.{3,80}?)\s+(?:versus|vs\.?|compared (?:with|to)|differ from)\s+(.{3,80}?))[?.]?$/i

/** Words between the two names; not the 同 of 合同 or the 与 of 参与. */
const joint = /\s*(?:以及|和|与(?!否)|跟|及(?!其)|vs\.?|、|对比|相比|(?<![合共不相协一])同(?![一时步意等样]))\s*/giu
const mostSplits = 4
const shortest = 2

const versions =
  /(?:新旧|新老|前后)(?:两?[个版])?(?:办法|政策|规定|文件|版本?|标准)?.{0,12}(?:区别|不同|变化|差别|差异|对比|比较|对照)|(?:和|与|跟|比|同|较)(?:原来|以前|之前|过去|旧|老|上一?版|上个版本|(?:19|20)\d{2}年)(?:的)?.{0,14}?(?:区别|不同|变化|变了|改了|差别|差异|相比|比)|(?:修改|修订|改|变|调整|更新)了(?:哪些|什么|啥)|(?:哪些|什么)(?:地方)?(?:变化|调整|变动|改动|修订)|(?:变化|变动|改动|调整)(?:在哪|是什么|有哪些)|\bwhat(?:'s| has| is)? (?:changed|new|different)\b.*\b(?:from|since|than|in)\b|\bold and (?:the )?new\b|\bnew and (?:the )?old\b|\b(?:previous|former|earlier) version\b/

/** Pure: @returns what a question wants compared, or null */
export function comparisonIn(question: string): Comparison | null {
  const plain = question.trim().replace(/[?？。.!！]+$/, '')
  if (versions.test(normalize(plain))) return { oldAndNew: true, about: aboutOf(plain) }
  const [, a, b, c, d] = english.exec(plain) ?? []
  if ((a ?? c) !== undefined) return { splits: [[bare(a ?? c ?? ''), bare(b ?? d ?? '')]] }
  const rest = restOf(plain.replace(please, ''))
  const splits = rest === null ? [] : splitsOf(rest)
  return splits.length === 0 ? null : { splits }
}

/** A question that asks for a comparison, without the asking words; null when it asks for none. */
function restOf(plain: string): string | null {
  const asked = [first, last, compared, which].filter((each) => each.test(plain))
  return asked.length === 0 ? null : asked.reduce((text, each) => text.replace(each, ''), plain).replace(/的$/, '')
}

function splitsOf(rest: string): (readonly [string, string])[] {
  return [...rest.matchAll(joint)]
    .map((match) => [bare(rest.slice(0, match.index)), bare(rest.slice(match.index + match[0].length))] as const)
    .filter(([one, other]) => [...one].length >= shortest && [...other].length >= shortest)
    .slice(0, mostSplits)
}

function bare(text: string): string {
  return text
    .replace(/^(?:把|将|the )|[，,的]$/gi, '')
    .replace(/[《》]/g, '')
    .trim()
}

/** The rule itself, without “new” and “old”. */
function aboutOf(plain: string): string {
  return plain
    .replace(please, '')
    .replace(
      /(?:新旧|新老|前后)(?:两?[个版])?|(?:和|与|跟|比|同|较)(?:原来|以前|之前|过去|旧|老|上一?版|上个版本|(?:19|20)\d{2}年).*$|有?(?:哪些|什么|啥|何)?(?:主要)?(?:的)?(?:区别|不同|变化|差别|差异|变动|改动|对比|比较|对照).*$|(?:都|主要)?(?:修改|修订|改|变|调整|更新)了.*$|^(?:新版?的?|最新的?)|(?:这个|那个|这项|该)(?=办法|政策|规定|细则|文件|通知)|[《》]/g,
      ' ',
    )
    .replace(
      /\b(?:what(?:'s| has| is)? (?:changed|new|different)(?: in| about)?|between|the|old|new|and|version|previous|former|from)\b/gi,
      ' ',
    )
    .replace(/\s+/g, ' ')
    .trim()
}
