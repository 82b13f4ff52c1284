import { normalize } from '../../retrieval/text/normalize.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { InboxRow } from '../queue/lanes.ts'
import type { Feedback } from '../records/answers.ts'
import { said } from '../render.ts'
import { bare } from './wishes.ts'
import { hear, say, textsOf, type Work } from './work.ts'

/** Stores whether an answer helped and, where the platform asks, why not. `null` withdraws the feedback and gets no reply. */
export function storeFeedback(
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
  // The person's own words belong in the transcript: a broker who takes the case reads them.
  if (reason !== null) hear(work, row, { author: 'person', authorName: message.from.name, text: reason })
  thank(work, row, verdict)
}

function thank(work: Work, row: InboxRow, verdict: Feedback): void {
  const texts = textsOf(work)
  say(work, row, () =>
    said(texts(`feedback_${verdict}`), verdict === 'helpful' ? undefined : [[{ label: texts('button_human'), data: 'human' }]]),
  )
}

/** Stores how satisfied somebody was with a ticket. A ticket of another conversation, or a value that no button sends, changes nothing. */
export function storeSatisfaction(work: Work, row: InboxRow, ticket: string, value: number | null): void {
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
 * The same as above, said in words: about the ticket that has no rating yet, otherwise about the last answer.
 * @returns false when the message is no opinion, or there is nothing it could be about
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
  if (rated) storeSatisfaction(work, row, ticket.id, opinion.satisfaction)
  else if (last?.decision === 'answer') storeFeedback(work, row, message, last.id, opinion.feedback)
  else thank(work, row, opinion.feedback ?? 'helpful')
  return true
}

/** Whoever waits for a person and has had only our answer since means that answer. A human's words are not ours to count. */
export async function keepOpinion(work: Work, message: IncomingMessage): Promise<void> {
  const { feedback = null } = (work.turn === 'waiting_for_broker' ? opinionOf(message.text) : null) ?? {}
  if (feedback === null) return
  const { deps, lane } = work
  const last = (await deps.answers.latest(lane.conversation.id, 1))[0]
  if (last?.decision !== 'answer') return
  work.effects.push((tx) => deps.answers.setFeedback(tx, lane.conversation.id, last.id, feedback, null))
  work.outcomes.push(`feedback:${feedback}`)
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

/** Pure: the opinion that a whole message expresses, or null. */
export function opinionOf(text: string): Opinion | null {
  const plain = bare(text)
  return opinions.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

/** Pure: whether nothing more is wanted: 算了, never mind. */
export function wavesOff(text: string): boolean {
  return /^(?:还是|那|那就|先)*(?:算了|不问了?|我?不想问了?|不聊了|不用了?|不必了?|不需要了?|不要了?|没事了?|没有了|没别的了?|取消|never ?mind|no thanks?|forget it)(?:吧|谢谢|啊|了)*$/.test(
    normalize(text)
      .replace(/[\p{P}]/gu, '')
      .trim(),
  )
}

/** Pure: whether somebody who waits for a person no longer wants one: 不等了, cancel. 算了 is ambiguous and does not count. */
export function waitsNoMore(text: string): boolean {
  return /^(?:还是|那|那就|算了)*(?:我)?不(?:等|找|用等)(?:了|人了|你们了)+(?:吧|谢谢|啊)*$|^cancel(?: (?:it|please|that))?$|^never ?mind$/.test(
    bare(text),
  )
}
