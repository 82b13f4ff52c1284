import { expect, test } from 'vitest'
import { isBroad } from '../../bot/answer/ambiguity.ts'
import { asOfIn } from '../../bot/answer/as-of.ts'
import { inWriting } from '../../bot/answer/colloquial.ts'
import { corrected, pointsNowhere } from '../../bot/answer/follow/references.ts'
import { joined, leansOnHistory } from '../../bot/answer/follow/standalone.ts'
import { asksOwnMatter, wishesDeal } from '../../bot/converse/aside/deals.ts'
import { remarkOf } from '../../bot/converse/aside/remarks.ts'
import { opinionOf, waitsNoMore, wavesOff } from '../../bot/converse/feedback.ts'
import { readWith } from '../../bot/converse/quoting.ts'
import { asksSource } from '../../bot/converse/source.ts'
import { refusesErasure } from '../../bot/converse/wishes.ts'

test.each([
  ['满意', 'helpful', 5],
  ['非常满意！', 'helpful', 5],
  ['不太满意', 'not_helpful', 1],
  ['不满意，答非所问', 'not_helpful', null],
  ['一般', null, 3],
  ['很有帮助', 'helpful', null],
  ['谢谢你的回答，但是不对', 'not_helpful', null],
  ['答错了', 'not_helpful', null],
  ["That's wrong.", 'not_helpful', null],
] as const)('“%s” is an opinion', (text, feedback, satisfaction) => {
  expect(opinionOf(text)).toEqual({ feedback, satisfaction })
})

test.each([
  '客户满意度权重多少',
  '不对，我问的是中型企业',
  '有用工补贴吗',
  '没用完的额度能结转吗',
  '一般企业能申请吗',
  '解决住房吗',
  '',
])('“%s” is none', (text) => {
  expect(opinionOf(text)).toBeNull()
})

test.each([
  ['文号是什么？', 'at_once'],
  ['它的有效期到什么时候？', 'else'],
  ['这个办法现在还有效吗', 'at_once'],
  ['什么时候开始施行的？', 'else'],
  ['发给我原文', 'at_once'],
  ['你确定吗？', 'at_once'],
  ['Is it still valid?', 'at_once'],
  ['哪条规定的', 'at_once'],
  ['有效期到啥时候', 'else'],
  ['这个政策还有效不', 'at_once'],
  ['原文发我', 'at_once'],
  ['再说一遍', 'at_once'],
  ['Where is it written?', 'at_once'],
  ['再申请一次', null],
  ['发票怎么给', null],
  ['这是哪个文件规定的？', 'at_once'],
  ['根据哪一条', 'at_once'],
  ['在哪里能看到原文', 'at_once'],
  ['哪个文件规定了租金减免', null],
  ['第几条讲租金', null],
  ['哪条路到园区', null],
  ['Are you sure?', 'at_once'],
  ['证书有效期多久', null],
  ['什么时候发布申报通知', null],
  ['专利资助办法的文号是什么', null],
  ['原文件要交几份', null],
  ['', null],
])('“%s” asks what was quoted: %s', (text, asks) => {
  expect(asksSource(text)).toBe(asks)
})

test.each([
  ['按去年的规定，专利资助多少', '2025-12-31', '专利资助多少'],
  ['按大前年的办法，专利资助多少', '2023-12-31', '专利资助多少'],
  ['按2024年的规定，目前年度奖励上限多少', '2024-12-31', '目前年度奖励上限多少'],
  ['去年的规定今年还有效吗', null, '去年的规定今年还有效吗'],
  ['前年的时候技术交易奖多少', '2024-12-31', '技术交易奖多少'],
  ['我们去年登记的合同奖多少', null, '我们去年登记的合同奖多少'],
])('“%s” asks about %s', (question, asOf, rest) => {
  expect(asOfIn(question, '2026-11-26')).toEqual({ asOf, rest })
})

test.each([
  ['去年也是这样吗？', false, true],
  ['谁的专利？', true, true],
  ['谁的专利？', false, false],
  ['专利质押贷款贴息多少', true, false],
  ['有哪些成果', true, false],
  ['How much?', false, true],
  ['Who is eligible?', false, true],
  ['How much is the start-up grant?', false, false],
  ['OK', false, false],
  ['5', false, false],
])('“%s” leaves out what it is about (after a record: %s): %s', (question, afterRecord, leans) => {
  expect(leansOnHistory(question, afterRecord)).toBe(leans)
})

const exchange = (question: string, answer: string | null) => ({
  question,
  standalone: question,
  answer,
  titles: [],
  options: [],
})
const loans = exchange('贷款贴息多少？', '第三条 以专利权质押取得银行贷款的，按贷款实际利息的30%给予贴息[1]')
const patents = exchange('专利资助多少？', '第二条 园区企业获得国内发明专利授权的，每件资助3000元[1]')

