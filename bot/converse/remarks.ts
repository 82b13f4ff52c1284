import { normalize } from '../../retrieval/text/normalize.ts'
import { inWriting } from '../answer/colloquial.ts'
import { pointsNowhere } from '../answer/references.ts'
import type { IncomingMessage } from '../channels/channel.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { said } from '../render.ts'
import { bare, isAsking } from './wishes.ts'
import { hear, say, textsOf, type Work } from './work.ts'

/**
 * What is said to the bot and asks for nothing it could look up: searched for, 什么破机器人 finds robots and a telephone number whatever has
 * digits. It gets an honest word and, where that helps, a way to a person.
 * @returns false when these words are no such remark
 */
export function remarkHeard(work: Work, row: InboxRow, message: IncomingMessage): boolean {
  const kind = remarkOf(message.text) ?? (pointsNowhere(message.text, work.history.at(-1)) ? 'choice_unknown' : null)
  if (kind === null) return false
  const texts = textsOf(work)
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  const human = kind === 'choice_unknown' ? undefined : [[{ label: texts('button_human'), data: 'human' }]]
  say(work, row, () => said(texts(kind), human))
  work.outcomes.push(kind)
  return true
}

/** Pure: a whole message that leaves a contact, says that our words were not understood, or that somebody is annoyed. */
export function remarkOf(text: string): 'contact_left' | 'puzzled' | 'upset' | null {
  if (leavesContact(text)) return 'contact_left'
  if (isPuzzled(text)) return 'puzzled'
  return isUpset(text) ? 'upset' : null
}

const annoyed =
  '慢|差|烂|垃圾|破|笨|蠢|傻|坑人|离谱|敷衍|气人|难用|不好用|无语|没用|不行|太差劲|差劲|失望|不耐烦|不专业|不靠谱|浪费时间'
const upset: readonly RegExp[] = [
  new RegExp(
    `^(?:(?:你们?|您|这|那|客服|服务|(?:破)?机器人|人工智能|智能客服|ai|回复|回答|答复|办事|效率|速度|系统|态度|东西|怎么|也|真|太|好|这么|那么|什么|是|的|个|都|实在|非常|很|特别|简直|就|让人|有点|一点)\\s*)*(?:${annoyed})(?:了|啊|呀|吧|呢|死了|透了|的|得很|死|人|玩意儿?|机器人|系统|东西|服务|态度|客服|到家)*$`,
  ),
  /^(?:怎么)?(?:还|都|一直)?(?:没人?|没有人|不)(?:理|管|回|回复|回答|答复|搭理|说话)(?:我们?|人|一下)?(?:啊|呢|吗|了)?$|^(?:你们?|怎么)*(?:还|都|一直)?(?:没人|没有人|不理|不回)(?:理|管|回|回复|答复)?(?:我们?|人)?(?:啊|呢|了)?$/,
  /^(?:人|你们人|你们的人|工作人员)(?:都)?(?:呢|哪去了|去哪(?:里|儿)?了|都?在哪(?:里|儿)?)$|^(?:我)?(?:都)?等了?(?:半天|好久|很久|好几天|这么久|太久)(?:了|啊)*$/,
  /^(?:this is |you are |you're |so |very |too |really |what a )*(?:useless|stupid|terrible|awful|slow|ridiculous|garbage|rubbish|disappointing)(?: (?:bot|robot|service|system))?$/,
]

/**
 * Pure: whether a whole message says that somebody is annoyed, rather than asking for something: 你们态度真差, 怎么没人理我. Searched for, 什么破机器人
 * finds robots.
 */
function isUpset(text: string): boolean {
  const plain = bare(text)
  return plain.length > 1 && plain.length <= 24 && upset.some((pattern) => pattern.test(plain))
}

const puzzled =
  /^(?:(?:我|还是|完全|太|有点|这|你|您|请|麻烦|能不能|可以|能|就|都|也|真的?|好|是)*)(?:说人话|(?:看|听|没看|没听|没|不)(?:不)?(?:太|大)?(?:懂|明白)|不太?清楚|(?:是)?什么意思|(?:在)?说(?:的)?什么|太长|太复杂|太专业|(?:说|讲)?(?:得|的)?(?:简单|简短|通俗|直白|清楚|明白)(?:一?点儿?|一?些))(?:了|啊|呀|吗|吧|行吗|好吗|可以吗|说|讲|简单点)*$|^(?:i )?(?:do not|don't|don t|can't|can t) (?:understand|get it)$|^what does (?:it|this|that) mean$|^(?:make it |in )?(?:simpler|plain words|plain english)(?: please)?$/

/** Pure: whether a whole message says that our words were not understood: 说人话, 看不懂, 太长了，简单点. */
function isPuzzled(text: string): boolean {
  const plain = bare(inWriting(text))
  return plain.length <= 24 && puzzled.test(plain)
}

/** Pure: nothing but how to reach somebody: 电话13800138000, 张总 13800138000，下午方便. */
function leavesContact(text: string): boolean {
  if (text.length > longestContact) return false
  const plain = normalize(text)
  const rest = plain.replace(/(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-\s]?\d{7,8})(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '')
  if (rest === plain || isAsking(text)) return false
  return [...rest.replace(/[\s\p{P}]/gu, '')].length <= mostBesideContact
}

const longestContact = 80
const mostBesideContact = 12
