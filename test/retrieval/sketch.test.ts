import { expect, test } from 'vitest'
import { resemblance, sketchOf } from '../../retrieval/text/sketch.ts'

const sentence = (index: number) =>
  `第${index}条 对第${index * 7}类项目按照第${index * 13}号规定的标准给予奖励，具体办法由第${index * 3}科制定。`
const text = (from: number, to: number) => ({
  passages: Array.from({ length: to - from }, (_, index) => ({ text: sentence(from + index) })),
})

test('a text is like itself however it is spaced, and unlike another', () => {
  const spaced = { passages: text(0, 60).passages.map((each) => ({ text: [...each.text].join(' ') })) }
  expect(resemblance(sketchOf(text(0, 60)), sketchOf(spaced))).toBe(1)
  expect(resemblance(sketchOf(text(0, 60)), sketchOf(text(100, 160)))).toBeLessThan(0.3)
  expect(resemblance([], [])).toBe(0)
})

test('a text with three sentences in sixty changed is nearly the same', () => {
  const changed = { passages: [...text(0, 57).passages, ...text(200, 203).passages] }
  expect(resemblance(sketchOf(text(0, 60)), sketchOf(changed))).toBeGreaterThan(0.75)
})
