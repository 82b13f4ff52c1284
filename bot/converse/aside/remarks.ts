import { normalize } from '../../../retrieval/text/normalize.ts'
import { inWriting } from '../../answer/colloquial.ts'
import { pointsNowhere } from '../../answer/follow/references.ts'
import type { IncomingMessage } from '../../channels/message.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { bare, isAsking } from '../wishes.ts'
import { hear, say, textsOf, type Work } from '../work.ts'
import { hoursInWords } from './hours.ts'

/**
 * Answers a remark that asks for nothing the library holds. If it were searched for, 什么破机器人 would find robots, and a telephone number would
 * find anything with digits. The reply is an honest sentence and, where it helps, the way to a person.
 * @returns false when the message is no such remark
 */
export async function remarkHeard(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const kind = remarkOf(message.text) ?? (pointsNowhere(message.text, work.history.at(-1)) ? 'choice_unknown' : null)
  if (kind === null) return false
  const texts = textsOf(work)
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  const human = kind === 'choice_unknown' ? undefined : [[{ label: texts('button_human'), data: 'human' }]]
  const words = kind === 'hours' ? await hoursInWords(work) : texts(kind, kind === 'made_of' ? { park: work.deps.park } : {})
  say(work, row, () => said(words, human))
  work.outcomes.push(kind)
  return true
}

type Remark = 'contact_left' | 'puzzled' | 'upset' | 'hours' | 'made_of' | 'privacy'

/**
 * Pure: what kind of remark a whole message is (it leaves a contact, did not understand us, is annoyed, or asks about the bot itself), or
 * null.
 */
export function remarkOf(text: string): Remark | null {
  if (leavesContact(text)) return 'contact_left'
  if (isPuzzled(text)) return 'puzzled'
  return isUpset(text) ? 'upset' : aboutUs(text)
}

const longestAboutUs = 24
const us =
  '(?:请问|那|你|您|你们|您们|咱们|园区|这边|这里|客服|人工|经纪人|技术经纪人|工作人员|一般|平时|现在|今天|明天|周末|周[六日天]|节假日|晚上|中午|都|还|会|是|的|有人|有没有人)*'
const personal = '(?:信息|资料|数据|隐私|电话|手机号?|微信号?|联系方式|聊天记录|内容|话)'
const questionsOfUs: readonly (readonly [Remark, RegExp])[] = [
  [
    'hours',
    new RegExp(
      `^${us}(?:(?:几点|什么时候|何时|多会儿?)(?:钟)?(?:上班|下班|开门|关门|休息|有人|在)|(?:上班|值班|在班|在岗|营业)(?:吗|不|么)|(?:上|下|值)班(?:时间|到几点)?(?:是)?(?:几点|什么时候|多少)?|(?:工作|服务|营业|办公|值班|人工)时间(?:是)?(?:几点|什么时候|多少|什么)?(?:到几点)?)(?:吗|呢|啊|呀)?$|^(?:what are )?your (?:opening |office |working )?hours$|^when are you open$|^are you open (?:now|today|tomorrow|on weekends?)$`,
    ),
  ],
  [
    'made_of',
    /^(?:请问)?(?:你|您|这(?:个)?(?:机器人|系统|助手))(?:是)?(?:谁|哪(?:家|个)(?:公司)?|什么公司|什么人)?(?:用|基于|接|背后|使用|采用)*(?:的)?(?:是)?(?:谁|哪(?:家|个)(?:公司)?|什么(?:公司|人)?)?(?:的)?(?:开发|做|造|研发|设计|训练|大?模型|语言模型|ai|技术|算法)(?:的|出来的)?(?:吗|呢|啊)?$|^(?:你|您)(?:是|用的是)(?:不是)?(?:chat ?gpt|gpt|deepseek|通义千问|千问|文心一言|豆包|kimi|claude)[吗么呢]?$|^(?:who (?:made|built|developed) you|what (?:ai )?model (?:are you|do you use)|are you (?:chat ?gpt|gpt|deepseek|claude))$/,
  ],
  [
    'privacy',
    new RegExp(
      `^(?:请问|那|你|您|你们|会不会|会|是不是|有没有|不会|把|将|我|我们|公司|的|这些|个人|${personal})*(?:(?:给|告诉|泄露给|透露给|提供给|卖给|发给)(?:别人|他人|外人|第三方|其他人|其他公司|别的公司)|(?:泄露|泄漏|透露|外泄|保存|存|记录|留存)(?:了|下来|着)?(?:我们?的?${personal})?)(?:吗|么|吧|呢|啊|没有?)?$|^(?:我|我们|公司|的|这些|个人)*${personal}(?:安不安全|安全|会(?:不会)?泄露|存(?:在)?(?:哪里?|哪儿|多久))(?:吗|么|呢)?$`,
    ),
  ],
]

/** Pure: whether a whole message asks who is available when, what the bot is, or what happens to the person's data. */
function aboutUs(text: string): Remark | null {
  const plain = bare(inWriting(text))
  if (plain.length > longestAboutUs) return null
  return questionsOfUs.find(([, pattern]) => pattern.test(plain))?.[0] ?? null
}

const annoyed =
  '慢|差|烂|垃圾|破|笨|蠢|傻|坑人|离谱|敷衍|气人|难用|不好用|无语|没用|不行|太差劲|差劲|失望|不耐烦|不专业|不靠谱|浪费时间|傻[逼比叉x]|煞笔|沙雕|(?:人工)?智障|白痴|脑残|弱智|废物|放屁|狗屁(?:不通)?|扯淡|胡说(?:八道)?|瞎说|神经病|有病|骗子|骗人|sb'
