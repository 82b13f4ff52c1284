const spoken: readonly (readonly [RegExp, string])[] = [
  [/啥/g, '什么'],
  [/咋(?:样|个)?/g, '怎么'],
  [/(?<![很太好更许众最])多钱/g, '多少钱'],
]

/** Pure: question words of speech as rules and documents write them: 啥时候 → 什么时候, 咋申请 → 怎么申请. */
export function inWriting(question: string): string {
  return spoken.reduce((text, [pattern, written]) => text.replace(pattern, written), question)
}
