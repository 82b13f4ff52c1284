const spoken: readonly (readonly [RegExp, string])[] = [
  [/侬/g, '你'],
  [/阿拉(?=公司|企业|单位|厂里?|想|要|这)|俺们?/g, '我们'],
  [/恁(?:那儿|这儿|们)?/g, '你们'],
  [/啥个/g, '什么'],
  [/啥/g, '什么'],
  [/咋(?:样|个)?/g, '怎么'],
  [/(?<![很太好更许众最])多钱/g, '多少钱'],
  // 吴语, 粤语: 有补贴伐, 有冇奖励
  [/(?<![砍采步征讨北间])伐(?=[\s\p{P}]*$)/gu, '吗'],
  [/有冇/g, '有没有'],
  [/几多(?=[钱元万])/g, '多少'],
  [/(?<![十百千万好零])几钱/g, '多少钱'],
  [/(?<![十百千万零好])几((?:[十百]?万)|天(?!前)|年(?!前))/g, '多少$1'],
  [/(?<![十百])几成(?![立为功果])/g, '百分之多少'],
  [/劵/g, '券'],
  [/(\d|[多几]少)平(?![方米台均分])/g, '$1平方米'],
  [/房租/g, '租金'],
  [/营收/g, '营业收入'],
  [/软著/g, '软件著作权'],
  [/技改/g, '技术改造'],
  [/打?几折/g, '百分之多少'],
  [/首台套/g, '首台（套）'],
  [/打(?:钱|款)/g, '拨付'],
  [/(?<![购采收])买房子?(?![产屋])/g, '购买房产'],
  [/(?<![购采收])买(?![卖方家断入单])/g, '购买'],
  [/造假|作假/g, '虚假'],
  [/搬走|迁走/g, '迁出'],
  [/转给/g, '转让给'],
  [/^(?=报[^名告销表道价酬到送考备])(?:报)/g, '申报'],
  // 啥时候报, 现在还能报吗, 找哪个部门报
  [/(?<![申填上汇举通预速战情晚日海公直])报(?=(?:了|的)?[吗呢啊呀么不]?[\s\p{P}]*$)/gu, '申报'],
]

/** Fillers of spoken language; some alone may have a meaning (那个第二条). */
const voice = /嗯|呃|就是说|就是那个|那个那个|这个这个/
const fillers =
  /(?:嗯|呃)+[，,、\s]*|就是说|(?:就是|它|他)?(?:那个|这个)(?=[，,\s\p{Script=Han}])|啊(?=[，,\s\p{Script=Han}])|的话(?=[，,\s\p{Script=Han}])/gu

/** 能不能帮我算下 asks for nothing itself. */
const please =
  /^(?:(?:能不能|能否|可以|可不可以|麻烦|请)?(?:您|你)?(?:帮我|帮忙|给我)(?:算|查|看|问)(?:一?下|算|查|看)*(?:子)?)[，,、\s]*(?=\S{5})/

/** Pure: spoken wording as rules and documents write it: 啥时候 → 什么时候, 咋申请 → 怎么申请, without the fillers of dictation. */
export function inWriting(question: string): string {
  const plain = voice.test(question) ? question.replace(fillers, '').replace(/^[，,、\s]+/, '') : question
  const bare = plain.replace(please, '')
  return spoken.reduce((text, [pattern, written]) => text.replace(pattern, written), bare.trim() === '' ? question : bare)
}
