import { normalize } from '../../retrieval/text/normalize.ts'

/** Words that exclude each other. A question with one and a passage with only the other are about different things. */
const pairs: readonly (readonly [string, string])[] = (
  '最高 最低|最大 最小|最多 最少|最早 最晚|最长 最短|最强 最弱|最好 最差|第一 第二|第一 最后|增加 减少|增长 下降|上升 下降|提高 降低|扩大 缩小|加强 削弱|上调 下调|' +
  '有限 无限|松散 密集|松散 紧密|稀疏 密集|男性 女性|男子 女子|雄性 雌性|父亲 母亲|儿子 女儿|东部 西部|南部 北部|东侧 西侧|东岸 西岸|北岸 南岸|上游 下游|左侧 右侧|' +
  '之前 之后|以前 以后|战前 战后|开始 结束|成立 解散|建立 废除|支持 反对|赞成 反对|接受 拒绝|接受 推翻|承认 否认|允许 禁止|鼓励 禁止|必须 不得|强制 自愿|' +
  '国内 国外|境内 境外|省内 省外|进口 出口|收入 支出|买入 卖出|出租 承租|供应 需求|批准 否决|成功 失败|胜利 失败|相同 不同|直接 间接|直线 曲线|永久 临时|长期 短期|' +
  '公开 秘密|公开 保密|正式 非正式|主要 次要|大型 小型|大企业 小企业|高等 低等|高级 初级|城市 农村|城镇 农村|个人 单位|法人 自然人|继续 停止|继续 不再|进攻 防守|' +
  '正面 负面|有利 不利|合法 非法|合格 不合格|有效 无效|必要 不必要|重要 不重要|可以 不可以|完全 部分|全部 部分|新建 改建|延期 提前|征收 免征|开放 关闭|' +
  '温度升高 温度降低|加速 减速|富裕 贫穷|年轻 年老|古代 现代|理论上 实际上|刺激 抑制|促进 抑制|融化 凝固|吸收 释放|氧化 还原|多数 少数|白天 夜间|' +
  'increase decrease|highest lowest|largest smallest|first last|before after|north south|east west|male female|support oppose|allow forbid|import export|public private'
)
  .split('|')
  .map((pair) => pair.split(' '))
  .flatMap(([one = '', other = '']) => [[one, other] as const, [other, one] as const])

/**
 * @returns 1 when the question contains a word whose opposite, and not the word itself, stands in the sentence that fits it best; both
 * normalised
 */
export function opposite(question: string, text: string): 0 | 1 {
  return pairs.some(([asked, said]) => holdsAlone(question, asked, said) && holdsAlone(text, said, asked)) ? 1 : 0
}

/** Whether the word occurs other than inside its opposite: 不重要 contains the characters of 重要, not the word. */
function holdsAlone(text: string, word: string, other: string): boolean {
  const rest = other.includes(word) ? text.replaceAll(other, ' ') : text
  return rest.includes(word) && (word.includes(other) || !text.replaceAll(word, ' ').includes(other))
}

