import { number, object } from '../base/loose.ts'
import { ChannelError } from '../channel.ts'
import type { Outgoing, Receipt } from '../outgoing.ts'
import { type Moves, type Target, targetOf } from './address.ts'
import { alreadySo, type Call, cannotEdit, cannotParse, movedTo, topicIsClosed } from './api.ts'
import { partsOf, payloadsOf, type TextMessage, topicName } from './outgoing.ts'

/** Sends one thing. A group that has moved meanwhile is followed once. @throws ChannelError */
export async function send(call: Call, moves: Moves, chat: string, outgoing: Outgoing): Promise<Receipt> {
  const target = targetOf(chat)
  try {
    return await sendTo(call, moves.today(target), outgoing)
  } catch (error) {
    const to = movedTo(error)
    if (to === null) throw error
    await moves.note(target.chat_id, to)
    return await sendTo(call, moves.today(target), outgoing)
  }
}

async function sendTo(call: Call, target: Target, outgoing: Outgoing): Promise<Receipt> {
  switch (outgoing.kind) {
    case 'text': {
      const messageIds: string[] = []
      for (const part of partsOf(outgoing)) messageIds.push(await sendPart(call, target, part))
      return { messageIds }
    }
    case 'open_topic':
      return openTopic(call, target.chat_id, outgoing.name)
    case 'close_topic':
      await closeTopic(call, target)
      return { messageIds: [] }
    case 'hand_off':
    case 'file':
      // Never queued for a channel without sessions or files.
      return { messageIds: [] }
    case 'typing':
      // A late sign of life is not missed.
      await call('sendChatAction', { ...target, action: 'typing' }).catch(() => undefined)
      return { messageIds: [] }
  }
}

async function openTopic(call: Call, chat: number, name: string): Promise<Receipt> {
  const topic = number(object(await call('createForumTopic', { chat_id: chat, name: topicName(name) }))?.['message_thread_id'])
  if (topic === null) throw new ChannelError('refused', 'createForumTopic: no topic in the answer')
  return { messageIds: [], chat: `telegram:${chat}#${topic}` }
}

/** A topic that is already closed or gone counts as closed. */
async function closeTopic(call: Call, target: Target): Promise<void> {
  if (target.message_thread_id === undefined) return
  await call('closeForumTopic', target).catch((error: unknown) => {
    if (!alreadySo(error) && !(error instanceof ChannelError && error.code === 'topic_gone')) throw error
  })
}

/** Markup that Telegram cannot parse is sent again as plain text: badly formatted beats unsent. */
async function sendPart(call: Call, target: Target, part: TextMessage): Promise<string> {
  const { html, plain } = payloadsOf(part)
  const say = (message: object) => replacing(call, target, part.replaces, message)
  const sent = await say(html).catch((error: unknown) => {
    if (!cannotParse(error)) throw error
    return say(plain)
  })
  return String(number(object(sent)?.['message_id']) ?? '')
}

/** Turns the preview into the message; safe to repeat. A preview that is gone does not matter. */
async function replacing(call: Call, target: Target, preview: string | undefined, message: object): Promise<unknown> {
  const id = /^\d{1,15}$/.test(preview ?? '') ? Number(preview) : null
  if (id === null) return sendOpening(call, target, message)
  return call('editMessageText', { chat_id: target.chat_id, message_id: id, ...message }).catch((error: unknown) => {
    if (alreadySo(error)) return { message_id: id }
    if (!cannotEdit(error)) throw error
    return sendOpening(call, target, message)
  })
}

/** Somebody closed the topic by hand while its ticket is open: the person's words must still arrive there. */
async function sendOpening(call: Call, target: Target, message: object): Promise<unknown> {
  return call('sendMessage', { ...target, ...message }).catch(async (error: unknown) => {
    if (!topicIsClosed(error) || target.message_thread_id === undefined) throw error
    await call('reopenForumTopic', target)
    return call('sendMessage', { ...target, ...message })
  })
}
