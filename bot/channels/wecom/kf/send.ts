import { fileToSend } from '../../base/file.ts'
import { list, number, object, text } from '../../base/loose.ts'
import { ChannelError, type ChannelState } from '../../channel.ts'
import type { Moment, Outgoing, Receipt } from '../../outgoing.ts'
import { mediaIdFor } from '../app/media.ts'
import type { WecomClient } from '../client.ts'
import { errcodeOf } from '../errcodes.ts'
import { type Customer, customerOf, msgidOf } from './address.ts'
import type { Memory } from './memory.ts'
import { partsOf, payloadOf, type TextMessage } from './outgoing.ts'
import { maySay, planHandBack, planHandOff, type ServiceState, stateOf } from './states.ts'

type Needs = {
  readonly client: Pick<WecomClient, 'post' | 'get' | 'upload'>
  readonly memory: Memory
  readonly state: ChannelState
}
type HandOff = Extract<Outgoing, { kind: 'hand_off' }>
type Session = { readonly state: ServiceState; readonly servicer: string | null }

/** The platform's error numbers about the session, not about the message. */
const tooMany = 95001
const tooLate = 95002
const stateChanged: ReadonlySet<number> = new Set([95013, 95016, 95018])
const notReceiving: ReadonlySet<number> = new Set([95014, 95016, 95018, 95019])

/** Sends one thing, in whatever state the chat is. @throws ChannelError */
export async function send(needs: Needs, chat: string, outgoing: Outgoing, key: string | undefined): Promise<Receipt> {
  const customer = customerOf(chat)
  if (outgoing.kind === 'hand_off') return handOff(needs, customer, outgoing, key)
  if (outgoing.kind === 'file') return { messageIds: [await sayFile(needs, customer, outgoing, msgidOf(key))] }
  if (outgoing.kind !== 'text') return { messageIds: [] }
  const messageIds: string[] = []
  for (const [index, part] of partsOf(outgoing).entries())
    messageIds.push(await say(needs, customer, part, msgidOf(key === undefined || index === 0 ? key : `${key}/${index}`)))
  return { messageIds }
}

async function say(needs: Needs, customer: Customer, part: TextMessage, msgid: string): Promise<string> {
  const { at } = part
  if (at?.moment === 'welcome') return sayByCode(needs, customer, part, at.code, msgid, 'refused')
  const session = await sessionOf(needs, customer)
  const may = maySay(session.state)
  if (may === 'yes') {
    // A code was tried for these words with unknown result, and the customer has written since: they may have been read already.
    if (at !== undefined && (await needs.memory.codeTried(customer, msgid)))
      return sayByCode(needs, customer, part, null, msgid, 'window_closed')
    return sayInTurn(needs, customer, { payload: payloadOf(part), urgent: at !== undefined }, msgid)
  }
  if (at?.moment === 'taken' && at.code !== null) return sayByCode(needs, customer, part, at.code, msgid, may)
  if (at?.moment === 'hand_back') return handBack(needs, customer, part, at, session, msgid)
  throw new ChannelError(may, `kf: nothing may be said in state ${session.state}`)
}

/** A file is sent by its media id; no code lets one through out of turn. */
async function sayFile(needs: Needs, customer: Customer, outgoing: FileMessage, msgid: string): Promise<string> {
  const file = fileToSend(outgoing)
  const may = maySay((await sessionOf(needs, customer)).state)
  if (may !== 'yes') throw new ChannelError(may, 'kf: no file may be sent now')
  const media_id = await mediaIdFor(needs, msgid, file)
  return sayInTurn(needs, customer, { payload: { msgtype: file.kind, [file.kind]: { media_id } }, urgent: false }, msgid)
}

type FileMessage = Extract<Outgoing, { kind: 'file' }>
type What = { readonly payload: Readonly<Record<string, unknown>>; readonly urgent: boolean }

/** The state was just read; a human who took over in between makes the platform refuse, and then it is theirs. */
async function sayInTurn(needs: Needs, customer: Customer, what: What, msgid: string): Promise<string> {
  const { client, memory } = needs
  const counted = await memory.count(customer, msgid, what.urgent)
  if (counted !== 'yes') throw closed(counted)
  const body = { touser: customer.user, open_kfid: customer.account, msgid, ...what.payload }
  await client.post('kf/send_msg', body).catch(async (error: unknown) => {
    const errcode = errcodeOf(error) ?? 0
    if (errcode === tooMany) await memory.useUp(customer)
    if (errcode === tooMany || errcode === tooLate) throw closed('window_closed', error)
    if (!stateChanged.has(errcode)) throw error
    const { state } = await sessionOf(needs, customer)
    const may = maySay(state)
    throw new ChannelError(may === 'yes' ? 'unavailable' : may, `kf: the state changed to ${state} meanwhile`, { cause: error })
  })
  return msgid
}

function closed(code: 'window_closed' | 'window_full', cause?: unknown): ChannelError {
  return new ChannelError(code, 'kf: no more messages until the customer writes', { cause })
}

