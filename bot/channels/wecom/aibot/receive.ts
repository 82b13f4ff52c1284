import { errorFields, type Log } from '../../../../retrieval/base/log.ts'
import { isBadData } from '../../base/bad-data.ts'
import { object, text } from '../../base/loose.ts'
import { pauses } from '../../base/pause.ts'
import type { ChannelState } from '../../channel.ts'
import type { IncomingMessage } from '../../message.ts'
import { pressedOf } from '../cards.ts'
import { feedbackKeeper } from './feedback.ts'
import { cardKeyOf, incomingOf } from './incoming.ts'
import { chosenCard } from './outgoing.ts'
import type { Callback, Socket } from './socket.ts'
import type { Turns } from './turns.ts'

/** The platform never repeats anything, so what cannot be stored right now is kept and tried again. */
const mostWaiting = 10_000
const triesOfBadData = 3
const lastTriesMs = 10_000

type Needs = {
  readonly log: Log
  readonly state: ChannelState
  readonly turns: Turns
  readonly nameOf: (url: string) => Promise<string | null>
  readonly give: (message: IncomingMessage) => Promise<void>
  readonly stopping: AbortSignal
}

/** Passes callbacks to the inbox, in order. */
export function receiver(needs: Needs) {
  const { log, state, turns, stopping } = needs
  let waiting = 0
  let queue: Promise<void> = Promise.resolve()
  let giveUpAt = Number.POSITIVE_INFINITY

  async function store(message: IncomingMessage): Promise<void> {
    const whole = await completed(message)
    const pause = pauses(new AbortController().signal)
    for (let tries = 1; ; tries += 1) {
      try {
        return await needs.give(whole)
      } catch (error) {
        log('aibot_message_not_stored', { tries, ...errorFields(error) })
        if ((isBadData(error) && tries >= triesOfBadData) || Date.now() > giveUpAt) return log('aibot_message_lost', { tries })
        await pause.after(null)
      }
    }
  }

  async function completed(message: IncomingMessage): Promise<IncomingMessage> {
    if (message.kind === 'button' && message.button !== null) return withVerdict(message, message.button)
    if (message.file === null || message.file.name !== 'file') return message
    const { url } = fileAt(message.file.ref)
    const name = await needs.nameOf(url).catch(() => null)
    return name === null ? message : { ...message, file: { ...message.file, name } }
  }

  /** A like under a preview names the preview; the answer it became is looked up. */
  async function withVerdict(message: IncomingMessage, data: string): Promise<IncomingMessage> {
    const [, id, verdict] = /^([0-9a-f]{32}):((?:not_)?helpful|none)$/.exec(data) ?? []
    if (id === undefined) return message
    return { ...message, button: `${await feedbackKeeper(state).about(id)}:${verdict}` }
  }

  return {
    take({ reqId, body }: Callback, socket: Socket): void {
      const message = incomingOf(body, reqId)
      if (message === null) {
        log('aibot_callback_dropped', { type: typeOf(body) })
        return
      }
      turns.note(message, reqId, socket)
      showChoice(body, reqId, socket, log)
      if (waiting >= mostWaiting) {
        log('aibot_message_lost', { waiting })
        return
      }
      waiting += 1
      queue = queue
        .then(() => store(message))
        .finally(() => {
          waiting -= 1
        })
    },
    /** Resolves when nothing is in hand. */
    async settled(): Promise<void> {
      giveUpAt = stopping.aborted ? Date.now() + lastTriesMs : giveUpAt
      await queue
    },
  }
}

/** A card can be changed for five seconds after the click, so this does not wait for the database. */
function showChoice(body: Callback['body'], reqId: string, socket: Socket, log: Log): void {
  const event = object(body['event'])
  if (text(event?.['eventtype']) !== 'template_card_event') return
  const detail = object(event?.['template_card_event']) ?? event ?? {}
  const key = cardKeyOf(detail)
  const { label } = pressedOf(key)
  const task = text(detail['task_id']) ?? text(detail['TaskId']) ?? ''
  if (label === '' || task === '') return
  const update = { response_type: 'update_template_card', template_card: chosenCard(label, key, task) }
  socket
    .ask('aibot_respond_update_msg', update, reqId)
    .catch((error: unknown) => log('aibot_card_not_updated', errorFields(error)))
}

/** @returns address and key of a file, as its reference carries them */
export function fileAt(ref: string): { readonly url: string; readonly aesKey: string } {
  const [url, aesKey] = JSON.parse(ref) as [string, string] // written by incoming.ts
  return { url, aesKey }
}

function typeOf(body: Callback['body']): string | null {
  const type = text(object(body['event'])?.['eventtype']) ?? text(body['msgtype'])
  return type !== null && /^\w{1,60}$/.test(type) ? type : null
}
