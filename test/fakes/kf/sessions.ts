import { randomUUID } from 'node:crypto'
import { no, ok, type Payload, type WecomAnswer, type WecomMethod } from '../wecom-server.ts'

/** As documented: 0 new, 1 the bot's, 2 queue, 3 a human's, 4 ended or not begun. */
export type State = 0 | 1 | 2 | 3 | 4

/** The documented table, and nothing beside it. */
const moves: Readonly<Record<State, readonly State[]>> = { 0: [1, 2, 3], 1: [2, 3], 2: [3], 3: [3, 4], 4: [] }
const mostPerMessage = 5
const windowMs = 48 * 3_600_000
const shortCodeMs = 20_000

export type Menu = readonly { readonly id: string; readonly content: string }[]
/** What arrived in a customer's chat. */
export type Seen = {
  readonly user: string
  readonly msgid: string
  readonly text: string
  readonly menu: Menu
  /** The media id of a file or picture. */
  readonly file: string | null
  /** `event`: sent by a code, so it does not count. */
  readonly by: 'message' | 'event'
  readonly at: number
}

type Code = {
  readonly user: string
  readonly kind: 'welcome' | 'reply' | 'closing'
  readonly until: number
  readonly state: State
  used: boolean
}
export type Session = {
  state: State
  servicer: string | null
  heardAt: number
  saidSince: number
  /** A session gives one reply code at its first move to 2 or 3. */
  moved: boolean
  /** When somebody other than the bot last changed the state, to tell a race from a fault. */
  changedAt: number
}

export type Refusal = { readonly user: string; readonly errcode: number; readonly state: State; readonly raced: boolean }

/** Who talks in which state, and how a send or a move is answered: as strict as the documentation. */
export function kfSessions(needs: {
  readonly account: string
  /** Puts an event or a message into the account's log. */
  readonly log: (item: Payload) => void
  readonly now: () => number
}) {
  const { account, now } = needs
  const sessions = new Map<string, Session>()
  const servicers = new Map<string, 'receiving' | 'stopped'>()
  const seen: Seen[] = []
  const refused: Refusal[] = []
  const byMsgid = new Map<string, { readonly user: string; readonly content: string }>()
  const codes = new Map<string, Code>()
  const undeliverable = new Map<string, number[]>()
  const looked = new Map<string, number>()
  const counts = { repeats: 0, conflicts: 0 }

  function of(user: string): Session {
    const found = sessions.get(user)
    if (found !== undefined) return found
    const made: Session = { state: 4, servicer: null, heardAt: 0, saidSince: 0, moved: false, changedAt: 0 }
    sessions.set(user, made)
    return made
  }

  function code(user: string, kind: Code['kind']): string {
    const id = randomUUID()
    codes.set(id, { user, kind, state: of(user).state, used: false, until: now() + (kind === 'reply' ? windowMs : shortCodeMs) })
    return id
  }

  function event(event_type: string, fields: Payload): void {
    needs.log({ origin: 4, msgtype: 'event', event: { event_type, open_kfid: account, ...fields } })
  }

  function change(user: string, state: State, servicer: string | null): void {
    const session = of(user)
    session.state = state
    session.servicer = servicer
    session.changedAt = now()
  }

  function refuse(user: string, errcode: number, errmsg: string): WecomAnswer {
    const session = of(user)
    // The state allowed it when it was read, and somebody else changed it since.
    const raced = session.changedAt > (looked.get(user) ?? 0)
    refused.push({ user, errcode, state: session.state, raced })
    return no(errcode, errmsg)
  }

  function send(body: Payload): WecomAnswer {
    const user = String(body['touser'] ?? '')
    const wrong = faultOf(body)
    if (wrong !== null) return wrong
    const msgid = typeof body['msgid'] === 'string' ? body['msgid'] : randomUUID().replaceAll('-', '')
    const content = JSON.stringify(body[String(body['msgtype'])])
    const before = byMsgid.get(msgid)
    if (before !== undefined) {
      counts.repeats += 1
      if (before.user !== user || before.content !== content) counts.conflicts += 1
      return { ...ok, msgid }
    }
    const session = of(user)
    const broken = ruleBroken(session)
    if (broken !== null) return refuse(user, ...broken)
    session.state = 1
    session.saidSince += 1
    byMsgid.set(msgid, { user, content })
    deliver(user, msgid, body, 'message')
    return { ...ok, msgid }
  }

  function ruleBroken(session: Session): [number, string] | null {
    if (session.state !== 0 && session.state !== 1) return [95018, 'send msg session status invalid']
    if (now() - session.heardAt > windowMs) return [95002, 'send msg time limit']
    return session.saidSince >= mostPerMessage ? [95001, 'send msg count limit'] : null
  }

  function deliver(user: string, msgid: string, body: Payload, by: Seen['by']): void {
    const [fail_type, ...later] = undeliverable.get(user) ?? []
    if (fail_type !== undefined) {
      undeliverable.set(user, later)
      event('msg_send_fail', { external_userid: user, fail_msgid: msgid, fail_type })
      return
    }
    seen.push({ user, msgid, ...shown(body), by, at: now() })
  }

  function faultOf(body: Payload): WecomAnswer | null {
    if (body['open_kfid'] !== account) return no(95000, 'invalid open_kfid')
    if (!sessions.has(String(body['touser']))) return no(40003, 'invalid external_userid')
    const { msgid } = body
    if (msgid !== undefined && !/^[\w-]{1,32}$/.test(String(msgid))) return no(40058, 'invalid msgid')
    return contentFault(body, ['text', 'msgmenu', 'link', 'image', 'file'])
  }

  function sendOnEvent(body: Payload): WecomAnswer {
    const found = codes.get(String(body['code'] ?? ''))
    if (found === undefined || found.used || found.until < now()) return no(41050, 'invalid code, expired or used')
    if (found.kind !== 'welcome' && of(found.user).state !== found.state) return no(41050, 'code of another state')
    const wrong = contentFault(body, ['text', 'msgmenu'])
    if (wrong !== null) return wrong
    found.used = true
    const msgid = String(body['msgid'] ?? randomUUID().replaceAll('-', ''))
    deliver(found.user, msgid, body, 'event')
    return { ...ok, msgid }
  }

  function moveFault(from: State, to: State, servicer: string | null): WecomAnswer | null {
    if (from === 4) return no(95013, 'session has ended')
    if (!moves[from].includes(to)) return no(95016, 'transition not allowed')
    if (servicer === null) return null
    const is = servicers.get(servicer)
    if (is === undefined) return no(95014, 'not a servicer')
    return is === 'receiving' ? null : no(95019, 'servicer is not receiving')
  }

  function move(body: Payload): WecomAnswer {
    const user = String(body['external_userid'])
    const to = body['service_state']
    if (body['open_kfid'] !== account) return no(95000, 'invalid open_kfid')
    if (!isState(to)) return no(40058, 'service_state invalid')
    const servicer = to === 3 ? String(body['servicer_userid']) : null
    return moveFault(of(user).state, to, servicer) ?? moved(user, to, servicer)
  }

  function moved(user: string, to: State, servicer: string | null): WecomAnswer {
    const session = of(user)
    const kind = to === 4 ? 'closing' : session.moved || to === 1 ? null : 'reply'
    session.state = to
    session.servicer = servicer
    session.moved ||= kind === 'reply'
    return kind === null ? ok : { ...ok, msg_code: code(user, kind) }
  }

  const methods: Readonly<Record<string, WecomMethod>> = {
    'kf/send_msg': ({ body }) => send(body),
    'kf/send_msg_on_event': ({ body }) => sendOnEvent(body),
    'kf/service_state/trans': ({ body }) => move(body),
    'kf/service_state/get': ({ body }) => {
      if (body['open_kfid'] !== account) return no(95000, 'invalid open_kfid')
      const user = String(body['external_userid'] ?? '')
      const session = of(user)
      looked.set(user, now())
      return { ...ok, service_state: session.state, servicer_userid: session.servicer ?? '' }
    },
    'kf/customer/batchget': ({ body }) => {
      const users = body['external_userid_list']
      if (!Array.isArray(users) || users.length === 0 || users.length > 100) return no(40058, 'external_userid_list invalid')
      const found = users.filter((user) => sessions.has(String(user)))
      return {
        ...ok,
        customer_list: found.map((user) => ({ external_userid: user, nickname: `微信用户${user}`, gender: 0 })),
        invalid_external_userid: users.filter((user) => !sessions.has(String(user))),
      }
    },
    'kf/account/list': () => ({ ...ok, account_list: [{ open_kfid: account, name: '园区客服', manage_privilege: true }] }),
    'kf/servicer/list': ({ query }) =>
      query.get('open_kfid') === account
        ? {
            ...ok,
            servicer_list: [
              ...[...servicers].map(([userid, is]) => ({ userid, status: is === 'receiving' ? 0 : 1 })),
              { department_id: 2 },
            ],
          }
        : no(95000, 'invalid open_kfid'),
  }

  return { sessions, servicers, seen, refused, counts, undeliverable, methods, of, code, event, change }
}