test.each([
  [
    'our answer of before',
    '【原文】\n第三条 以专利权质押取得银行贷款的，按贷款实际利息的30%给予贴息。[1]',
    '怎么申请',
    '怎么申请',
    loans.question,
  ],
  ['a question of before', '贷款贴息多少？', '最多呢', '最多呢', loans.question],
  ['words of somebody else, pointed at', '路演补助多少？', '帮忙看一下这个', '路演补助多少？', patents.question],
  ['words of somebody else, leant on', '路演补助多少？', '它的条件呢', '它的条件呢', '路演补助多少？'],
  ['a question of one’s own', '路演补助多少？', '孵化器租金补贴比例是多少', '孵化器租金补贴比例是多少', patents.question],
  ['nothing', null, '怎么申请', '怎么申请', patents.question],
])('a quotation of %s', (_, quoted, text, question, talkedOf) => {
  const read = readWith(quoted, text, [loans, patents])
  expect([read.question, read.history.at(-1)?.question]).toEqual([question, talkedOf])
})

test.each([
  ['算了', true],
  ['还是不用了，谢谢', true],
  ['never mind', true],
  ['不用现金可以吗', false],
])('“%s” wants nothing more: %s', (text, off) => {
  expect(wavesOff(text)).toBe(off)
})

test.each([
  ['小微企业技术合同登记最多奖多少?', '材料呢', '小微企业技术合同登记 材料呢'],
  ['之前2024年的时候首次认定奖多少', '联系电话多少', '之前2024年的时候首次 联系电话多少'],
])('after “%s”, “%s” keeps whole words', (standalone, question, whole) => {
  expect(joined(question, { ...exchange(standalone, null) })).toBe(whole)
})

test.each([
  '你们态度真差',
  '太慢了！',
  '什么破机器人',
  '怎么没人理我',
  '人呢？',
  '等了好久了',
  '你们真是太敷衍了',
  'This is useless',
  '你们到底管不管事啊，问了三遍了没人回',
  '都半天了',
  '机器人滚！',
  '问了好几遍没人理',
  '傻逼机器人',
  '你是智障吗',
  '胡说八道',
  '他妈的',
  '你们都是骗子',
  'fuck you',
  'stupid bot',
])('“%s” is somebody annoyed', (text) => expect(remarkOf(text)).toBe('upset'))

test.each([
  '破产企业能申请吗',
  '操作手册在哪里下载',
  '草坪养护成果',
  '骗取补贴怎么处理',
  '日常办公补贴',
  '靠谱的检测机构',
  '智障人士就业补贴',
  '有病假的员工算参保吗',
  '差旅费能报吗',
  '审批太慢怎么办',
  '没人申请的项目怎么处理',
  '工作人员要几个',
  '慢病管理设备成果',
  '垃圾处理技术有哪些',
  '人才补贴',
  '不管几家都行吗',
  '园区管不管停车',
  '提交了三次都没通过怎么办',
  '研发时间是什么时候',
  '成果信息会不会公开',
  '我们公司的资料保存多久',
  '好',
])('“%s” is not', (text) => expect(remarkOf(text)).toBeNull())

test.each([
  ['你们几点下班', 'hours'],
  ['周末有人值班吗？', 'hours'],
  ['人工服务时间是几点到几点', 'hours'],
  ['Are you open today?', 'hours'],
  ['你用的什么模型', 'made_of'],
  ['你是ChatGPT吗？', 'made_of'],
  ['会不会泄露我的手机号', 'privacy'],
  ['我的信息安全吗', 'privacy'],
  ['这个机器人是谁做的', 'made_of'],
  ['这是谁研发的', null],
  ['这个是哪家公司做的', null],
  ['受理时间是什么时候', null],
  ['技术合同什么时候登记', null],
  ['你们用什么技术处理废水', null],
] as const)('“%s” asks about us: %s', (text, kind) => expect(remarkOf(text)).toBe(kind))

test.each([
  ['不等了', true],
  ['算了不等了吧', true],
  ['cancel', true],
  ['算了', false],
  ['不等式怎么解', false],
])('“%s” ends the waiting: %s', (text, ends) => expect(waitsNoMore(text)).toBe(ends))

test.each([
  ['不删了', true],
  ['先别删', true],
  ['No thanks', true],
  ['不懂什么意思', false],
  ['确定清除', false],
])('“%s” keeps the data: %s', (text, keeps) => expect(refusesErasure(text)).toBe(keeps))

