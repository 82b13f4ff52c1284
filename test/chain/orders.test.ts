import { expect, test } from 'vitest'
import { orderIn } from '../../bot/chain/orders/orders.ts'

test.each([
  [
    '/vet D12 指标可量化，自身解决不了',
    { do: 'step', of: { kind: 'demand', id: '12' }, stage: 'vetted', evidence: { note: '指标可量化，自身解决不了' } },
  ],
  ['／甄别 d12', { do: 'step', of: { kind: 'demand', id: '12' }, stage: 'vetted', evidence: {} }],
  ['、vet', { do: 'step', of: null, stage: 'vetted' }],
  ['/step D3 甄别 真实', { do: 'step', stage: 'vetted', evidence: { note: '真实' } }],
  ['/publish D12', { stage: 'published', publish: { form: 'anonymous', board: null, text: null, until: null } }],
  ['/publish D12 公开', { publish: { form: 'open' } }],
  [
    '/发布 D12 匿名 揭榜 至2026-12-31：低温脱氮技术，氨氮≤5mg/L',
    { publish: { form: 'anonymous', board: 'enterprise', until: '2026-12-31', text: '低温脱氮技术，氨氮≤5mg/L' } },
  ],
  ['/introduce D12 A5 约了周三面谈', { stage: 'introduced', evidence: { with: 'A5' } }],
  ['/agree D12 已签保密协议', { stage: 'agreed', evidence: { kind: 'nda' } }],
  ['/sign D12 300万', { stage: 'signed', evidence: { amount: 3_000_000 } }],
  ['/sign D12 三百万', { stage: 'signed', evidence: { amount: 3_000_000 } }],
  ['/paid D12 50万（首付款，共3笔）', { stage: 'received', evidence: { amount: 500_000 } }],
  [
    '/register D12 登记号2026320500001234 成交额300万元 技术交易额二百六十万 到账100万',
    {
      stage: 'registered',
      evidence: { reg_no: '2026320500001234', amount: 3_000_000, technology_amount: 2_600_000, received: 1_000_000 },
    },
  ],
  ['/register D12 REG-2026-88 成交额 1,200,000', { evidence: { amount: 1_200_000 } }],
  ['/到账 D12 50万 日期2026-03-05', { stage: 'received', evidence: { amount: 500_000 }, on: '2026-03-05' }],
  ['/redeem D12 技术合同奖励 12.5万元', { stage: 'redeemed', evidence: { amount: 125_000 } }],
  ['/fail D12 price 差距太大', { stage: 'failed', evidence: { reason: 'price' } }],
  ['/undo D12 登记 登记号写错了', { do: 'undo', stage: 'registered', why: '登记号写错了' }],
  ['/undo D12 理由', { do: 'undo', stage: null }],
  ['/chain D12', { do: 'show', of: { kind: 'demand', id: '12' } }],
  ['/进展', { do: 'show', of: null }],
  ['/preview D12', { do: 'preview' }],
  ['/hide D12 三号线、客户甲', { do: 'hide', words: ['三号线', '客户甲'] }],
  ['/coach A5 概念验证', { stage: 'coached', of: { kind: 'achievement', id: '5' } }],
  ['/finance A5 A轮 2000万', { stage: 'financed', evidence: { round: 'A轮', amount: 20_000_000 } }],
  ['/collect 需要耐酸碱的纳滤膜', { do: 'collect', need: '需要耐酸碱的纳滤膜' }],
] as const)('%s', (text, order) => {
  expect(orderIn(text)).toMatchObject(order)
})

test.each([
  'vet D12',
  '甄别 D12',
  '/note vet D12',
  '/close',
  '/transfer 王工',
  '/claim',
  '/veto D12',
  '/outcome introduced',
  '揭榜 3',
  '1/publish',
])('“%s” is none of these', (text) => {
  expect(orderIn(text)).toBeNull()
})
