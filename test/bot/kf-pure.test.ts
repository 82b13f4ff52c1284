import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { chatOf, customerOf, msgidOf } from '../../bot/channels/wecom/kf/address.ts'
import { itemOf } from '../../bot/channels/wecom/kf/items.ts'
import { joinAll, partsOf, payloadOf, type TextMessage, textLimit } from '../../bot/channels/wecom/kf/outgoing.ts'
import { countSend, type Said, usedUp } from '../../bot/channels/wecom/kf/quota.ts'
import { mayMove, maySay, planHandBack, planHandOff, type ServiceState } from '../../bot/channels/wecom/kf/states.ts'

const account = 'wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q'
const user = 'wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw'
const states: readonly ServiceState[] = [0, 1, 2, 3, 4]
const set = (...names: string[]) => new Set(names)

describe('states', () => {
  test('the moves between states are those of the documentation and no others', () => {
    const table = states.map((from) => states.filter((to) => mayMove(from, to)))
    expect(table).toEqual([[1, 2, 3], [2, 3], [3], [3, 4], []])
  })

  test('an ordinary message goes in 0 and 1 alone; a human’s chat is theirs, an ended one waits for the person', () => {
    expect(states.map(maySay)).toEqual(['yes', 'yes', 'not_our_turn', 'not_our_turn', 'window_closed'])
  })

  const plan = (state: ServiceState, servicer: string | null, receiving: string[], again = false) =>
    planHandOff({ state, servicer, wanted: ['a', 'b', 'c'], receiving: set(...receiving), again })

  test.each([
    ['the best who is receiving', plan(1, null, ['c', 'b']), { try: ['b', 'c'], queue: true }],
    ['the queue when somebody else is there to pick', plan(1, null, ['x']), { try: [], queue: true }],
    ['nobody there: it stays, for a queue without people is a trap', plan(1, null, []), { try: [], queue: false }],
    ['out of the queue to a person, never back into it', plan(2, null, ['a']), { try: ['a'], queue: false }],
    ['a human who has it keeps it', plan(3, 'x', ['a', 'x']), { try: [], queue: false }],
    ['unless they stopped receiving', plan(3, 'x', ['a']), { try: ['a'], queue: false }],
    ['or have not answered', plan(3, 'a', ['a', 'b'], true), { try: ['b'], queue: false }],
    ['an ended session cannot be given to anybody', plan(4, null, ['a']), { try: [], queue: false }],
  ])('hand-off: %s', (_, planned, wanted) => {
    expect(planned).toEqual(wanted)
  })

  test('a chat is taken back from a human at once, from the queue over somebody who is receiving, else not', () => {
    expect(planHandBack(3, set())).toEqual({ via: null })
    expect(planHandBack(2, set('a'))).toEqual({ via: 'a' })
    expect(planHandBack(2, set())).toBeNull()
    expect(planHandBack(4, set('a'))).toBeNull()
  })
})