/**
 * A code works once and expires soon. One that is refused at a second try was used by the first.
 * @param otherwise the result when there is no code, or it came too late
 */
async function sayByCode(
  { client, memory }: Needs,
  customer: Customer,
  part: TextMessage,
  given: string | null,
  msgid: string,
  otherwise: 'refused' | 'window_closed' | 'not_our_turn',
): Promise<string> {
  const { code, wasTried } = await memory.codeFor(customer, msgid, given)
  if (code === null) throw new ChannelError(otherwise, 'kf: the platform gave no code for this')
  await client.post('kf/send_msg_on_event', { code, msgid, ...payloadOf(part) }).catch(async (error: unknown) => {
    if (errcodeOf(error) === null || (error instanceof ChannelError && error.retry)) throw error
    if (wasTried) return
    await memory.dropCode(customer, msgid)
    throw new ChannelError(otherwise, 'kf: the code was not taken', { cause: error })
  })
  return msgid
}

/** Ends the human's session if it is still open, and sends the last words by the code that this yields, or that came with its end. */
async function handBack(
  needs: Needs,
  customer: Customer,
  part: TextMessage,
  at: Moment,
  { state }: Session,
  msgid: string,
): Promise<string> {
  if (state === 4) return sayByCode(needs, customer, part, at.code, msgid, 'window_closed')
  // These words belong to a session that was ended in WeCom; the one now open is another.
  if (at.code !== null) throw new ChannelError('not_our_turn', `kf: a human has the chat again, in state ${state}`)
  const receiving = state === 2 ? await receivingIn(needs, customer.account) : new Set<string>()
  const plan = planHandBack(state, receiving)
  if (plan === null) throw new ChannelError('window_closed', `kf: a chat in state ${state} cannot be taken back`)
  if (plan.via !== null) await move(needs, customer, 3, plan.via)
  return sayByCode(needs, customer, part, await move(needs, customer, 4, null), msgid, 'window_closed')
}

/** Gives the chat to the first who takes it. The outcome is sent by the code of the move; it is extra, the promise was given before. */
async function handOff(needs: Needs, customer: Customer, body: HandOff, key: string | undefined): Promise<Receipt> {
  const isRepeated = await needs.memory.begun(customer, msgidOf(key))
  const [session, receiving] = await Promise.all([sessionOf(needs, customer), receivingIn(needs, customer.account)])
  // The bot's promise moved the chat to state 1. State 0 means the human has come and gone since, and the customer has written again.
  if (isRepeated && session.state === 0) return { messageIds: [] }
  const plan = planHandOff({ ...session, wanted: body.to.map((each) => each.account), receiving, again: body.again === true })
  for (const account of plan.try) {
    const code = await move(needs, customer, 3, account).catch(unlessTaken)
    if (code === false) continue
    return { messageIds: await tell(body.to.find((each) => each.account === account)?.said ?? '', code) }
  }
  if (!plan.queue) return { messageIds: [] }
  const code = await move(needs, customer, 2, null).catch(unlessTaken)
  return { messageIds: code === false ? [] : await tell(body.queued, code) }

  async function tell(words: string, code: string | null): Promise<string[]> {
    if (code === null || words === '') return []
    const part: TextMessage = { kind: 'text', blocks: [{ type: 'paragraph', spans: [words] }] }
    return sayByCode(needs, customer, part, code, msgidOf(key), 'not_our_turn').then(
      (id) => [id],
      () => [],
    )
  }
}

/** They no longer receive, or the state has changed: try the next. */
function unlessTaken(error: unknown): false {
  if (notReceiving.has(errcodeOf(error) ?? 0)) return false
  throw error
}

/** @returns the code for one message in the new state, when the platform gives one */
async function move(
  { client }: Needs,
  { account, user }: Customer,
  to: ServiceState,
  servicer: string | null,
): Promise<string | null> {
  const answer = await client.post('kf/service_state/trans', {
    open_kfid: account,
    external_userid: user,
    service_state: to,
    ...(servicer === null ? {} : { servicer_userid: servicer }),
  })
  const code = text(answer['msg_code'])
  return code === '' ? null : code
}

async function sessionOf({ client }: Needs, { account, user }: Customer): Promise<Session> {
  const answer = await client.post('kf/service_state/get', { open_kfid: account, external_userid: user })
  const state = stateOf(answer['service_state'])
  if (state === null) throw new ChannelError('unavailable', 'kf: the state of a chat could not be read')
  const servicer = text(answer['servicer_userid'])
  return { state, servicer: servicer === '' ? null : servicer }
}

/** Entries may be departments; only people can receive. Here 0 means receiving, in events it is 1. */
async function receivingIn({ client }: Needs, account: string): Promise<ReadonlySet<string>> {
  const answer = await client.get('kf/servicer/list', { open_kfid: account })
  const people = list(answer['servicer_list']).flatMap((each) => {
    const userid = text(object(each)?.['userid'])
    return userid !== null && number(object(each)?.['status']) === 0 ? [userid] : []
  })
  return new Set(people)
}
