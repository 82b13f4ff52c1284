import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Block, Span } from '../../bot/channels/outgoing.ts'
import { type Measure, measures, splitBlocks, wordsOfBlock } from '../../bot/channels/split.ts'

const paragraph = (...spans: Span[]): Block => ({ type: 'paragraph', spans })
const shown = (blocks: readonly Block[]) =>
  blocks.map((each) => (each.type === 'list_item' ? '· ' : '') + wordsOfBlock(each)).join('\n')

const words = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '最高奖励五十万元。',
        '第一条',
        '，',
        '\n',
        ' ',
        '[1]',
        '[12][3]',
        '😀',
        '👩‍👩‍👧',
        'é',
        'policy ',
        '3.5',
        '！”',
        '&<>',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const span: fc.Arbitrary<Span> = fc.oneof(
  { weight: 4, arbitrary: words },
  words.map((bold) => ({ bold })),
  words.map((link) => ({ link, href: 'https://park.example/a?b=1&c=2' })),
)
const block: fc.Arbitrary<Block> = fc.record({
  type: fc.constantFrom('paragraph', 'quote', 'list_item', 'small'),
  spans: fc.array(span, { maxLength: 4 }),
})
const unit = fc.constantFrom<Measure>(measures.utf16, measures.bytes)

test('property: every part fits, and joined they say exactly what was said', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 40, max: 400 }), unit, (blocks, size, measure) => {
      const parts = splitBlocks(blocks, size, measure)
      for (const part of parts) expect(measure(shown(part))).toBeLessThanOrEqual(size)
      expect(parts.flat().map(wordsOfBlock).join('')).toBe(blocks.map(wordsOfBlock).join(''))
    }),
  )
})

test('property: a part is not split again', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 40, max: 400 }), unit, (blocks, size, measure) => {
      for (const part of splitBlocks(blocks, size, measure)) expect(splitBlocks(part, size, measure)).toEqual([part])
    }),
  )
})

test('property: no character and no citation mark is cut in two', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 40, max: 200 }), unit, (said, size, measure) => {
      const pieces = splitBlocks([paragraph(said)], size, measure).map(shown)
      const marks = (text: string) => text.match(/\[\d{1,3}\]/g) ?? []
      for (const piece of pieces) expect(piece.isWellFormed()).toBe(said.isWellFormed())
      expect(pieces.flatMap(marks)).toEqual(marks(said))
    }),
  )
})

test('property: bold and linked runs keep their markup wherever they are cut', () => {
  fc.assert(
    fc.property(block, fc.integer({ min: 40, max: 200 }), (whole, size) => {
      const spans = splitBlocks([whole], size, measures.utf16).flatMap((part) => part.flatMap((each) => each.spans))
      const marked = (each: Span) => typeof each !== 'string'
      const text = (list: readonly Span[]) => list.map((each) => wordsOfBlock(paragraph(each))).join('')
      expect(text(spans.filter(marked))).toBe(text(whole.spans.filter(marked)))
    }),
  )
})

test('blocks stay whole where they can', () => {
  const blocks = ['一'.repeat(30), '二'.repeat(30), '三'.repeat(30)].map((text) => paragraph(text))
  expect(splitBlocks(blocks, 64, measures.utf16)).toEqual([blocks.slice(0, 2), blocks.slice(2)])
})

test('a long block is cut after a sentence, with what closes it, and its citation stays', () => {
  const said = `${'甲'.repeat(40)}。”[1][2]${'乙'.repeat(30)}`
  const [first, second] = [`${'甲'.repeat(40)}。”[1][2]`, '乙'.repeat(30)]
  expect(splitBlocks([paragraph(said)], 60, measures.utf16).map(shown)).toEqual([first, second])
  const plain = `${'甲'.repeat(40)}。”${'乙'.repeat(40)}`
  expect(splitBlocks([paragraph(plain)], 60, measures.utf16).map(shown)).toEqual([`${'甲'.repeat(40)}。”`, '乙'.repeat(40)])
})

test('a mark that would begin the next part takes the word in front of it along', () => {
  const said = `${'甲'.repeat(60)}[1]`
  expect(splitBlocks([paragraph(said)], 60, measures.utf16).map(shown)).toEqual(['甲'.repeat(59), '甲[1]'])
})

test('amounts are not cut', () => {
  const said = `${'甲'.repeat(34)}：1,000,000,000,000,000,000 元`
  expect(splitBlocks([paragraph(said)], 50, measures.utf16).map(shown)[0]).toBe(`${'甲'.repeat(34)}：`)
})

test('nothing to say makes no part', () => {
  expect(splitBlocks([], 100, measures.bytes)).toEqual([])
})

test('a limit below one character still ends', () => {
  expect(splitBlocks([paragraph('😀你好')], 1, measures.bytes).map(shown)).toEqual(['😀', '你', '好'])
})