describe('five messages within 48 hours', () => {
  const hour = 3_600_000
  const fresh: Said = { sends: [] }
  const send = (said: Said, at: number, key: string, urgent = false, heardAt: number | null = 0) =>
    countSend({ said, heardAt, now: at, key, urgent })
  const used = (count: number): Said =>
    Array.from({ length: count }, (_, index) => index).reduce<Said>((said, index) => {
      const next = send(said, index + 1, `k${index}`, true)
      return typeof next === 'string' ? said : next
    }, fresh)

  test('per message of the person four ordinary messages may go, the fifth is kept for what must be said, then none', () => {
    expect(send(used(3), 10, 'n')).toMatchObject({ sends: expect.arrayContaining([{ key: 'n', at: 0 }]) })
    expect(send(used(4), 10, 'n')).toBe('window_full')
    expect(send(used(4), 10, 'n', true)).toMatchObject({ sends: expect.any(Array) })
    expect(send(used(5), 10, 'n', true)).toBe('window_closed')
    expect(send(usedUp(5), 10, 'n', true)).toBe('window_closed')
  })

  test('a second try of the same message counts once, and the person’s next message opens the window anew', () => {
    expect(send(used(4), 10, 'k2')).toEqual(used(4))
    expect(send(used(5), 100, 'n', false, 50)).toMatchObject({ sends: expect.any(Array) })
  })

  test.each([
    ['ahead', 600],
    ['behind', -600],
  ] as const)(
    'a clock ten minutes %s of the platform’s neither closes the window that is open nor opens the closed one',
    (_, offset) => {
      let said = fresh
      for (const heardAt of [1_000, 1_030, 1_060]) {
        for (let n = 0; n < 4; n += 1) {
          const next = send(said, heardAt + 5 + offset, `${heardAt}:${n}`, false, heardAt)
          expect(next).toMatchObject({ sends: expect.any(Array) })
          if (typeof next !== 'string') said = next
        }
        expect(send(said, heardAt + 6 + offset, 'more', false, heardAt)).toBe('window_full')
      }
    },
  )

  test('after 48 hours nothing goes', () => {
    expect(send(fresh, 47 * hour, 'n')).toMatchObject({ sends: [{ key: 'n' }] })
    expect(send(fresh, 48 * hour, 'n', true)).toBe('window_closed')
  })

  test('property: whatever is asked for, no more than five go out per message of the person', () => {
    const step = fc.record({ hears: fc.boolean(), urgent: fc.boolean(), key: fc.integer({ min: 0, max: 30 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let said: Said = fresh
        let heardAt = 0
        let out = new Set<number>()
        for (const [index, { hears, urgent, key }] of steps.entries()) {
          if (hears) [heardAt, out] = [index * 10, new Set()]
          const next = countSend({ said, heardAt, now: index * 10 + 1, key: String(key), urgent })
          if (typeof next === 'string') continue
          if (next !== said) out.add(key)
          said = next
          expect(out.size).toBeLessThanOrEqual(5)
        }
      }),
    )
  })
})

describe('what is said', () => {
  const words = (text: string, more: Partial<TextMessage> = {}): TextMessage => ({
    kind: 'text',
    blocks: text.split('\n').map((line) => ({ type: 'paragraph', spans: [line] })),
    ...more,
  })
  const buttons = [[{ label: '有帮助', data: 'f:1:helpful' }], [{ label: '转人工', data: 'human' }]]

  test('a short answer with buttons is one menu; of a long one the last words stand in the menu', () => {
    expect(partsOf(words('答案', { buttons })).map(payloadOf)).toEqual([
      {
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: '答案',
          list: [
            { type: 'click', click: { id: 'f:1:helpful', content: '有帮助' } },
            { type: 'click', click: { id: 'human', content: '转人工' } },
          ],
        },
      },
    ])
    const long = partsOf(words('按照实际成交额给予奖励，最高五十万元。'.repeat(40), { buttons }))
    expect(long).toHaveLength(2)
    expect(long.map((part) => part.buttons !== undefined)).toEqual([false, true])
  })

  test('property: every part fits the platform, and nothing is lost', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }).map((text) => text.replaceAll('\n', ' '))
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), fc.boolean(), (lines, withButtons) => {
        const text = lines.join('\n')
        const parts = partsOf(words(text, withButtons ? { buttons } : {}))
        const said = parts.flatMap((part) => part.blocks.flatMap((block) => block.spans)).join('')
        expect(said.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
        for (const part of parts) {
          const { msgmenu, text: plain } = payloadOf(part) as { msgmenu?: { head_content: string }; text?: { content: string } }
          expect(Buffer.byteLength(msgmenu?.head_content ?? '')).toBeLessThanOrEqual(1024)
          expect(Buffer.byteLength(plain?.content ?? '')).toBeLessThanOrEqual(textLimit)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('three answers that wait become as few messages as fit, with each button once', () => {
    const answer = (n: number): Outgoing => words(`第${n}个答案`, { buttons: [[{ label: '有帮助', data: `f:${n}:helpful` }]] })
    const [whole, ...rest] = joinAll([answer(1), answer(2), answer(3)])
    expect(rest).toEqual([])
    expect(whole).toMatchObject({ kind: 'text', buttons: [[{ label: '有帮助', data: 'f:3:helpful' }]] })
  })

  test('what is said at a moment of its own, and what saves nothing, stays as it is', () => {
    const moment = [words('一', { at: { moment: 'hand_off', code: null } }), words('二')]
    expect(joinAll(moment)).toBe(moment)
    const full = [words('满'.repeat(680)), words('满'.repeat(680))]
    expect(joinAll(full)).toBe(full)
  })
})

describe('what comes in', () => {
  const item = (more: object) =>
    itemOf({ msgid: 'm1', external_userid: user, send_time: 1_700_000_000, ...more }, account, 1_700_000_100)
  const event = (event_type: string, more: object = {}) =>
    item({ origin: 4, msgtype: 'event', event: { event_type, external_userid: user, open_kfid: account, ...more } })

  test.each([
    ['words', item({ origin: 3, msgtype: 'text', text: { content: '你好' } }), { kind: 'text', text: '你好' }],
    [
      'a click',
      item({ origin: 3, msgtype: 'text', text: { content: '转人工', menu_id: 'human' } }),
      { kind: 'button', button: 'human' },
    ],
    ['a picture', item({ origin: 3, msgtype: 'image', image: { media_id: 'x' } }), { kind: 'unreadable', text: '' }],
    ['a file', item({ origin: 3, msgtype: 'file', file: { media_id: 'x' } }), { kind: 'file', file: { ref: 'x' } }],
    [
      'a place',
      item({ origin: 3, msgtype: 'location', location: { name: '园区', address: '一路1号' } }),
      { text: '园区\n一路1号' },
    ],
    [
      'a servicer',
      item({ origin: 5, servicer_userid: 'wang', msgtype: 'text', text: { content: '在' } }),
      { kind: 'broker_text', from: { id: 'wecom:wang', name: null } },
    ],
    ['a welcome', event('enter_session', { welcome_code: 'c' }), { kind: 'entered', replyCode: 'c' }],
    ['no welcome', event('enter_session', { welcome_code: '' }), { kind: 'entered', replyCode: null }],
    [
      'picked up',
      event('session_status_change', { change_type: 1, new_servicer_userid: 'wang', msg_code: 'c' }),
      { kind: 'session_taken', replyCode: 'c' },
    ],
    [
      'ended',
      event('session_status_change', { change_type: 3, old_servicer_userid: 'wang', msg_code: 'c' }),
      { kind: 'session_ended', replyCode: 'c' },
    ],
    [
      'the sixth',
      event('msg_send_fail', { fail_msgid: 'f', fail_type: 6 }),
      { kind: 'undelivered', undelivered: { messageId: 'f', why: 'window_closed' } },
    ],
    [
      'refused',
      event('msg_send_fail', { fail_msgid: 'f', fail_type: 10 }),
      { undelivered: { messageId: 'f', why: 'chat_gone' } },
    ],
    [
      'on duty',
      event('servicer_status_change', { servicer_userid: 'wang', status: 1 }),
      { kind: 'staff_on', chat: `kf:${account}` },
    ],
  ])('%s', (_, got, wanted) => {
    expect('message' in got ? got.message : got).toMatchObject(wanted)
  })

  test.each([
    [0, 'window_closed'],
    [1, 'refused'],
    [2, 'refused'],
    [4, 'window_closed'],
    [5, 'window_closed'],
    [6, 'window_closed'],
    [7, 'refused'],
    [8, 'refused'],
    [10, 'chat_gone'],
    [11, 'refused'],
    [12, 'refused'],
    [99, 'refused'],
  ])('a message that was taken and not delivered, type %d: %s', (fail_type, why) => {
    expect(event('msg_send_fail', { fail_msgid: 'f', fail_type })).toMatchObject({ message: { undelivered: { why } } })
  })

  test('only what a customer says counts as heard', () => {
    expect(item({ origin: 3, msgtype: 'text', text: { content: 'x' } })).toMatchObject({ heard: { user, at: 1_700_000_000_000 } })
    expect(item({ origin: 5, servicer_userid: 'w', msgtype: 'text', text: { content: 'x' } })).toMatchObject({ heard: null })
    expect(event('user_recall_msg', { recall_msgid: 'x' })).toEqual({ dropped: 'user_recall_msg' })
  })

  test('an item without a time, or with an absurd one, counts as happening now', () => {
    for (const send_time of [undefined, 0, -5, 9e15])
      expect(item({ origin: 3, msgtype: 'text', text: { content: 'x' }, send_time })).toMatchObject({
        heard: { at: 1_700_000_100_000 },
      })
  })

  test('property: any item is read or dropped, and none makes the reader throw', () => {
    const value = fc.anything({ maxDepth: 3 })
    const like = fc.record({
      origin: fc.constantFrom(3, 4, 5, 9),
      msgtype: fc.constantFrom('text', 'event', 'file', 'merged_msg'),
      external_userid: fc.constant(user),
      servicer_userid: value,
      event: value,
      text: value,
      merged_msg: value,
      send_time: value,
    })
    fc.assert(fc.property(fc.oneof(value, like), (raw) => void itemOf(raw, account, 1_700_000_100)))
  })
})

test('addresses go both ways; ids for the platform are what it takes, the same for the same key', () => {
  expect(customerOf(chatOf({ account, user }))).toEqual({ account, user })
  expect(() => customerOf('kf:x')).toThrow()
  expect(msgidOf('inbox:1:1')).toBe(msgidOf('inbox:1:1'))
  expect(msgidOf('inbox:1:1')).not.toBe(msgidOf('inbox:1:2'))
  expect(msgidOf('inbox:1:1')).toMatch(/^[\w-]{32}$/)
})

const vectors = new URL('../../../shared/vectors/kf/kf-events.json', import.meta.url)
test.skipIf(!existsSync(vectors))('every sample of the platform’s own events is read as what it is', () => {
  const samples = JSON.parse(readFileSync(vectors, 'utf8')) as Record<string, unknown>
  const kinds = Object.entries(samples)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, raw]) => [name, itemOf(raw, account, 1_700_000_100)] as const)
    .map(([name, read]) => [name, 'message' in read ? read.message.kind : read.dropped])
  expect(Object.fromEntries(kinds)).toEqual({
    text_from_customer: 'button',
    text_from_servicer: 'broker_text',
    enter_session: 'entered',
    msg_send_fail: 'undelivered',
    servicer_status_change: 'staff_on',
    session_status_change_accept: 'session_taken',
    session_status_change_end: 'session_ended',
    user_recall_msg: 'user_recall_msg',
  })
})