function isState(value: unknown): value is State {
  return value === 0 || value === 1 || value === 2 || value === 3 || value === 4
}

function shown(body: Payload): { text: string; menu: Menu; file: string | null } {
  const type = String(body['msgtype'])
  const content = (body[type] ?? {}) as Payload // looked at by contentFault
  const file = typeof content['media_id'] === 'string' ? content['media_id'] : null
  if (type !== 'msgmenu') return { text: String(content['content'] ?? ''), menu: [], file }
  const list = content['list'] as readonly { click?: { id: string; content: string } }[]
  const text = [content['head_content'], content['tail_content']].filter((each) => typeof each === 'string').join('\n')
  return { text, menu: list.flatMap(({ click }) => click ?? []), file: null }
}

function contentFault(body: Payload, types: readonly string[]): WecomAnswer | null {
  const type = String(body['msgtype'])
  const content = body[type] as Payload | undefined
  if (!types.includes(type) || content === undefined) return no(40008, 'invalid message type')
  if (type === 'msgmenu') return menuFault(content)
  const text = String(content['content'] ?? '')
  if (type === 'text' && text.trim() === '') return no(44004, 'empty content')
  return type === 'text' && Buffer.byteLength(text) > 2048 ? no(45002, 'content too long') : null
}

function menuFault(menu: Payload): WecomAnswer | null {
  const list = menu['list']
  if (!Array.isArray(list) || list.length === 0 || list.length > 10) return no(95008, 'menu items out of limit')
  const long = (text: unknown, most: number) => Buffer.byteLength(String(text ?? '')) > most
  if (long(menu['head_content'], 1024) || long(menu['tail_content'], 1024)) return no(45002, 'content too long')
  for (const { type, click } of list as readonly { type: string; click?: { id?: string; content?: string } }[]) {
    if (type === 'click' && (long(click?.id, 64) || long(click?.content, 128) || !click?.content)) return no(40058, 'menu item')
  }
  return null
}