const negations = /(?:不再|不会|不能|不可|不得|不是|不需要|不必|没有|没|未能|未|无法|无需|不|never |not |n't |no longer )(.{2})/g
/** Words that begin like a negation but are none, and questions of “whether”: 需不需要, 合格不合格, 交没交. */
const none =
  /可不可以|(\p{Script=Han}{1,2})[不没]\1|不仅|不但|不同|不断|不少|不久|不过|不足|不超过|不低于|不少于|不得低于|未来|不满意|是否|没有.{0,3}吗|不见面/gu

/**
 * Compares negations. Each two-character stretch that one side negates and the other states counts, in both directions.
 * @returns 0…1
 * @param asked question
 * @param text the sentence that fits it best, both normalised
 */
export function denied(asked: string, text: string): number {
  return Math.min(1, disputes(asked, text) + disputes(text, asked))
}

function disputes(one: string, other: string): number {
  const plain = other.replace(none, ' ')
  return [...one.replace(none, ' ').matchAll(negations)].filter(([, what = '']) => {
    const said = what.trim()
    return said.length > 1 && plain.includes(said) && ![...plain.matchAll(negations)].some((match) => match[1]?.trim() === said)
  }).length
}

const denials = /不|没|未|无法|无需|阻止|禁止|缺乏|拒绝|never |not |n't |no longer |\bno\b|without/
/** Words with such a character that negate nothing. */
const harmless = /不锈|不良|不动产|不等|不确定|不可分|没收|没落|未来/g

/** @returns 1 when the question negates something and the sentence that fits it best negates nothing at all; both normalised */
export function deniesAlone(asked: string, text: string): 0 | 1 {
  const denies = (plain: string) => denials.test(plain.replace(none, ' ').replace(harmless, ' '))
  return denies(asked) && !denies(text) ? 1 : 0
}

const contraries = new Map(
  '内外 正负 长短 强弱 高低 大小 多少 上下 前后 左右 男女 雌雄 早晚 快慢 新旧 远近 进出 买卖 增减 升降 收支 开关 公私 有无 轻重 冷热 深浅 南北 东西 老幼 首末 真假 单双 动静 难易 贫富 胜败 直曲 明暗 松紧 宽窄 优劣 软硬 古今 父母'
    .split(' ')
    .flatMap(([one = '', other = '']) => [[one, other] as const, [other, one] as const]),
)

/** @returns 1 when a text has 外力 where the question, next to the same character, has 内力, and the text never has 内力 */
export function turned(runs: readonly string[], text: string): 0 | 1 {
  return runs.some((run) => [...run].some((_, at) => turnedAt([...run], at, text))) ? 1 : 0
}

function turnedAt(characters: readonly string[], at: number, text: string): boolean {
  const [before, own = '', after] = [characters[at - 1], characters[at] ?? '', characters[at + 1]]
  const other = contraries.get(own)
  if (other === undefined) return false
  const pairs = [
    ...(before === undefined ? [] : [[before + own, before + other] as const]),
    ...(after === undefined ? [] : [[own + after, other + after] as const]),
  ]
  return pairs.every(([said]) => !text.includes(said)) && pairs.some(([, instead]) => text.includes(instead))
}

/**
 * Words of one scale: what holds for one step says nothing about another. For example, a question about a repeated recognition is not
 * answered by what is paid for the first.
 */
const scales: readonly (readonly string[])[] = (
  '首次 重新 再次|国家级 省级 市级 区级 县级|特等奖 一等奖 二等奖 三等奖|金奖 银奖 铜奖|甲级 乙级 丙级|大专 本科 硕士 博士 博士后|院士 博士后|购房 租房|全职 兼职|原件 复印件|成交额 到账额 合同额|实际 预计|发明专利 实用新型 外观设计|' +
  '转让方 受让方|出让方 受让方|甲方 乙方|供方 需方|买方 卖方|出租方 承租方|经纪人 经纪机构|天使轮 a轮 b轮 c轮|主板 科创板 创业板 北交所 新三板|商标 专利 著作权|初级 中级 高级|正高 副高|境内 境外|省内 省外|国内 国外|内资 外资|a类 b类 c类 d类 e类 f类|工业用地 商业用地 住宅用地 仓储用地|第一类 第二类 第三类|第一批 第二批 第三批|' +
  '国际标准 国家标准 行业标准 地方标准 团体标准 企业标准|规上企业 高新技术企业 科技型中小企业 外资企业 专精特新企业 国有企业 民营企业 瞪羚企业 独角兽企业|first-time renewed|foreign domestic'
)
  .split('|')
  .map((scale) => scale.split(' '))

/** 博士 occurs in 博士后 and 大专 in 大专家, where neither is meant. */
const within: Readonly<Record<string, RegExp>> = {
  博士: /博士(?!后)/,
  大专: /大专(?!家|项)/,
  院士: /院士/,
  国外: /国内?外/,
  境外: /境内?外/,
  省外: /省内?外/,
  规上企业: /规(?:模以)?上/,
  高新技术企业: /高新技术企业|高企/,
  外资企业: /外资|外商投资/,
  专精特新企业: /专精特新|小巨人/,
  国有企业: /国有|国企/,
  民营企业: /民营|民企/,
  瞪羚企业: /瞪羚/,
  独角兽企业: /独角兽/,
  // 首次通过国家高新技术企业认定: the recognised thing stands between the two words.
  首次: /(?:首次|首度|第一次|初次)[^，,。；;]{0,20}?(?:认|评|备案|入[选库围])/,
  重新: /(?:重新|再次)[^，,。；;]{0,20}?(?:认|评|备案|入[选库围]|通过)|复审|复核/,
  再次: /(?:再次|重新|第二次)[^，,。；;]{0,20}?(?:认|评|备案|入[选库围]|通过)/,
}
/** 硕士及以上, 省级以上的项目, 各级 include the other steps of the scale. “Three years 以上” does not. */
const open = /不限|各级|各等|均可|不论|无论|任何/
const upwards = /^[^,。;、]{0,6}?以[上下]|^[^,.;]{0,12}?\bor (?:above|below|higher)/

/**
 * Pure: whether a question names one step of a scale and the passage names only others of it.
 * @param source title, heading and text
 */
export function otherStep(question: string, source: string): boolean {
  const [asked, said] = [normalize(question), normalize(source)]
  if (open.test(said)) return false
  if (otherGrade(asked, said)) return true
  return scales.some((scale) => {
    const named = scale.filter((step) => says(asked, step))
    const others = scale.filter((step) => says(said, step))
    return (
      named.length > 0 &&
      others.length > 0 &&
      named.every((step) => !says(said, step)) &&
      !others.some((step) => upward(said, step))
    )
  })
}

/** 三室, 二类, 四星: what has a number for its name. */
const graded = /([一二两三四五六七八九\da-f])(室|类|星级|等奖|档)/g

/** Whether the question names one grade and the text only others of the same kind. */
function otherGrade(asked: string, said: string): boolean {
  return [...asked.matchAll(graded)].some(
    ([own, , kind = '']) =>
      !said.includes(own) && [...said.matchAll(graded)].some((each) => each[2] === kind && !upward(said, each[0])),
  )
}

/** Pure: the steps of any scale that a question names. */
export function stepsIn(question: string): string[] {
  const asked = normalize(question)
  return scales.flat().filter((step) => says(asked, step))
}

function upward(text: string, step: string): boolean {
  return text
    .split(step)
    .slice(1)
    .some((rest) => upwards.test(rest))
}

function says(text: string, step: string): boolean {
  return within[step]?.test(text) ?? text.includes(step)
}
