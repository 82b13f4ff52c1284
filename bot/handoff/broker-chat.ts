import type { IncomingMessage } from '../channels/message.ts'
import { wishOf } from '../converse/wishes.ts'
import { nextKey, type Work } from '../converse/work.ts'
import { deskLinkAsked } from '../desk/link-command.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { said } from '../render.ts'
import { type Pressed, pressedAction } from './desk/buttons.ts'
import { showChoices } from './desk/choices.ts'
import { commands, deskCommandIn, saidAction } from './desk/commands.ts'
import type { Person } from './people.ts'
import { wordsOf } from './relay.ts'
import type { Ticket } from './ticket.ts'

/**
 * A registered broker in their own private chat: buttons of cards, duty on and off, and, when they work in that chat, words for the person
 * whose ticket they hold.
 * @returns false when the message is for the bot, as anybody's would be
 */
export async function brokerSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const { deps } = work
  if (await deskLinkAsked(work, row, message)) return true
  if (message.group) return false
  const person = await deps.people.byAccount(message.from.id)
  if (person === null || person.role === 'staff') return false
  if (message.kind === 'button') return pressed(work, row, message, person)
  const duty = dutyOf(message.text)
  if (duty !== null) return setDuty(work, row, message, person, duty)
  return deps.directChat(person)?.toLowerCase() === message.chat.toLowerCase() && forCase(work, row, message, person)
}

/** Words and commands for a case they hold, or one they name. @returns false when they are for the bot after all */
async function forCase(work: Work, row: InboxRow, message: IncomingMessage, person: Person): Promise<boolean> {
  const { deps } = work
  const [, number, rest] = numbered.exec(message.text) ?? []
  const named = number === undefined ? null : await deps.tickets.byId(number)
  const owned = await deps.tickets.ownedBy(person.id)
  // Greetings and thanks are for the enterprise; only a command is for the bot.
  const command = commandOf(message.text)
  if (named === null && owned.length === 0) return withoutCase(work, row, message, person)
  if (named === null && command === 'bots') return false
  if (command === 'slip') return nothingSent(work, row, message, 'desk_unreadable')
  // An unknown number is a slip of the pen: such words must not go to another case.
  const ticket = number === undefined && owned.length === 1 ? owned[0] : named
  if (ticket === null || ticket === undefined) return which(work, row, message, owned)
  if (number !== undefined && (rest ?? '').trim() === '') {
    await act(work, row, message, person, ticket, { do: 'keep' })
    return true
  }
  return speak(work, row, message, person, { ticket, text: rest ?? message.text })
}

/**
 * A desk command by a broker who holds nothing: they may still record the outcome of their last case, and no note becomes a question to the
 * bot.
 */
async function withoutCase(work: Work, row: InboxRow, message: IncomingMessage, person: Person): Promise<boolean> {
  const { tickets } = work.deps
  const name = deskCommandIn(message.text)?.name
  if (commandOf(message.text) !== 'ours' || name === 'close') return false // /close ends their own conversation, as anybody's
  const last = name === 'outcome' || name === 'reopen' ? await tickets.lastOf(person.id) : null
  if (last !== null) return speak(work, row, message, person, { ticket: last, text: message.text })
  return nothingSent(work, row, message, 'desk_no_case')
}

function nothingSent(work: Work, row: InboxRow, { chat }: IncomingMessage, why: 'desk_unreadable' | 'desk_no_case'): true {
  tell(work, row, chat, work.deps.texts.zh(why))
  work.outcomes.push(why)
  return true
}

function commandOf(text: string): 'ours' | 'bots' | 'slip' | null {
  const name = deskCommandIn(text)?.name
  if (name === undefined) return null
  if (commands.has(name)) return 'ours'
  return wishOf(text) === null ? 'slip' : 'bots'
}

/** `T12 …`: the case these words are for; a number alone asks what can be done with it. 、 before a command word is the slash key. */
const numbered = /^\s*[TtＴｔ](\d{1,18})(?:(?:(?:[\s:：,，]|、(?!\s*(?:[a-zａ-ｚ]|备注|備註)))+|(?=[/／\\＼、]))([\s\S]*))?$/i

async function pressed(work: Work, row: InboxRow, message: IncomingMessage, person: Person): Promise<boolean> {
  const wanted = pressedAction(message.button ?? '')
  if (wanted === null) return false
  const ticket = await work.deps.tickets.byId(wanted.ticket)
  if (ticket === null) return false
  await act(work, row, message, person, ticket, wanted.action)
  return true
}

function dutyOf(text: string): boolean | null {
  const plain = text.trim().toLowerCase()
  if (plain === '/on' || plain === '上班' || plain === '上线') return true
  return plain === '/off' || plain === '下班' || plain === '离线' ? false : null
}

function setDuty(work: Work, row: InboxRow, message: IncomingMessage, person: Person, present: boolean): boolean {
  work.effects.push(async (tx) => {
    await work.deps.people.markPresent(tx, person.id, present, `person:${person.id}`)
  })
  tell(work, row, message.chat, work.deps.texts.zh(present ? 'duty_on' : 'duty_off', { name: person.name }))
  work.outcomes.push(present ? 'duty_on' : 'duty_off')
  return true
}

/** Several cases and no number: the words are not passed on. */
function which(work: Work, row: InboxRow, message: IncomingMessage, owned: readonly Ticket[]): boolean {
  const numbers = owned.map((each) => `T${each.id}`).join('、')
  tell(work, row, message.chat, work.deps.texts.zh('desk_which', { numbers }))
  work.outcomes.push('desk_which')
  return true
}

/** Their rights are checked when it is performed, by the case as it is then. */
async function speak(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  person: Person,
  { ticket, text }: { readonly ticket: Ticket; readonly text: string },
): Promise<boolean> {
  // A command under a file is one too; of the file only its name can be passed on.
  const action = await saidAction(work.deps.people, text, wordsOf({ ...message, text: text.trim() }))
  if (action === null) tell(work, row, message.chat, work.deps.texts.zh('desk_unreadable'))
  else await act(work, row, message, person, ticket, action)
  return true
}

/** Into the lane of the person whose ticket it is, in the transaction that completes this row. */
async function act(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  person: Person,
  ticket: Ticket,
  action: Pressed['action'],
): Promise<void> {
  if (action.do === 'heirs' || action.do === 'keep')
    return showChoices(work, row, { chat: message.chat, person, ticket, what: action.do })
  // Closed cases are no list to pick from: whoever had it, and leads, take it up again. In a topic everybody has read it anyway.
  if (action.do === 'reopen' && ticket.owner !== null && ticket.owner !== person.id && person.role !== 'lead')
    return refuse(work, row, message.chat, ticket)
  const key = `inbox:${row.id}:act`
  work.effects.push((tx) =>
    work.deps.inbox.putAction(tx, ticket.conversation, {
      kind: 'desk_action',
      key,
      ticket: ticket.id,
      by: person.id,
      action,
      tell: message.chat,
    }),
  )
  work.outcomes.push(`passed:${action.do}`)
}

function refuse(work: Work, row: InboxRow, chat: string, { id: number, ownerName }: Ticket): void {
  tell(work, row, chat, work.deps.texts.zh('desk_refused_taken', { number, name: ownerName ?? '' }))
  work.outcomes.push('desk_reopen:taken')
}

function tell(work: Work, row: InboxRow, chat: string, text: string): void {
  const key = nextKey(work, row)
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation: work.lane.conversation.id, body: said(text) }]))
}
