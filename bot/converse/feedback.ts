import { normalize } from '../../retrieval/text/normalize.ts'
import type { IncomingMessage } from '../channels/channel.ts'
import type { InboxRow } from '../queue/lanes.ts'
import type { Feedback } from '../records/answers.ts'
import { said } from '../render.ts'
import { isAsking } from './wishes.ts'
import { hear, say, textsOf, type Work } from './work.ts'

/** Whether an answer helped, and why not where the platform asks. Taken back it says nothing, and nothing is said to it. */
export function judged(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  id: string,
  verdict: Feedback | null | undefined,
): void {
  if (verdict === undefined) {
    work.outcomes.push('button_unknown')
    return
  }
  const { deps, lane } = work
  const reason = message.reason?.trim() || null
  work.effects.push((tx) => deps.answers.setFeedback(tx, lane.conversation.id, id, verdict, reason))
  work.outcomes.push(`feedback:${verdict ?? 'none'}`)
  if (verdict === null) return
  // Their own words are part of what was said: a broker who takes the case reads them.
  if (reason !== null) hear(work, row, { author: 'person', authorName: message.from.name, text: reason })
  thank(work, row, verdict)
}

function thank(work: Work, row: InboxRow, verdict: Feedback): void {
  const texts = textsOf(work)
  say(work, row, () =>
    said(texts(`feedback_${verdict}`), verdict === 'helpful' ? undefined : [[{ label: texts('button_human'), data: 'human' }]]),
  )
}

/** How it was, in one tap. A foreign ticket or a figure of somebody's own making changes nothing. */
export function satisfied(work: Work, row: InboxRow, ticket: string, value: number | null): void {
  if (value === null) {
    work.outcomes.push('button_unknown')
    return
  }
  const { conversation } = work.lane
  work.effects.push(async (tx) => {
    if (await work.deps.tickets.setSatisfaction(tx, conversation.id, ticket, value))
      work.events.push({ ticket, kind: 'satisfaction' })
  })
  say(work, row, () => said(textsOf(work)('satisfaction_thanks')))
  work.outcomes.push(`satisfaction:${value}`)
}

/**
 * The same said in words: of the service that was rated nowhere yet, else of the last answer.
 * @returns false when these words are no opinion, or there is nothing they could be about
 */
export async function opinionSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const opinion = opinionOf(message.text)
  if (opinion === null) return false
  const { deps, lane } = work
  const { id } = lane.conversation
  const ticket = opinion.satisfaction === null ? null : await deps.tickets.latestOf(id)
  const rated = ticket !== null && ticket.state === 'closed' && ticket.owner !== null && ticket.satisfaction === null
  const last = rated ? undefined : (await deps.answers.latest(id, 1))[0]
  if (!rated && (opinion.feedback === null || (last === undefined && ticket === null))) return false
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  if (rated) satisfied(work, row, ticket.id, opinion.satisfaction)
  else if (last?.decision === 'answer') judged(work, row, message, last.id, opinion.feedback)
  else thank(work, row, opinion.feedback ?? 'helpful')
  return true
}

type Opinion = { readonly feedback: Feedback | null; readonly satisfaction: number | null }

const before =
  '(?:谢谢|感谢)?(?:你|您)?的?(?:回答|答案|答复|回复)?(?:但是?|可是|不过)?(?:还是|都|这个|这|真的?|很|非常|太|完全|挺|比较|好像|感觉)*'
const after = '(?:了|吧|啊|呀|哦|的|谢谢)*'
const opinions: readonly (readonly [RegExp, Opinion])[] = [
  [new RegExp(`^${before}满意${after}$|^(?:very )?satisfied$`), { feedback: 'helpful', satisfaction: 5 }],
  [
    new RegExp(`^${before}不(?:太|是很|怎么)?满意${after}$|^(?:not|un) ?satisfied$`),
    { feedback: 'not_helpful', satisfaction: 1 },
  ],
  [/^(?:一般|一般般|还行|还可以|so ?so)$/, { feedback: null, satisfaction: 3 }],
  [
    new RegExp(`^${before}(?:有帮助|有用|解决)${after}$|^(?:that )?(?:was |is )?(?:very )?helpful$|^that helps?$`),
    { feedback: 'helpful', satisfaction: null },
  ],
  [
    new RegExp(
      `^${before}(?:没有?帮助|没有?用|没有?解决|不对|不准确?|不正确|答?错|答非所问|不是(?:我(?:想)?[问要]的|这个意思|这个)|不满意答非所问|不满意没(?:有)?(?:解决|帮助|用))${after}$|^(?:that s |that is |it s )?(?:not helpful|wrong|incorrect|not what i asked|useless)$`,
    ),
    { feedback: 'not_helpful', satisfaction: null },
  ],
]

/** Pure: what a whole message thinks of us, or null. */
export function opinionOf(text: string): Opinion | null {
  const plain = normalize(text)
    .replace(/[\s\p{P}]+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .trim()
  return opinions.find(([pattern]) => pattern.test(plain))?.[1] ?? null
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
export function isUpset(text: string): boolean {
  const plain = normalize(text)
    .replace(/[\s\p{P}]+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .trim()
  return plain.length > 1 && plain.length <= 24 && upset.some((pattern) => pattern.test(plain))
}

/** An honest word and a way to a person; nothing is looked up. */
export function soothe(work: Work, row: InboxRow, message: IncomingMessage): void {
  const texts = textsOf(work)
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  say(work, row, () => said(texts('upset'), [[{ label: texts('button_human'), data: 'human' }]]))
  work.outcomes.push('upset')
}

/** Pure: nothing but how to reach somebody: 电话13800138000, 张总 13800138000，下午方便. */
export function leavesContact(text: string): boolean {
  const plain = normalize(text)
  const rest = plain.replace(/(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-\s]?\d{7,8})(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '')
  if (rest === plain || isAsking(text)) return false
  return [...rest.replace(/[\s\p{P}]/gu, '')].length <= mostBesideContact
}

const mostBesideContact = 12

/** Searched for, a telephone number finds whatever has digits. Nobody has it yet: they are told how somebody gets it. */
export function contactLeft(work: Work, row: InboxRow, message: IncomingMessage): void {
  const texts = textsOf(work)
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  say(work, row, () => said(texts('contact_left'), [[{ label: texts('button_human'), data: 'human' }]]))
  work.outcomes.push('contact_left')
}

/** A place on a list we never gave: rather than answer the last question once more we say so. */
export function askWhich(work: Work, row: InboxRow, message: IncomingMessage): void {
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  say(work, row, () => said(textsOf(work)('choice_unknown')))
  work.outcomes.push('choice_unknown')
}

/** Pure: 算了, never mind: nothing more is wanted. */
export function wavesOff(text: string): boolean {
  return /^(?:还是|那|那就|先)*(?:算了|不问了?|我?不想问了?|不聊了|不用了?|不必了?|不需要了?|不要了?|没事了?|没有了|没别的了?|取消|never ?mind|no thanks?|forget it)(?:吧|谢谢|啊|了)*$/.test(
    normalize(text)
      .replace(/[\p{P}]/gu, '')
      .trim(),
  )
}
