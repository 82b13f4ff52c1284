import { randomUUID } from 'node:crypto'
import { fileToSend } from '../../base/file.ts'
import type { Loose } from '../../base/loose.ts'
import { ChannelError, type ChannelState } from '../../channel.ts'
import type { Button, Outgoing, Receipt } from '../../outgoing.ts'
import { plainText } from '../../plain.ts'
import { isUserId } from '../app/incoming.ts'
import { aibotCaps, cardOf, taskIdOf } from '../cards.ts'
import { errcodeOf } from '../errcodes.ts'
import { takeSlot } from '../pace.ts'
import { feedbackKeeper } from './feedback.ts'
import { groupMark, prefix } from './incoming.ts'
import { feedbackOf, isCard, markdownOf, partsOf, type TextMessage } from './outgoing.ts'
import type { Socket } from './socket.ts'
import type { Turn, Turns } from './turns.ts'
import { upload } from './upload.ts'

/** Another process may hold the connection; it looks again soon. */
const elsewhereMs = 400
/** The id has expired (with its connection, or by age), or the stream has: the message is pushed instead. */
const goneIds: ReadonlySet<number> = new Set([846605, 846608])

export type SendDeps = {
  readonly socket: () => Socket | null
  readonly turns: Turns
  readonly state: ChannelState
  readonly prompt: (buttons: readonly Button[]) => string
}

/** Sends one thing. @throws ChannelError */
export async function send(deps: SendDeps, chat: string, outgoing: Outgoing, key: string = randomUUID()): Promise<Receipt> {
  const target = targetOf(chat)
  switch (outgoing.kind) {
    case 'text': {
      const socket = connected(deps)
      if (outgoing.at?.moment === 'welcome' && outgoing.at.code !== null) return welcome(deps, socket, outgoing, outgoing.at.code)
      const messageIds: string[] = []
      for (const [index, part] of partsOf(outgoing).entries())
        messageIds.push(await sendPart({ ...deps, socket, chat, target }, part, index === 0 ? key : `${key}+${index}`))
      return { messageIds }
    }
    case 'file': {
      const file = fileToSend(outgoing)
      const open = { ...deps, socket: connected(deps), chat, target }
      await slotFor(open)
      const media_id = await upload(open.socket, file)
      return { messageIds: [await push(open, { msgtype: file.kind, [file.kind]: { media_id } })] }
    }
    case 'open_topic':
    case 'hand_off':
      throw new ChannelError('refused', 'The AI bot has no topics and no sessions')
    case 'close_topic':
    case 'typing':
      return { messageIds: [] }
  }
}

function connected(deps: SendDeps): Socket {
  const socket = deps.socket()
  if (socket === null) throw new ChannelError('unavailable', 'The AI bot is not connected here', { retryAfterMs: elsewhereMs })
  return socket
}

type Target = { readonly chatid: string; readonly chat_type: 1 | 2 }
type Open = Omit<SendDeps, 'socket'> & { readonly socket: Socket; readonly chat: string; readonly target: Target }

/** `wecom-aibot:lisi`, `wecom-aibot:group/…` → where to push. @throws ChannelError `refused` for anything that is not an address of ours */
export function targetOf(chat: string): Target {
  const at = chat.startsWith(prefix) ? chat.slice(prefix.length) : ''
  if (at.startsWith(groupMark) && at.length > groupMark.length) return { chatid: at.slice(groupMark.length), chat_type: 2 }
  if (!isUserId(at)) throw new ChannelError('refused', 'Not a chat of the AI bot')
  return { chatid: at, chat_type: 1 }
}

async function slotFor({ state, chat }: Open): Promise<void> {
  const slot = await state.change(`pace:${chat}`, (stored, now) => takeSlot(stored, now, { what: '', key: '' }))
  if (slot.waitMs > 0)
    throw new ChannelError('rate_limited', 'As many messages to this chat as WeCom delivers', { retryAfterMs: slot.waitMs })
}

async function sendPart(open: Open, part: TextMessage, key: string): Promise<string> {
  await slotFor(open)
  if (isCard(part)) {
    const buttons = part.buttons?.flat() ?? []
    const card = cardOf({ text: open.prompt(buttons), buttons, taskId: taskIdOf(key) }, aibotCaps)
    return push(open, { msgtype: 'template_card', template_card: card })
  }
  return (await answered(open, part, key)) ?? push(open, { msgtype: 'markdown', markdown: { content: markdownOf(part.blocks) } })
}

/** Sends under the message it answers, where its preview stands. @returns null when that is no longer possible */
async function answered(open: Open, part: TextMessage, key: string): Promise<string | null> {
  const { chat, socket, turns } = open
  const previewed = part.replaces === undefined ? null : turns.streaming(chat, socket, part.replaces)
  const turn = part.replaces === undefined ? turns.of(chat, socket, part.replyTo) : previewed
  if (turn === null) return null
  const id = previewed?.stream?.id ?? taskIdOf(key)
  const verdict = part.buttons?.flat().map(feedbackOf)[0] ?? null
  // The verdict's id goes with the first frame; under a preview it was the stream's.
  if (previewed !== null && verdict !== null) await feedbackKeeper(open.state).keep(id, verdict)
  const feedback = previewed === null && verdict !== null ? { feedback: { id: verdict } } : {}
  return finish(turn, { id, finish: true, content: markdownOf(part.blocks), ...feedback })
}

async function finish(turn: Turn, stream: Loose): Promise<string | null> {
  try {
    await turn.socket.ask('aibot_respond_msg', { msgtype: 'stream', stream }, turn.reqId)
    turn.over = true
    return `stream/${String(stream['id'])}`
  } catch (error) {
    if (!goneIds.has(errcodeOf(error) ?? 0)) throw error
    turn.over = true
    return null
  }
}

async function push({ socket, target }: Open, content: Loose): Promise<string> {
  await socket.ask('aibot_send_msg', { ...target, ...content })
  return 'pushed'
}

/** Within five seconds of entering, or not at all: people who have not written may not be written to. */
async function welcome(deps: SendDeps, socket: Socket, outgoing: TextMessage, reqId: string): Promise<Receipt> {
  if (!deps.turns.welcomes(reqId, socket)) throw new ChannelError('window_closed', 'The moment for a welcome has passed')
  await socket.ask('aibot_respond_welcome_msg', { msgtype: 'text', text: { content: plainText(outgoing.blocks) } }, reqId)
  return { messageIds: [`welcome/${reqId}`] }
}
