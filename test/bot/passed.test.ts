import { expect, test } from 'vitest'
import { passedDays } from '../../bot/answer/passed.ts'
import { renderAnswer } from '../../bot/render.ts'
import { loadTexts } from '../../prompts/load.ts'
import { handsOver } from '../fakes/desk.ts'

const today = '2026-11-26'

test.each([
  ['培训时间：2026年9月15日至9月17日，9月15日上午8:30报到。', ['2026-09-17']],
  ['请于2026年9月8日前将报名表发送至邮箱。', ['2026-09-08']],
  ['申报截止时间为2026年3月31日。', ['2026-03-31']],
  ['园区定于2026年5月18日14:00在路演中心举办路演。', ['2026-05-18']],
  ['申报时间为2026年1月1日至3月31日，逾期不予受理。', ['2026-03-31']],
  ['请于２０２６年９月８日１７：００前提交材料。', ['2026-09-08']],
  ['Applications must be submitted by 8 September 2026.', ['2026-09-08']],
  ['The workshop takes place on September 8, 2026.', ['2026-09-08']],
  ['请于2026年11月26日前提交。', []],
  ['第一批于2026年3月31日前申报，第二批于2026年12月31日前申报。', []],
  ['本办法自2025年4月1日起施行，有效期至2026年3月31日。', []],
  ['2024年1月1日至2025年12月31日期间登记的技术合同。', []],
  ['2025年12月31日前注册的企业可以申请。', []],
  ['2025年1月1日以后登记的合同，按5%奖励。', []],
  ['《办法》（2025年3月1日印发）。', []],
  ['每年3月31日前申报。', []],
  ['服务大厅将于2026年2月3日（星期二）起对外办公。', []],
  ['在本省登记3年内（截至2026年5月31日）的企业。', []],
  ['合同成立于2026年8月20日之前，当事人请求的，应予支持。', []],
  ['应用场景：显示背光；更新日期：2026-08-16', []],
  ['发布时间：2026-08-16', []],
  ['路演日期：2026-08-16', ['2026-08-16']],
  ['奖励最高30万元。', []],
])('%s', (text, days) => {
  expect(passedDays(text, today)).toEqual(days)
})

test('an answer with a date that is over says so below it', () => {
  const text = '报名请于2026年9月8日前提交。[1]'
  const draft = { text, cited: [], quotes: [text], generated: false, prompt: null, model: null }
  const answered = { ...handsOver({ question: '怎么报名', language: 'zh' }), draft, asOf: today }
  const texts = loadTexts().zh
  expect(JSON.stringify(renderAnswer(answered, texts, null))).toContain('（2026-09-08）已经过了')
  expect(JSON.stringify(renderAnswer({ ...answered, asOf: '2026-09-08' }, texts, null))).not.toContain('已经过了')
})
