import { randomUUID } from 'node:crypto'
import { fileToSend } from '../../base/file.ts'
import type { Loose } from '../../base/loose.ts'
import { ChannelError, type ChannelState } from '../../channel.ts'
import type { Button, Outgoing, Receipt } from '../../outgoing.ts'
import { cut, mostLabel, taskIdOf } from '../cards.ts'
import type { SentMessage, WecomClient } from '../client.ts'
import { WecomRefusal } from '../errcodes.ts'
import { fingerprint, repetitionMs, takeSlot } from '../pace.ts'
import { isUserId } from './incoming.ts'
import { mediaIdFor } from './media.ts'
import { partsOf, payloadOf, type TextMessage } from './outgoing.ts'

export type SendDeps = {
  readonly client: Pick<WecomClient, 'sendMessage' | 'updateCard' | 'upload'>
  readonly agentId: number
  readonly state: ChannelState
  readonly prompt: (buttons: readonly Button[]) => string
}

/** Sends one thing to a member. @throws ChannelError */
export async function send(deps: SendDeps, chat: string, outgoing: Outgoing, key: string = randomUUID()): Promise<Receipt> {
  const user = userOf(chat)
  switch (outgoing.kind) {
    case 'text': {
      if (await settled(deps, user, outgoing)) return { messageIds: [] }
      const messageIds: string[] = []
      let change: string | null = null
      for (const [index, part] of partsOf(outgoing).entries()) {
        const sent = await sendPart(deps, user, part, index === 0 ? key : `${key}+${index}`)
        messageIds.push(sent?.msgid ?? '')
        change = sent?.responseCode ?? null
      }
      return change === null ? { messageIds } : { messageIds, change }
    }
    case 'file': {
      const file = fileToSend(outgoing)
      const payload = { msgtype: file.kind, [file.kind]: { media_id: await mediaIdFor(deps, key, file) } }
      return { messageIds: [(await sendPayload(deps, user, payload, key))?.msgid ?? ''] }
    }
    case 'open_topic':
    case 'hand_off':
      throw new ChannelError('refused', 'The self-built app has no topics and no sessions')
    case 'close_topic':
    case 'typing':
      return { messageIds: [] }
  }
}

/**
 * Replaces the buttons of a card that no longer applies, with the code that came when it was sent: good once, for three days.
 * @returns false when there is no such card or the code is used up
 */
async function settled({ client, agentId }: SendDeps, user: string, { settles }: TextMessage): Promise<boolean> {
  const response_code = settles?.sent?.change
  if (settles === undefined || response_code === undefined) return false
  const button = { replace_name: cut(settles.label, mostLabel) }
  try {
    await client.updateCard({ userids: [user], agentid: agentId, response_code, button })
    return true
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'refused') return false
    throw error
  }
}

/** `wecom:lisi` → whom to write to. @throws ChannelError `refused` for anything that is not an address of ours */
export function userOf(chat: string): string {
  const user = chat.startsWith('wecom:') ? chat.slice('wecom:'.length) : ''
  if (!isUserId(user)) throw new ChannelError('refused', 'Not a member in WeCom')
  return user
}

function sendPart(deps: SendDeps, user: string, part: TextMessage, key: string): Promise<SentMessage | null> {
  return sendPayload(deps, user, payloadOf(part, taskIdOf(key), deps.prompt), key)
}

/** @returns null when it had already arrived */
async function sendPayload(deps: SendDeps, user: string, payload: Loose, key: string): Promise<SentMessage | null> {
  const what = fingerprint(payload)
  const slot = await deps.state.change(`pace:${user}`, (stored, now) => takeSlot(stored, now, { what, key: taskIdOf(key) }))
  if (slot.waitMs > 0)
    throw new ChannelError('rate_limited', 'As many messages to this member as WeCom delivers', { retryAfterMs: slot.waitMs })
  const sent = await deliver(deps, { ...payload, touser: user, agentid: deps.agentId, ...repetitionCheck(slot.repeats) })
  if (sent !== null) refuseIfNotDelivered(sent, user)
  return sent
}

function repetitionCheck(wanted: boolean): Loose {
  return wanted ? { enable_duplicate_check: 1, duplicate_check_interval: repetitionMs / 1000 } : {}
}

/** @returns null when the very same card had already arrived, in a try whose answer was lost */
async function deliver({ client }: SendDeps, message: Loose): Promise<SentMessage | null> {
  try {
    return await client.sendMessage(message)
  } catch (error) {
    if (message['msgtype'] === 'template_card' && isTakenTask(error)) return null
    throw error
  }
}

function isTakenTask(error: unknown): boolean {
  const cause = error instanceof ChannelError ? error.cause : null
  return cause instanceof WecomRefusal && /task_?id.*(?:exist|duplicat|repeat|used)/i.test(cause.message)
}

/** WeCom also answers 0 when nobody got it. Userids come back in lower case. */
function refuseIfNotDelivered({ invalidUsers, unlicensedUsers }: SentMessage, user: string): void {
  const is = (each: string) => each.toLowerCase() === user.toLowerCase()
  if (invalidUsers.some(is)) throw new ChannelError('chat_gone', 'message/send: the member is not in the app’s visible range')
  if (unlicensedUsers.some(is))
    throw new ChannelError('misconfigured', 'message/send: the member has no licence', {
      hint: 'Give the member a licence for the interface (接口许可) in WeCom’s administrator’s console.',
    })
}
