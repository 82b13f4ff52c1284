/** What is known of the enterprise and its case, and who says so. */
export type Fact = { readonly name: FactName; readonly value: string; readonly source: 'self_declared' | 'verified' }
export type FactName = '企业名称' | '联系人' | '预算' | '期限' | '地点' | '联系方式' | '匿名'

/** A name stands before its number; what else does (电话, 微信, 打) begins with none of these. */
export const surnames =
  '欧阳|司马|上官|诸葛|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱侯邹熊孟秦白江阎薛尹雷龙史陶黎贺顾毛郝龚邵万钱严覃武莫孔汤洪庄]'

const count = '(?:\\d[\\d,.]*|[一二两三四五六七八九十百]+)'
const patterns: readonly (readonly [FactName, RegExp])[] = [
  ['企业名称', /([\p{Script=Han}A-Za-z0-9（）()]{2,30}?(?:有限责任公司|股份有限公司|有限公司|集团|研究院|研究所|事务所))/u],
  // 我们是锐能科技，…: people seldom give the full name.
  [
    '企业名称',
    /(?:我们?(?:公司)?|我司|这里|这边)是\s*([\p{Script=Han}A-Za-z0-9（）()]{2,20}?(?:科技|技术|电子|生物|医药|制药|材料|新材|能源|智能|机械|化工|环保|电气|半导体|软件|信息|网络|公司))(?=[，,。；;！!\s、的]|$)/u,
  ],
  ['联系人', /(?:联系人|我叫|本人|姓名)\s*(?:是|叫)?\s*[:：]?\s*(\p{Script=Han}{2,4}?)(?=[，,。；;！!、\s\d]|$)/u],
  [
    '联系人',
    new RegExp(
      `(?<!\\p{Script=Han})((?:${surnames})\\p{Script=Han}{1,2}|\\p{Script=Han}(?:总|工|经理|主任|老师|博士|教授|先生|女士))[，,、\\s:：]*(?:电话|手机号?|微信)?[:：\\s]*(?=1[3-9]\\d{9})`,
      'u',
    ),
  ],
  [
    '预算',
    new RegExp(
      `(?:预算|经费|投入|出资|budget)[^，。；,;\\n\\d]{0,8}(${count}\\s*(?:万|亿|千)?\\s*(?:元|人民币|rmb|yuan|k|m)?)`,
      'iu',
    ),
  ],
  [
    '期限',
    new RegExp(`(${count}\\s*个?(?:工作日|月|周|天|年|months?|weeks?|days?))(?:内|以内|之内|完成|交付|上线|within)?`, 'iu'),
  ],
  ['地点', /(?:位于|地址|注册在|落户在?|注册地(?:是|在)?)\s*([\p{Script=Han}]{2,15}?(?:区|市|县|园|镇|街道|路))/u],
  ['联系方式', /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?!\d)/],
  ['匿名', /(匿名|不(?:想|要|便)?公开|anonymous(?:ly)?)/i],
]

/** Filler before a company's name in a sentence. */
const before = /^(?:我们?(?:公司|司)?(?:是|叫)?|本公司|这里是|来自|代表|公司(?:名称)?(?:是|叫)?|您好|你好|请问|关于|在)+/u

/** Pure: what a person said about themselves, each fact once, the last statement wins; never taken for verified. */
export function declaredFacts(lines: readonly string[]): Fact[] {
  const found = new Map<FactName, string>()
  for (const line of lines)
    for (const [name, pattern] of patterns) {
      const value = pattern.exec(line)?.[1]?.replace(before, '').trim()
      // A full name says more than a short one contained in it.
      if (value !== undefined && value.length > 1 && !(found.get(name) ?? '').includes(value)) found.set(name, value)
    }
  return [...found].map(([name, value]) => ({ name, value, source: 'self_declared' }))
}
