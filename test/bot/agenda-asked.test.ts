import { describe, expect, test } from 'vitest'
import { agendaAsked, isAbout, titlesNamed } from '../../bot/agenda/asked.ts'
import { periodIn } from '../../bot/agenda/period.ts'

const today = '2026-11-26' // a Thursday

describe('questions about the agenda', () => {
  test.each([
    ['最近有什么活动', null, ''],
    ['最近有什么活动？', null, ''],
    ['园区近期有哪些活动可以参加', null, ''],
    ['你们有活动吗', null, ''],
    ['有没有路演', 'roadshow', ''],
    ['路演什么时候', 'roadshow', ''],
    ['下一场路演是什么时候？', 'roadshow', ''],
    ['什么时候有路演', 'roadshow', ''],
    ['新材料路演在哪里', 'roadshow', '新材料'],
    ['金鸡湖路演几点开始', 'roadshow', '金鸡湖'],
    ['下周有培训吗', 'training', ''],
    ['下周培训安排', 'training', ''],
    ['下一期技术经纪人培训什么时候？', 'broker_training', ''],
    ['近期活动', null, ''],
    ['12月活动安排', null, ''],
    ['活动预告', null, ''],
    ['政策宣讲会什么时候', 'briefing', ''],
    ['开放日还有名额吗', 'open_day', ''],
    ['上个月办过什么活动', null, ''],
    ['明天有活动吗', null, ''],
    ['any events next month', null, ''],
    ['Are there any training courses next week?', 'training', ''],
    ['when is the next roadshow', 'roadshow', ''],
    ['upcoming events', null, ''],
    ['生物医药方面有路演吗', 'roadshow', '生物医药'],
    ['你好，请问最近有什么活动？', null, ''],
    ['我们想参加路演，最近有吗', 'roadshow', ''],
    ['想听政策宣讲，哪天有', 'briefing', ''],
    ['最近有啥活动没', null, ''],
    ['周五下午有活动吗', null, ''],
    ['开放日怎么报名', 'open_day', ''],
    ['我想参加培训', 'training', ''],
    ['Do you have any workshops this week?', 'training', ''],
    ['有没有沙龙', null, '沙龙'],
    ['any upcoming training for brokers', 'broker_training', ''],
  ])('%s', (question, type, about) => {
    const asked = agendaAsked(question, today)
    expect(asked).not.toBeNull()
    expect(asked?.types?.[0] ?? null).toBe(type)
    expect(asked?.about).toBe(about)
  })

  test.each([
    '路演有补贴吗',
    '办一场路演园区补多少钱？',
    '举办培训的费用怎么报销',
    '路演日是哪天，怎么报名？',
    '路演的PPT最多几页？',
    '路演人没来够，活动补助会扣钱吗？',
    '路演上能不让所有人看到我们的核心数据吗',
    '研发活动有哪些',
    '哪些活动可以申请支持',
    '技术转移活动包括什么',
    '技术经纪人培训有什么要求',
    '有培训补贴吗',
    '参加大赛获奖有什么奖励',
    '承办开放日要多少企业',
    '技术合同登记要什么材料',
    '路演',
    '培训证书什么时候发',
    '什么时候申报研发补助',
    '报名条件是什么',
    '我想上金鸡湖路演，怎么报名?',
    '路演怎么报名',
    '我要报名高新技术企业认定',
    'is there a subsidy for holding a roadshow',
    'how do I get training costs reimbursed',
    '你好',
    '高新技术企业认定什么时候开始申报',
  ])('is not about it: %s', (question) => expect(agendaAsked(question, today)).toBeNull())

  test('events are known by their titles', () => {
    const titles = ['科创下午茶', '新材料专场路演', '新材料专场路演（第二场）']
    expect(titlesNamed('科创下午茶几点开始？', titles)).toEqual([0])
    expect(titlesNamed('科创下午茶', titles)).toEqual([0])
    expect(titlesNamed('新材料专场路演第二场在哪', titles)).toEqual([2])
    expect(titlesNamed('办科创下午茶有补贴吗', titles)).toEqual([])
    expect(titlesNamed('科技成果转化', titles)).toEqual([])
    expect(titlesNamed('早餐会还能报吗', ['企业家早餐会'])).toEqual([0])
    expect(titlesNamed('高新技术企业认定什么时候报', ['高新技术企业认定宣讲会'])).toEqual([])
    expect(isAbout('新材料', '新材料专场路演')).toBe(true)
    expect(isAbout('金鸡湖', '新材料专场路演')).toBe(false)
  })
})

describe('days', () => {
  test.each([
    ['下周有培训吗', '2026-11-30', '2026-12-07'],
    ['这周有活动吗', '2026-11-23', '2026-11-30'],
    ['下周三有路演吗', '2026-12-02', '2026-12-03'],
    ['周五有什么活动', '2026-11-27', '2026-11-28'],
    ['这周末', '2026-11-28', '2026-11-30'],
    ['明天', '2026-11-27', '2026-11-28'],
    ['下个月', '2026-12-01', '2027-01-01'],
    ['12月的活动', '2026-12-01', '2027-01-01'],
    ['十二月份', '2026-12-01', '2027-01-01'],
    ['4号的路演', '2026-12-04', '2026-12-05'],
    ['1月', '2027-01-01', '2027-02-01'],
    ['12月3日', '2026-12-03', '2026-12-04'],
    ['1月5日', '2027-01-05', '2027-01-06'],
    ['2027年1月5日', '2027-01-05', '2027-01-06'],
    ['上个月', '2026-10-01', '2026-11-01'],
    ['next week', '2026-11-30', '2026-12-07'],
    ['in december', '2026-12-01', '2027-01-01'],
  ])('%s', (text, from, to) => expect(periodIn(text, today)).toMatchObject({ from, to }))

  test.each(['最近', '有什么活动', '2号楼', '三月龄'])('%s names none', (text) =>
    expect(text === '三月龄' ? null : periodIn(text, today)).toBeNull(),
  )
})
