import type { Outgoing } from '../channels/outgoing.ts'
import { plainText } from '../channels/plain.ts'
import type { Conversation } from '../queue/lanes.ts'
import type { Rows } from '../queue/rows.ts'
import type { TranscriptLine } from '../records/messages.ts'

export type Saying = {
  readonly author?: TranscriptLine['author']
  readonly authorName?: string
  /** The id of the answer that this message shows. */
  readonly answer?: string
  /** Ids of the passages it quotes as valid. */
  readonly restsOn?: readonly string[]
}

/** Where a message goes: its key and conversation, the preview it replaces, and the platform's single-use reply code. */
type Place = {
  readonly key: string
  readonly conversation: Pick<Conversation, 'id' | 'chat'>
  readonly inbox: string
  readonly preview: string | null
  readonly code: string | null
}

/** Pure: the message to be sent and its line of the transcript. */
export function saidRows({ key, conversation, inbox, preview, code }: Place, made: Outgoing, as: Saying): Rows {
  const body = withPreview(withCode(made, code), preview)
  const { author = 'bot', authorName = null, answer = null, restsOn = [] } = as
  const items = [{ key, chat: conversation.chat, conversation: conversation.id, body, restsOn }]
  if (body.kind !== 'text') return { items }
  return { items, lines: [{ conversation: conversation.id, inbox, author, authorName, text: plainText(body.blocks), answer }] }
}

function withPreview(made: Outgoing, preview: string | null): Outgoing {
  return preview === null || made.kind !== 'text' ? made : { ...made, replaces: preview }
}

function withCode(body: Outgoing, code: string | null): Outgoing {
  return body.kind === 'text' && body.at !== undefined ? { ...body, at: { ...body.at, code } } : body
}
