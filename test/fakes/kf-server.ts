import { type BellKeys, type Rung, ring } from './kf/bell.ts'
import { kfLog, type LogChaos } from './kf/log.ts'
import { kfSessions, type Menu, type Refusal, type Seen, type Session } from './kf/sessions.ts'
import { type Random, seeded } from './random.ts'
import { no, type Payload, type WecomMethod, type WecomServer, wecomServer } from './wecom-server.ts'

/** Faults of the platform; all off at first. Shares are of 1. */
export type Chaos = LogChaos & {
  /** Doorbells that never come. */
  lostBells: number
  /** How many times each doorbell comes, in parallel. */
  bells: number
  /** Calls refused as busy or too many, before anything is done. */
  busy: number
  /** Calls that are carried out while their answer is lost. */
  lostAnswers: number
}

export type KfServer = WecomServer & {
  readonly account: string
  readonly secret: string
  readonly keys: BellKeys
  readonly chaos: Chaos
  readonly random: Random
  /** Where doorbells ring, also one of several for each try; null = nowhere. */
  callback: string | (() => string | null) | null
  readonly rung: Rung[]
  /** What customers got, in order. */
  readonly seen: readonly Seen[]
  /** Sends refused by a rule: states, the five, the 48 hours. */
  readonly refused: readonly Refusal[]
  /** `repeats`: the same msgid came again and was dropped; `conflicts`: with other words. */
  readonly counts: { readonly repeats: number; readonly conflicts: number }
  readonly servicers: Map<string, 'receiving' | 'stopped'>
  session(user: string): Session
  syncs(): readonly { readonly at: number; readonly cursor: string; readonly token: boolean }[]
  /** A customer writes, or clicks an item of a menu. @returns the message's id */
  say(user: string, text: string, more?: { readonly menuId?: string; readonly msgid?: string; readonly item?: Payload }): string
  /** Messages written before anybody listened: no doorbell. `ageMs`: how long ago. */
  past(user: string, text: string, ageMs: number): void
  /** A customer opens the chat. @returns the welcome code */
  enter(user: string): string
  /** A servicer picks the customer up from the queue. */
  pickUp(user: string, servicer: string): void
  servicerSays(user: string, servicer: string, text: string): void
  /** The servicer ends the session in their own client. @returns the code for the last words */
  end(user: string): string
  /** A servicer starts or stops receiving. */
  receive(servicer: string, receiving: boolean): void
  /** The next messages to this customer are accepted and then not delivered. */
  failDelivery(user: string, ...types: number[]): void
  /** Advances the clock. */
  pass(ms: number): void
  /** Rings without anything having happened. */
  bell(): void
}

const keys = { token: 'kfTokenForTests', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }

