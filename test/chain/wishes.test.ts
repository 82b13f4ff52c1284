import { expect, test } from 'vitest'
import { chainWishOf } from '../../bot/chain/board/wishes.ts'

test.each([
  ...[
    '有哪些需求',
    '有哪些需求？',
    '你好，现在有哪些企业需求',
    '揭榜榜单',
    '揭榜挂帅榜单',
    '看看需求清单',
    '最近有什么技术需求吗',
    '园区发布了哪些需求',
  ],
  ...[
    'open needs',
    'Show me the open demands',
    'What needs are open?',
    '企业技术需求列表',
    '有哪些可以揭榜的需求？',
    '目前有哪些难题',
  ],
])('“%s” asks for the list', (text) => {
  expect(chainWishOf(text)).toEqual({ is: 'list' })
})

test.each([
  ...[
    '我能做 3号',
    '我能做3号',
    '揭榜 3',
    '揭榜3号',
    '3号我们能解决',
    '我们可以解决3号需求',
    '我要揭榜D3',
    '我司能承接第3号需求',
    '3号需求我们可以做',
  ],
  ...['D3 我们能做', '揭榜 3，我们有成熟的反硝化工艺', 'We can solve 3', 'we can do need 3', '您好，我想揭榜3号', '3号我们揭榜'],
])('“%s” offers to solve 3', (text) => {
  expect(chainWishOf(text)).toEqual({ is: 'solve', number: '3' })
})

test.each([
  ['我的需求到哪一步了', null],
  ['我的需求到哪一步了？', null],
  ['我们公司的需求现在怎么样了', null],
  ['我提交的需求有进展吗', null],
  ['需求 3 到哪一步了', '3'],
  ['D3进展如何', '3'],
  ['我的需求', null],
  ['需求进度', null],
  ["What's the status of my demand?", null],
] as const)('“%s” asks how it stands', (text, number) => {
  expect(chainWishOf(text)).toEqual({ is: 'status', number })
})

test.each([
  ['撤回需求3', '3'],
  ['撤回 D3', '3'],
  ['我要撤回我的需求', null],
  ['请把D3撤下', '3'],
  ['取消需求', null],
  ['需求3撤回', '3'],
  ['withdraw my need 3', '3'],
] as const)('“%s” withdraws', (text, number) => {
  expect(chainWishOf(text)).toEqual({ is: 'withdraw', number })
})

test.each([
  ...[
    '揭榜挂帅怎么申报',
    '揭榜挂帅怎么申报？',
    '揭榜挂帅项目最高支持多少',
    '揭榜 3 需要什么条件？',
    '揭榜要什么材料',
    '揭榜方要满足什么条件',
    '揭榜3号，有补贴吗？',
  ],
  ...[
    '有哪些政策',
    '有哪些需求可以申报补贴',
    '需求征集什么时候截止',
    '我能做什么',
    '我能做3个项目吗',
    '我们做3年了',
    '我们可以做3D打印',
    '3年内能完成',
    '我们能解决3个问题',
  ],
  ...[
    '撤回需求要什么材料',
    '怎么撤回需求？',
    '取消资格怎么办',
    '需求怎么登记',
    '技术需求怎么发布',
    '我的申请到哪一步了',
    '有哪些成果',
    '我要提交一个技术需求',
    '提需求',
  ],
  ...[
    '我们的需求是降低氨氮',
    '我们需要一台3号设备',
    '3号文件有效吗',
    '示园管〔2025〕3号怎么规定',
    '我想了解3号楼',
    '我要做3号楼的装修',
    '需求',
  ],
  ...[
    '有哪些揭榜挂帅政策',
    '榜单公布以后多久签约',
    '揭榜挂帅',
    '1',
    '',
    '第3条怎么规定',
    '揭榜成功后多久拿到钱',
    'what do you need',
    'open',
    'we need 3 sensors',
  ],
])('“%s” is none of these', (text) => {
  expect(chainWishOf(text)).toBeNull()
})
