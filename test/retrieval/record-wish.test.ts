import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordWishOf } from '../../retrieval/text/record-wish.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

const nothing = { trlFrom: null, trlTo: null, cooperation: [], rights: [], granted: false, priceTo: null }
const licence = ['普通许可', '开放许可', '许可']

test.each([
  ['TRL 7 以上、可普通许可的光伏银浆', { trlFrom: 7, cooperation: licence }],
  ['成熟度不低于6级的膜材料', { trlFrom: 6 }],
  ['TRL≥5 的传感器', { trlFrom: 5 }],
  ['TRL5-7的电池技术', { trlFrom: 5, trlTo: 7 }],
  ['TRL 4 级以下有哪些', { trlTo: 4 }],
  ['中试以上的催化剂', { trlFrom: 7 }],
  ['solar paste at TRL 7 or above', { trlFrom: 7 }],
  ['有没有能转让的水处理技术', { cooperation: ['转让'] }],
  ['支持作价入股的成果', { cooperation: ['作价投资'] }],
  ['已取得发明专利的银浆', { rights: ['发明专利'], granted: true }],
  ['转让费不超过100万元的膜技术', { priceTo: 1_000_000 }],
  ['预算50万以内能合作开发的机器视觉', { priceTo: 500_000, cooperation: ['合作开发'] }],
])('%s', (question, wish) => {
  expect(recordWishOf(question)).toEqual({ ...nothing, ...wish })
})

test.each(['光伏银浆有哪些成果', '技术许可合同怎么登记', '技术转让能拿多少奖励', 'TRL 7 以上的项目有什么补贴', '中试平台在哪里'])(
  '%s asks nothing of a record',
  (question) => {
    expect(recordWishOf(question)).toBeNull()
  },
)

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
  const record = (name: string, fields: Record<string, unknown>) => ({
    clause: name,
    heading: name,
    text: `成果名称：${name}；光伏银浆`,
    fields,
  })
  await library.documents.replace(
    policy('成果表', {
      kind: 'achievement',
      passages: [
        record('甲', { trl: 8, cooperation_modes: ['普通许可'], price_yuan: 2_000_000 }),
        record('乙', { trl: 5, cooperation_modes: ['普通许可'], price_yuan: 100_000 }),
        record('丙', { trl: 9, cooperation_modes: ['转让'], price_yuan: null }),
        record('丁', {}),
      ],
    }),
  )
  await library.documents.replace(policy('光伏办法', { passages: ['光伏银浆项目按规定支持。'] }))
})
afterAll(() => library.close())

test('only records that fit are found, before ranking; rules are not touched', async () => {
  const names = async (question: string) =>
    (await library.ask(question)).evidence.map(({ passage }) => passage.clause ?? '').toSorted()
  expect(await names('光伏银浆')).toEqual(['丁', '丙', '乙', '甲', '第1条'].toSorted())
  expect(await names('TRL 7 以上、可普通许可的光伏银浆')).toEqual(['甲', '第1条'].toSorted())
  expect(await names('TRL 7 以上的光伏银浆')).toEqual(['丙', '甲', '第1条'].toSorted())
  expect(await names('转让费不超过50万元的光伏银浆')).toEqual(['丁', '丙', '乙', '第1条'].toSorted())
})