/** A loopback 微信客服, as strict as the real one: states, the five, 48 hours, codes, cursors, tokens, real AES. */
export async function kfServer(options: { seed?: number; account?: string } = {}): Promise<KfServer> {
  const random = seeded(options.seed ?? 1)
  const account = options.account ?? 'wkAJ2GCAAATestAccount0000000001'
  let ahead = 0
  const now = () => Date.now() + ahead
  const log = kfLog({ account, random, now })
  const rung: Rung[] = []
  let callback: KfServer['callback'] = null
  const sessions = kfSessions({ account, now, log: (item) => void addAndRing(item) })
  const chaos: Chaos = Object.assign(log.chaos, { lostBells: 0, bells: 1, busy: 0, lostAnswers: 0 })
  const server = await wecomServer(unkind({ ...sessions.methods, 'kf/sync_msg': ({ body }) => log.sync(body) }, chaos, random))
  server.secrets.set('kf-secret', '1000003')
  const bellKeys = { ...keys, corpId: server.corpId }

  function addAndRing(item: Payload): string {
    const msgid = log.add(item)
    bell()
    return msgid
  }

  function bell(): void {
    if (callback === null || random() < chaos.lostBells) return
    const choose = callback
    const url = () => (typeof choose === 'string' ? choose : choose())
    const xml = `<xml><ToUserName><![CDATA[${server.corpId}]]></ToUserName><CreateTime>${Math.floor(now() / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[${log.token()}]]></Token><OpenKfId><![CDATA[${account}]]></OpenKfId></xml>`
    for (let at = 0; at < chaos.bells; at += 1) void ring(url, xml, bellKeys).then((all) => rung.push(...all))
  }

  function heard(user: string): void {
    const session = sessions.of(user)
    session.heardAt = now()
    session.saidSince = 0
    if (session.state !== 4) return
    sessions.change(user, 0, null)
    session.moved = false
  }

  const person = (user: string) => ({ external_userid: user })
  return {
    ...server,
    account,
    secret: 'kf-secret',
    keys: bellKeys,
    chaos,
    random,
    rung,
    seen: sessions.seen,
    refused: sessions.refused,
    counts: sessions.counts,
    servicers: sessions.servicers,
    session: sessions.of,
    syncs: () => log.calls,
    get callback() {
      return callback
    },
    set callback(url) {
      callback = url
    },
    say(user, text, { menuId, msgid, item } = {}) {
      heard(user)
      const content = item ?? { msgtype: 'text', text: { content: text, ...(menuId === undefined ? {} : { menu_id: menuId }) } }
      return addAndRing({ ...person(user), origin: 3, ...content, ...(msgid === undefined ? {} : { msgid }) })
    },
    past(user, text, ageMs) {
      heard(user)
      sessions.of(user).heardAt = now() - ageMs
      const send_time = Math.floor((now() - ageMs) / 1000)
      log.add({ ...person(user), origin: 3, msgtype: 'text', text: { content: text }, send_time })
    },
    enter(user) {
      const welcome_code = sessions.code(user, 'welcome')
      sessions.event('enter_session', { ...person(user), scene: 'site', scene_param: '', welcome_code })
      return welcome_code
    },
    pickUp(user, servicer) {
      sessions.change(user, 3, servicer)
      const msg_code = sessions.code(user, 'reply')
      sessions.event('session_status_change', { ...person(user), change_type: 1, new_servicer_userid: servicer, msg_code })
    },
    servicerSays(user, servicer, text) {
      const session = sessions.of(user)
      if (session.state === 4) {
        sessions.change(user, 3, servicer)
        sessions.event('session_status_change', { ...person(user), change_type: 4, new_servicer_userid: servicer })
      }
      if (session.state !== 3 || session.servicer !== servicer) throw new Error('not their session')
      addAndRing({ ...person(user), origin: 5, servicer_userid: servicer, msgtype: 'text', text: { content: text } })
    },
    end(user) {
      const { servicer } = sessions.of(user)
      sessions.change(user, 4, null)
      const msg_code = sessions.code(user, 'closing')
      sessions.event('session_status_change', { ...person(user), change_type: 3, old_servicer_userid: servicer, msg_code })
      return msg_code
    },
    receive(servicer, receiving) {
      sessions.servicers.set(servicer, receiving ? 'receiving' : 'stopped')
      sessions.event('servicer_status_change', { servicer_userid: servicer, status: receiving ? 1 : 2, stop_type: 0 })
    },
    failDelivery: (user, ...types) => void sessions.undeliverable.set(user, types),
    pass(ms) {
      ahead += ms
    },
    bell,
  }
}

/** A busy platform refuses some calls, and some answers are lost on the way. */
function unkind(
  methods: Readonly<Record<string, WecomMethod>>,
  chaos: Chaos,
  random: Random,
): Readonly<Record<string, WecomMethod>> {
  const refusals = [no(-1, 'system busy'), no(45033, 'api concurrent out of limit')]
  return Object.fromEntries(
    Object.entries(methods).map(([name, act]): [string, WecomMethod] => [
      name,
      async (call) => {
        if (random() < chaos.busy) return refusals[Math.floor(random() * refusals.length)] ?? no(-1, 'system busy')
        const answer = await act(call)
        // The caller cannot know whether it was done.
        return random() < chaos.lostAnswers ? no(-1, 'system busy') : answer
      },
    ]),
  )
}

export type { Menu, Seen }
