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
]

/** Fillers of spoken language; some alone may have a meaning (那个第二条). */
const voice = /嗯|呃|就是说|就是那个|那个那个|这个这个/
const fillers =
  /(?:嗯|呃)+[，,、\s]*|就是说|(?:就是|它|他)?(?:那个|这个)(?=[，,\s\p{Script=Han}])|啊(?=[，,\s\p{Script=Han}])|的话(?=[，,\s\p{Script=Han}])/gu

/** Pure: spoken wording as rules and documents write it: 啥时候 → 什么时候, 咋申请 → 怎么申请, without the fillers of dictation. */
export function inWriting(question: string): string {
  const plain = voice.test(question) ? question.replace(fillers, '').replace(/^[，,、\s]+/, '') : question
  return spoken.reduce((text, [pattern, written]) => text.replace(pattern, written), plain.trim() === '' ? question : plain)
}