const upset: readonly RegExp[] = [
  new RegExp(
    `^(?:(?:你们?|您|这|那|客服|服务|(?:破)?机器人|人工智能|智能客服|ai|回复|回答|答复|办事|效率|速度|系统|态度|东西|怎么|也|真|太|好|这么|那么|什么|是|的|个|都|实在|非常|很|特别|简直|就|让人|有点|一点)\\s*)*(?:${annoyed})(?:了|啊|呀|吧|呢|死了|透了|的|得很|死|人|玩意儿?|机器人|系统|东西|服务|态度|客服|到家)*$`,
  ),
  /^(?:怎么)?(?:还|都|一直)?(?:没人?|没有人|不)(?:理|管|回|回复|回答|答复|搭理|说话)(?:我们?|人|一下)?(?:啊|呢|吗|了)?$|^(?:你们?|怎么)*(?:还|都|一直)?(?:没人|没有人|不理|不回)(?:理|管|回|回复|答复)?(?:我们?|人)?(?:啊|呢|了)?$/,
  /^(?:人|你们人|你们的人|工作人员)(?:都)?(?:呢|哪去了|去哪(?:里|儿)?了|都?在哪(?:里|儿)?)$|^(?:我)?(?:都)?(?:等了?)?(?:半天|好久|很久|好几天|这么久|太久)(?:了|啊)*$/,
  /^(?:我|我们|都|已经|前前后后)*(?:问|说|发|催)了?(?:你们?)?(?:都)?(?:好?[几多两二三四五六七八九十百\d]+)(?:遍|次|回|条)了?(?:都|还|也|一直|还是)*(?:没|没有|不)?(?:人)?(?:理|管|回|回复|答复|回答|下文|消息|结果|反应)?(?:我们?)?(?:啊|呢|吗|了)*$/,
  /^(?:你们?|这|园区|到底|究竟)*(?:(?:还)?管不管(?:事|人|用|我们?)?|(?:有没有|还有没有|有)人(?:在)?(?:管|理)(?:事|我们?|一?下)?|(?:什么|啥|这是什么)(?:态度|服务|效率)|耍我们?|逗我们?|忽悠(?:人|我们?)?|干什么吃的|机器人?滚(?:开)?|滚)(?:啊|呢|吗|了|吧)*$/,
  /^(?:破|垃圾|臭|死)?机器人(?:滚(?:开|蛋)?|走开|闭嘴|真烦|烦死了?)$|^(?:滚|闭嘴|烦死了?|烦人)$/,
  /^(?:你|你们)?(?:(?:他|你|尼|特)?妈的?逼?|去死|tmd|nmd|nmsl|cnm|wtf|卧槽|我[操靠]|草泥马|[操草日]你(?:妈|大爷)?|[操靠])(?:吧|啊|的|了|机器人|系统|客服)*$/,
  /^(?:你们?|您|这?(?:个)?机器人)(?:是不是|是)?(?:个)?(?:人工)?(?:智障|白痴|傻子?|傻[逼叉x]|脑残|有病|骗子|废物)(?:吗|吧|啊|么)*$/,
  /^(?:fuck|damn|screw|shut up|bullshit|shit|asshole|bastard|go to hell)(?: (?:you|off|it|this|that|up|bot|robot|stupid))*$/,
  /^(?:this is |you are |you're |so |very |too |really |what a )*(?:useless|stupid|dumb|an? idiot|idiot|idiotic|crap|terrible|awful|slow|ridiculous|garbage|rubbish|disappointing)(?: (?:bot|robot|service|system))?$/,
]

/** Pure: whether a whole message only expresses annoyance (你们态度真差, 怎么没人理我) and asks for nothing. */
export function isUpset(text: string): boolean {
  const says = (each: string) => {
    const plain = bare(each)
    return plain.length > 1 && plain.length <= 24 && upset.some((pattern) => pattern.test(plain))
  }
  // 你们到底管不管事啊，问了三遍了没人回
  const pieces = text.split(/[，,。；;！!？?\n]+/).filter((piece) => bare(piece) !== '')
  return says(text) || (pieces.length > 1 && pieces.length <= mostReproaches && pieces.every(says))
}

const mostReproaches = 4

const puzzled =
  /^(?:(?:我|还是|完全|太|有点|这|你|您|请|麻烦|能不能|可以|能|就|都|也|真的?|好|是)*)(?:说人话|(?:看|听|没看|没听|没|不)(?:不)?(?:太|大)?(?:懂|明白)|不太?清楚|(?:是)?什么意思|(?:在)?说(?:的)?什么|太长|太复杂|太专业|(?:说|讲)?(?:得|的)?(?:简单|简短|通俗|直白|清楚|明白)(?:一?点儿?|一?些))(?:了|啊|呀|吗|吧|行吗|好吗|可以吗|说|讲|简单点)*$|^(?:i )?(?:do not|don't|don t|can't|can t) (?:understand|get it)$|^what does (?:it|this|that) mean$|^(?:make it |in )?(?:simpler|plain words|plain english)(?: please)?$/

/** Pure: whether a whole message says that our words were not understood: 说人话, 看不懂, 太长了，简单点. */
function isPuzzled(text: string): boolean {
  const plain = bare(inWriting(text))
  return plain.length <= 24 && puzzled.test(plain)
}

/** Pure: whether a message holds nothing but contact details: 电话13800138000, 张总 13800138000，下午方便. */
export function leavesContact(text: string): boolean {
  if (text.length > longestContact) return false
  const plain = normalize(text)
  const rest = plain.replace(/(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-\s]?\d{7,8})(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '')
  if (rest === plain || isAsking(text)) return false
  return [...rest.replace(/[\s\p{P}]/gu, '')].length <= mostBesideContact
}

const longestContact = 80
const mostBesideContact = 12
