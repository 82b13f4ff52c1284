import { remembered } from '../../../retrieval/base/remembered.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'

/** A character, a word in Latin letters, or a figure (`#300000`): the units by which a sentence is compared with its evidence. */
export type Token = string

/** A stretch of the evidence between two stops. */
export type Segment = {
  readonly tokens: readonly Token[]
  /** Its label (`租房补贴标准：`), which `tokens` leave out. */
  readonly label: readonly Token[]
  /** Index of the token at which each clause begins. */
  readonly begins: readonly number[]
  /** For each clause, whether it is a condition: it ends in 的. */
  readonly whose: readonly boolean[]
  /** The general beneficiaries of the evidence. */
  readonly general: RegExp
  /** What stands before a semicolon, whose subject continues; null at the beginning of a sentence. */
  readonly after: readonly Token[] | null
}

/** Different wordings of the same thing. */
const same: readonly (readonly [RegExp, string])[] = [
  [/(?:[根依]据|按照?)?\p{Script=Han}{0,8}[〔[(]\d{4}[〕\])]\s*\d+号/gu, ' '],
  [/((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g, '$1年$2月$3日'],
  [/管委会/g, '管理委员会'],
  [/百分之([\d.]+|[〇零一二两三四五六七八九十百点]+)/g, '$1%'],
  [/千分之([\d.]+|[〇零一二两三四五六七八九十点]+)/g, '$1‰'],
  [/不能|不可以?|不得(?!不)|不予|不再/g, '不'],
  [/截至|截止到|截止/g, '截止'],
  [/年度/g, '年'],
  [/每家企业|单家企业|单个企业/g, '每家企业'],
  [/递交|提供|报送/g, '提交'],
  [/([日天年月周])(?:[以之])?后/g, '$1L'],
  [/([日天年月周])(?:[以之])?前/g, '$1E'],
  [/必须|应当|(?<![相对适反响])应(?![急用届])|须/g, 'M'],
]
/** Words left out of the comparison: limits and verbs of giving, which the checks of figures cover, function words and polite phrases. */
const light =
  /您好|你好|温馨提示|请?注意|总之|也就是说|因此|所以|简单(?:来)?说|换句话说|具体来说|以(?:主管部门|官方|发布机关)?(?:的)?(?:最终)?(?:审核(?:结果)?|原文)为准|根据(?:上述)?(?:规定|条款|办法|文件)|按照?(?:规定|办法)|如需|提交(?!之日)|如果|自(?![主然动有身己筹行愿])|请|按照|根据|依据|贵(?:公司|单位|企业)|您的?|我们|(?:根据|依据|按照?)?《[^》]*》|第[一二三四五六七八九十百\d]+条(?:规定)?|最高|最多|不(?:得)?超过|至多|上限|封顶|最低|至少|不(?:得)?低于|不(?:得)?少于|给予|予以|可?获得?|享受|领取|申请|申报|办理|咨询|联系|奖励|奖补|奖金|奖|补贴|补助|资助|补|支持|可以|能够|可|能|得|比例|金额|额度|标准|电话|日期|时间|期限|具体|包括|属于|方面|情况|内容|问题|如下|分别|[的了是为在对按于由向从至到将则即也还都均并且和与及或其该此这那所以等被把已请就若你元]/gu
const piece = /[,:、](?!\d{3}(?!\d))/

/** @returns a text as tokens, without the words that say nothing */
export function tokensOf(text: string): Token[] {
  const plain = same.reduce((made, [pattern, by]) => made.replace(pattern, by), normalize(text))
  const figures = numbersIn(plain).filter(({ text: spelled, start, end }) =>
    counts(spelled, plain.slice(0, start), plain.slice(end)),
  )
  let [rest, at] = ['', 0]
  for (const { value, start, end } of figures) {
    const many = /^\s*[百千]?[万亿]/.exec(plain.slice(end))?.[0] ?? ''
    const factor = [...many.trim()].reduce((product, each) => product * (scale[each] ?? 1), 1)
    rest += `${plain.slice(at, start)} #${Math.round(value * factor * 1e6) / 1e6} `
    at = end + many.length
  }
  return (rest + plain.slice(at)).replace(light, ' ').match(/#[\d.]+|\p{Script=Han}|[a-z][a-z0-9&]*|[%‰MLE]/gu) ?? []
}

const scale: Readonly<Record<string, number>> = { 百: 100, 千: 1e3, 万: 1e4, 亿: 1e8 }

/** Whether a lone 一 is a figure: only for days, months and years, not in 一般, 统一 or 第一. */
function counts(spelled: string, before: string, after: string): boolean {
  return (spelled !== '一' || /^[日号月年]/.test(after)) && !before.endsWith('第')
}

/** A table row is read cell by cell. */
const row = /[^;\n]{1,20}:[^;\n]*;[^;\n]{1,20}:/

/** @returns the segments of the text of the evidence */
export const segmentsIn: (text: string) => readonly Segment[] = remembered((text) => {
  let announced: readonly Token[] = []
  return normalize(text)
    .split('\n')
    .flatMap((line) => {
      const own = item.test(line) ? announced : []
      if (/:\s*$/.test(line)) announced = tokensOf(line)
      return line.split(/[。!?]/).flatMap((sentence) => partsOf(sentence, own))
    })
    .filter(({ tokens }) => tokens.length > 0)
})

/** A condition: 跨省购买服务的. */
export const condition = /的\s*$/

/** A list item, (一)… or 1. …: what the line above it announced with a colon holds for each item. */
const item = /^\s*(?:[(（][一二三四五六七八九十\d]+[)）]|\d+[.、])/

function partsOf(sentence: string, announced: readonly Token[]): Segment[] {
  const parts = row.test(sentence) ? [sentence.replaceAll(';', ',')] : sentence.split(';')
  return parts.flatMap((part, index) => {
    const after = index === 0 ? null : [...tokensOf(parts.slice(0, index).join()), ...announced]
    return respective(part).map((each) => segmentOf(each, after, announced))
  })
}

function segmentOf(text: string, after: Segment['after'], announced: readonly Token[]): Segment {
  const cells = /^[^:]{1,20}:[^,]*,[^,:]{1,20}:/.test(text)
  const [, label = '', body = text] = cells ? [] : (/^([^:,]{2,30}):(.+)$/s.exec(text) ?? [])
  const general = generalIn(text)
  const clauses = body.split(piece).map((each) => ({ own: tokensOf(each.replace(general, ' ')), whose: condition.test(each) }))
  return {
    tokens: clauses.flatMap(({ own }) => own),
    label: [...tokensOf(label), ...announced],
    begins: clauses.map((_, index) => clauses.slice(0, index).reduce((sum, { own }) => sum + own.length, 0)),
    whose: clauses.map(({ whose }) => whose),
    general,
    after,
  }
}

/** The general beneficiaries of the evidence; a sentence may name them or leave them out. */
function generalIn(text: string): RegExp {
  const named = ['企业', '公司', '单位', '园区', '人才', '机构'].filter((each) => text.includes(each))
  return new RegExp(named.length === 0 ? '(?!)' : named.join('|'), 'g')
}

/** “甲、乙、丙…分别给予1元、2元、3元…” is three rules. */
function respective(text: string): string[] {
  const [, before, after] = /^(.*?)分别(.*)$/s.exec(text) ?? []
  if (before === undefined || after === undefined) return [text]
  const figures = listIn(after, /(?:[\d.]+[^、和及\d,]{0,4}[、和及])+[\d.]+\s*[百千]?[万亿]?(?:元|%|‰|年|个?月|天|个|名|家|件)?/)
  const names = listIn(before, /(?:\p{Script=Han}{1,12}[、和及])+\p{Script=Han}{1,12}/u)
  if (figures === null || names === null || figures.parts.length !== names.parts.length) return [text]
  // What stands before the first name and after the last one holds for all.
  const length = Math.min(...names.parts.map((name) => name.length))
  const bare = names.parts.map((name, index) => (index === 0 ? name.slice(-length) : name.slice(0, length)))
  const head = before.slice(0, names.at) + (names.parts[0] ?? '').slice(0, -length)
  const tail = (names.parts.at(-1) ?? '').slice(length) + before.slice(names.at + names.whole.length)
  return bare.map((name, index) => head + name + tail + after.replace(figures.whole, figures.parts[index] ?? ''))
}

function listIn(
  text: string,
  list: RegExp,
): { readonly whole: string; readonly at: number; readonly parts: readonly string[] } | null {
  const match = list.exec(text)
  return match === null ? null : { whole: match[0], at: match.index, parts: match[0].split(/[、和及]/) }
}