test.each([
  ['那第二个呢', ['甲'], [], true],
  ['第二个呢？', ['甲', '乙'], [], false],
  ['第二个项目什么时候申报', ['甲'], [], false],
  ['2', ['甲'], ['一', '二'], false],
  ['3', ['甲'], ['一', '二'], true],
  ['12', ['甲'], [], true],
  ['the second one?', ['A'], [], true],
  ['what about the second one', ['A'], [], true],
  ['那么多少钱', ['甲'], [], false],
])('“%s” after %j and the choices %j points nowhere: %s', (text, titles, options, nowhere) => {
  const last = { question: 'q', standalone: 'q', answer: 'a', titles, options }
  expect(pointsNowhere(text, last)).toBe(nowhere)
})

test.each([
  ['啥时候截止啊', '什么时候截止啊'],
  ['咋申请', '怎么申请'],
  ['能给多钱', '能给多少钱'],
  ['最多钱数', '最多钱数'],
  ['嗯那个就是说我想问一下就是那个技术合同啊它那个登记的话能给多少钱', '我想问一下技术合同登记能给多少钱'],
  ['技术合同登记有冇奖励', '技术合同登记有没有奖励'],
  ['有没有啥个补贴伐？', '有没有什么补贴吗？'],
  ['林木采伐', '林木采伐'],
  ['阿拉伯语资料', '阿拉伯语资料'],
  ['那个第二条的话', '那个第二条的话'],
])('“%s” is asked as “%s”', (text, written) => expect(inWriting(text)).toBe(written))

test.each([
  '有什么补贴',
  '你们园区有什么优惠政策？',
  '最近有哪些活动',
  '我们能申请什么',
  '有什么政策可以享受吗',
  '今年有哪些扶持政策',
  '孵化器有什么政策吗😊',
  '你好，请问一下贵园区有没有支持初创企业的政策',
  'What support is there for startups?',
])('“%s” is broad', (text) => expect(isBroad(text)).toBe(true))
test.each([
  '有什么补贴标准',
  '专利有什么补贴',
  '申请需要什么材料',
  '有哪些膜材料的成果',
  '技术合同登记有什么奖励',
  '什么是概念验证',
  '小微企业技术合同登记有什么奖励',
  '北京市在企业房租减免方面有哪些政策？',
])('“%s” names a thing', (text) => expect(isBroad(text)).toBe(false))

test.each(['说人话', '看不懂', '太长了，简单点', '什么意思？', '能不能说简单一点', '没听明白', "I don't understand", '啥意思'])(
  '“%s” says that we were not understood',
  (text) => expect(remarkOf(text)).toBe('puzzled'),
)
test.each([
  '概念验证是什么意思',
  '简单的合同怎么登记',
  '说明书要交几份',
  '流程太复杂能简化吗',
  '不明白怎么申报专利',
  '我要说什么材料',
])('“%s” does not', (text) => expect(remarkOf(text)).toBeNull())

test.each([
  ['张总 13800138000，下午方便', true],
  ['0512-66680001', true],
  ['a.b@c.com', true],
  ['66680001是哪个部门的电话', false],
  ['联系13800138000这个号码能办理技术合同登记手续', false],
  ['2026年11月26日', false],
])('“%s” leaves a contact: %s', (text, is) => expect(remarkOf(text)).toBe(is ? 'contact_left' : null))

test('a sum that is put right takes the place of the other', () => {
  const last = { question: '', standalone: '合同额300万能奖多少', answer: null, titles: [], options: [] }
  expect(corrected('不对，是200万', last)).toBe('合同额200万能奖多少')
  expect(corrected('不对', last)).toBeNull()
})

test('a message that goes on and on is told from a broad question and from annoyance at once', () => {
  for (const each of ['咱园区', '我们公司', '死了', '你们真', '太好']) {
    expect(isBroad(`${each.repeat(500)}x`)).toBe(false)
    expect(remarkOf(`${each.repeat(500)}x`)).toBeNull()
  }
})

test.each([
  ['我想签合同', true],
  ['我有个成果想发布', true],
  ['我想把我的技术卖给企业', true],
  ['我想找人合作', true],
  ['我们有一项专利，想转让', true],
  ['We are looking for a partner', true],
  ['我想转让专利要什么材料', false],
  ['想参加路演', false],
  ['我想合作开发有补贴吗', false],
  ['技术转让', false],
  ['想找耐酸碱的纳滤膜', false],
])('“%s” tells what a broker does for one: %s', (text, deal) => expect(wishesDeal(text)).toBe(deal))

test.each([
  ['我提交的申请到哪一步了', true],
  ['我的编号1办得怎么样了', true],
  ['我们的需求有消息了吗？', true],
  ['上次王工说给我回电话的，一直没打', true],
  ['能不能换个人对接', true],
  ['刚才那个经纪人不专业，换一个', true],
  ['我们的项目怎么申请', false],
  ['申请材料审核要几天', false],
  ['更换法人要什么材料', false],
  ['我公司的项目进度慢会收回资助吗', false],
])('“%s” is about their own matter: %s', (text, own) => expect(asksOwnMatter(text)).toBe(own))
