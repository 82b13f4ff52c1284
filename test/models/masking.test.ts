import { expect, test } from 'vitest'
import { masked } from '../../bot/models/masking.ts'

test.each([
  ['手机13812345678', '手机〔手机号1〕'],
  ['手机 +86 138 1234 5678。', '手机 〔手机号1〕。'],
  ['手机１３８１２３４５６７８', '手机〔手机号1〕'],
  ['身份证110101199003078515号', '身份证〔证件号1〕号'],
  ['统一代码91320594MA1MXXXX5T的企业', '统一代码〔证件号1〕的企业'],
  ['卡号6222 0000 0000 0000 123', '卡号〔卡号1〕'],
  ['座机0512-66668888，邮箱li@corp.example', '座机〔电话1〕，邮箱〔邮箱2〕'],
])('%s', (text, hidden) => {
  const { text: safe, unmask } = masked(text)
  expect(safe).toBe(hidden)
  expect(unmask(safe).normalize('NFKC')).toBe(text.normalize('NFKC'))
})

test.each(['营收8000万，研发投入320万', '依据云园管〔2025〕3号', '2025年4月1日起，成交额1234567元', '有13个项目'])(
  'what names nobody stays: %s',
  (text) => expect(masked(text).text).toBe(text),
)
