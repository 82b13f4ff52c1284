import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalDocumentNumber, documentNumbersIn } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import { countsFor, hashOf, questionTermsOf, termsOf } from '../../retrieval/text/terms.ts'

const spellings = [
  '示园管〔2025〕3号',
  '示园管[2025]3号',
  '示园管（2025）3号',
  '示园管(2025)3号',
  '示园管【2025】3号',
  '示园管［2025］3号',
  '示园管〔2025〕03号',
  '示园管 〔２０２５〕 ３ 号',
  '示園管〔2025〕3號',
  '示园管〔2025〕第3号',
  '示园管〈2025〉3号',
  '示园管{2025}3号',
]

describe('normalize', () => {
  test('property: normalising twice changes nothing', () => {
    const mixed = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('測試', '乾隆', '髮', '後', 'ﬃ', 'İ', 'ß', '㎡', '①', '　', '\u200b', '裏', '纔'),
      ),
    )
    fc.assert(
      fc.property(mixed, (parts) => {
        const once = normalize(parts.join(''))
        expect(normalize(once)).toBe(once)
      }),
      { numRuns: 500 },
    )
  })

  test('every traditional character of the dictionary settles after one round', () => {
    for (let code = 0x3400; code < 0xa000; code++) {
      const once = normalize(String.fromCodePoint(code))
      expect(normalize(once)).toBe(once)
    }
  })

  test('width, case, script and invisible characters do not matter', () => {
    expect(normalize('ＴＲＬ７ 以上\u200b的技術轉讓')).toBe('trl7 以上的技术转让')
  })
})

describe('numbers', () => {
  test.each([
    ['300万', 3_000_000],
    ['三百万', 3_000_000],
    ['3,000,000', 3_000_000],
    ['３００万', 3_000_000],
    ['叁佰万', 3_000_000],
    ['1.5亿', 150_000_000],
    ['一点五亿', 150_000_000],
    ['一亿三千万', 130_000_000],
    ['三万亿', 3e12],
    ['二〇二五', 2025],
    ['两千零二十五', 2025],
    ['十五', 15],
    ['二十', 20],
    ['一百零五', 105],
    ['三百五', 350],
    ['一万五', 15_000],
    ['5.55万', 55_500],
    ['十', 10],
    ['百', null],
    ['万', null],
    ['〇', 0],
  ])('%s is %s', (text, value) => {
    expect(numbersIn(text).map((each) => each.value)).toEqual(value === null ? [] : [value])
  })

  test('property: a number written with Chinese numerals has the value of its digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (value) => {
        expect(numbersIn(chinese(value)).map((each) => each.value)).toEqual([value])
      }),
    )
  })

  test('text that only looks like numerals is no number', () => {
    expect(numbersIn('以防万一，千万注意').map((each) => each.value)).toEqual([])
  })
})

describe('document numbers', () => {
  test.each(spellings)('%s is one spelling', (text) => {
    expect(canonicalDocumentNumber(text)).toBe('示园管〔2025〕3号')
  })

  test.each(spellings)('%s gives a term that all spellings share', (text) => {
    expect(termsOf(text)).toContain('示园管〔2025〕3')
    expect(termsOf(`根据${text}第六条`)).toContain('示园管〔2025〕3')
    expect(questionTermsOf(`${text}还有效吗`)).toContain('〔2025〕3')
  })

  test('another serial number, year or agency is another term', () => {
    const own = termsOf('示园管〔2025〕3号')
    expect(own).not.toContain(termsOf('示园管〔2025〕13号').at(-1))
    expect(own).not.toContain(termsOf('示园管〔2024〕3号').at(-1))
    expect(own).not.toContain(termsOf('云科规〔2025〕3号').at(-1))
  })

  test('years in brackets that are no document number are left alone', () => {
    expect(documentNumbersIn('(2025)年度')).toEqual([])
    expect(documentNumbersIn('详见附件(2024)')).toEqual([])
  })
})

describe('terms', () => {
  test('amounts in any spelling share a term', () => {
    for (const text of ['最高300万元', '最高三百万元', '最高3,000,000元', '最高3000000元'])
      expect(termsOf(text)).toContain('3000000')
  })

  test('Chinese gives characters and pairs, the rest words; mixed words give their parts', () => {
    expect(termsOf('膜材料 TRL7')).toEqual(['膜', '膜材', '材', '材料', '料', 'trl7', 'trl', '7'])
  })

  test.each([
    ['trl7', 3],
    ['2025', 3],
    ['0.5', 3],
    ['材料', 1],
    ['材', 1],
    ['ハ', 1],
    ['〔2025〕3', 1],
    ['科〔2025〕3', 1],
  ])('%s counts %d times: a Chinese word is counted by its characters and pairs, any other once', (term, times) => {
    expect(countsFor(term)).toBe(times)
  })

  test('question words say nothing, unless there is nothing else', () => {
    expect(questionTermsOf('请问技术合同登记最多能奖多少？')).toEqual(termsOf('技术合同登记 奖'))
    expect(questionTermsOf('什么')).not.toEqual([])
    expect(questionTermsOf('！？')).toEqual([])
  })

  test('property: any text gives terms without failing, the same each time, hashed into 32 bits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(termsOf(text)).toEqual(termsOf(text))
        for (const term of termsOf(text)) expect(hashOf(term) | 0).toBe(hashOf(term))
      }),
    )
  })

  test('a very long run is read in linear time', () => {
    expect(termsOf('膜'.repeat(200_000)).length).toBe(399_999)
    expect(termsOf('一'.repeat(50_000)).length).toBeGreaterThan(0)
    expect(documentNumbersIn('管'.repeat(100_000))).toEqual([])
  })

  test('the stored hash of a term never changes', () => {
    expect([hashOf('技术'), hashOf('trl7'), hashOf('')]).toMatchInlineSnapshot(`
      [
        1390091301,
        -1662570220,
        1572119809,
      ]
    `)
  })
})

function chinese(value: number): string {
  const digits = '零一二三四五六七八九'
  const below = (part: number): string =>
    [1000, 100, 10, 1]
      .map((unit) => [Math.floor(part / unit) % 10, unit] as const)
      .map(([digit, unit]) => (digit === 0 ? '零' : (digits[digit] ?? '') + ({ 1000: '千', 100: '百', 10: '十' }[unit] ?? '')))
      .join('')
  const whole = [[1e8, '亿'] as const, [1e4, '万'] as const, [1, ''] as const]
    .map(([unit, name]) => (Math.floor(value / unit) % 1e4 === 0 ? '零' : below(Math.floor(value / unit) % 1e4) + name))
    .join('')
  return whole
    .replace(/零+/g, '零')
    .replace(/零(?=[万亿])/g, '')
    .replace(/^零(?=.)|(?<=.)零$/g, '')
}
