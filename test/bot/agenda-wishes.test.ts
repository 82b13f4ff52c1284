import { expect, test } from 'vitest'
import { attendeeIn } from '../../bot/agenda/chat/attendee.ts'
import { naturalWishOf, placeIn } from '../../bot/agenda/chat/natural.ts'
import { agendaWishOf } from '../../bot/agenda/chat/wishes.ts'

const join = (n: number | null, words = '', details = '') => ({ do: 'join', meant: { n, words }, details })
const leave = (n: number | null, words = '') => ({ do: 'leave', meant: { n, words } })

test.each([
  ['报名', join(null)],
  ['我要报名', join(null)],
  ['报名2', join(2)],
  ['报名 第二个', join(2)],
  ['我想报名参加第1场', join(1)],
  ['参加第三个', join(3)],
  ['帮我报名新材料专场路演', join(null, '新材料专场路演')],
  ['报名《科创下午茶》', join(null, '科创下午茶')],
  ['报名2，张三，云帆新材料公司，2人', join(2, '', '张三,云帆新材料公司,2人')],
  ['报名 1 张三 云帆公司 2人', join(1, '', '张三 云帆公司 2人')],
  ['报名1\n张三，云帆公司', join(1, '', '张三,云帆公司')],
  ['我想报名早餐会 2个人', join(null, '早餐会', '2个人')],
  ['报名科创下午茶，李四，个人', join(null, '科创下午茶', '李四,个人')],
  ['sign me up for 2', join(2)],
  ['sign up 2, Anna Berg, Northlight Optics Ltd', join(2, '', 'Anna Berg, Northlight Optics Ltd')],
  ['Sign up 1', join(1)],
  ['please register me for the open day', join(null, 'open day')],
  ['取消报名', leave(null)],
  ['取消报名2', leave(2)],
  ['帮我把科创下午茶的报名取消', leave(null, '科创下午茶')],
  ['cancel my registration', leave(null)],
  ['我想取消新材料路演的报名', leave(null, '新材料路演')],
  ['帮我报个名', join(null)],
  ['我报名的活动', { do: 'mine' }],
  ['我都报了啥', { do: 'mine' }],
  ['我报名了哪些', { do: 'mine' }],
  ['我报名了哪些活动？', { do: 'mine' }],
  ['我的报名', { do: 'mine' }],
  ['my registrations', { do: 'mine' }],
])('%j is a wish', (text, wish) => expect(agendaWishOf(text)).toEqual(wish))

test.each([
  '报名条件是什么',
  '怎么报名？',
  '报名截止时间',
  '报名时间',
  '报名要什么材料',
  '可以报名吗',
  '什么时候开始报名',
  '在哪里报名',
  '报名费多少钱',
  '报名了能退吗',
  '报名表在哪下载',
  '路演提前几天报名',
  '参加培训有补贴吗',
  '我们想参加揭榜挂帅',
  '登记技术合同要什么',
  '取消资格的情形',
  '你好',
  'how do I register?',
  '报名成功了吗',
  '帮我报一下早餐会',
  '登记完之后合同黄了，拿到的奖励要退吗',
])('%j is none', (text) => expect(agendaWishOf(text)).toBeNull())

const all = ['name', 'company', 'people']
test.each([
  ['张三，云帆新材料公司，2人', all, { name: '张三', company: '云帆新材料公司', people: 2 }],
  ['张三 云帆新材料有限公司 两个人', all, { name: '张三', company: '云帆新材料有限公司', people: 2 }],
  ['姓名：张三，单位：云帆，人数：3', all, { name: '张三', company: '云帆', people: 3 }],
  ['我是云帆公司的张三', all, { name: '张三', company: '云帆公司' }],
  ['我叫李小明，来自示例大学', all, { name: '李小明', company: '示例大学' }],
  ['王工，云帆，就我一个', all, { name: '王工', company: '云帆', people: 1 }],
  [
    '张三，云帆科技，13800000000，技术总监',
    [...all, 'phone', 'position'],
    { name: '张三', company: '云帆科技', phone: '13800000000', position: '技术总监' },
  ],
  ['Anna Berg, Northlight Optics Ltd, 2 people', all, { name: 'Anna Berg', company: 'Northlight Optics Ltd', people: 2 }],
  ['云帆', ['company'], { company: '云帆' }],
  ['个人', ['company'], { company: '个人' }],
  ['张三', ['name'], { name: '张三' }],
  ['3', ['people'], { people: 3 }],
  ['3人', all, { people: 3 }],
  ['好的', all, {}],
  ['张三，个人', all, { name: '张三', company: '个人' }],
  ['500人', all, {}],
  ['姓名 张三 单位 云帆', ['name', 'company'], { name: '张三', company: '云帆' }],
  ['王小明 总经理', ['name', 'company'], { name: '王小明' }],
  ['我是华清光学的赵一鸣', ['name', 'company'], { name: '赵一鸣', company: '华清光学' }],
  ['张三、李四', ['name', 'company'], { name: '张三' }],
])('%j says (%j)', (text, asked, expected) => expect(attendeeIn(text, asked)).toEqual(expected))

test.each([
  ['企业家早餐会我想参加 3个人', 'join', '企业家早餐会', '3个人'],
  ['4号的路演我也报', 'join', '4号的路演', ''],
  ['我想参加企业家早餐会', 'join', '企业家早餐会', ''],
  ['换成4号的路演', 'change', '4号的路演', ''],
  ['沙龙那个我去不了了', 'leave', '沙龙', ''],
  ['我去不了了', 'leave', '', ''],
  ['取消早餐会', 'leave', '早餐会', ''],
  ['我想参加', 'join', '', ''],
  ['我们3个人想参加早餐会', 'join', '早餐会', '3个人'],
  ['下午茶算我一个', 'join', '下午茶', ''],
  ['早餐会给我报2个人', 'join', '早餐会', '2个人'],
  ['12月4号的路演给我留个名额', 'join', '12月4号的路演', ''],
  ['帮我报一下早餐会，王五，丙公司', 'join', '早餐会', '王五,丙公司'],
  ['早餐会我们临时有事不能来了，抱歉', 'leave', '早餐会', ''],
])('%j means an event, where there is one', (text, what, which, details) =>
  expect(naturalWishOf(text)).toEqual({ do: what, which, details }),
)
test.each([
  '报名条件是什么',
  '路演有补贴吗',
  '早餐会还能报吗',
  '我们想参加揭榜挂帅可以吗',
  '参加路演有什么要求',
  '张三，云帆公司',
  '3个人',
])('%j means none', (text) => expect(naturalWishOf(text)).toBeNull())
test.each([
  ['第二个', 2],
  ['2', 2],
  ['就第三场吧', 3],
  ['两个人', null],
  ['3人', null],
])('%j in a list', (text, n) => expect(placeIn(text)).toBe(n))
