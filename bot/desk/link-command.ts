import type { IncomingMessage } from '../channels/message.ts'
import { commandIn } from '../converse/wishes.ts'
import { nextKey, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { recordAudit } from '../records/audit.ts'
import { said } from '../render.ts'

const linkMinutes = 10

/**
 * `/desk`: sends a registered person a link to the web desk. The link goes to their private chat, is not part of the transcript and expires
 * soon, because chats keep it.
 * @returns false when the message is something else
 */
export async function deskLinkAsked(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  if (message.kind !== 'text' || commandIn(message.text)?.name !== 'desk') return false
  const texts = textsOf(work)
  const person = message.group ? null : await work.deps.people.byAccount(message.from.id)
  const key = nextKey(work, row)
  const { conversation } = work.lane
  work.effects.push(async (tx) => {
    const words =
      person === null
        ? texts(message.group ? 'desk_link_private' : 'desk_link_unknown')
        : texts('desk_link', { link: await work.deps.deskLink(person.id, linkMinutes, tx), minutes: String(linkMinutes) })
    if (person !== null)
      await recordAudit(tx, { actor: `person:${person.id}`, action: 'desk_link_made', about: `person:${person.id}` })
    await work.deps.outbox.put(tx, [{ key, chat: message.chat, conversation: conversation.id, body: said(words) }])
  })
  work.outcomes.push(person === null ? 'desk_link_refused' : 'desk_link')
  return true
}
