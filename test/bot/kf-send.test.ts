import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { customer, type KfWorld, kfWorld } from '../fakes/kf-world.ts'

let world: KfWorld
beforeEach(async () => {
  world = await kfWorld()
  await world.channel.start(async () => {})
  world.server.servicers.set('wang', 'receiving')
  say('你好')
})
afterEach(async () => {
  await world.channel.stop()
  await world.close()
})

/** The customer writes, and the channel has received it. */
const say = (text: string) => world.server.say(customer, text)
const words = (text: string, more: object = {}): Outgoing => ({
  kind: 'text',
  blocks: [{ type: 'paragraph', spans: [text] }],
  ...more,
})
const handOff: Outgoing = { kind: 'hand_off', to: [{ account: 'wang', said: '王工来了' }], queued: '排队中' }
const send = (outgoing: Outgoing, key?: string) => world.channel.send(world.chat, outgoing, key)
const codeOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'sent',
    (error: { code?: string }) => error.code,
  )

test('a message with the same key is seen once, also when the answer to the first try was lost', async () => {
  world.server.fail('kf/send_msg', 'lost')
  expect(await codeOf(send(words('答案'), 'k1'))).toBe('unavailable')
  expect(await codeOf(send(words('答案'), 'k1'))).toBe('sent')
  expect(world.seen()).toEqual(['答案'])
})

test('four messages go, one is kept for what must be said, the rest follow when the customer has written', async () => {
  for (const n of [1, 2, 3, 4]) expect(await codeOf(send(words(`第${n}条`)))).toBe('sent')
  expect(await codeOf(send(words('第五条')))).toBe('window_full')
  expect(await codeOf(send(words('还有', { at: { moment: 'more', code: null } })))).toBe('sent')
  expect(await codeOf(send(words('第六条', { at: { moment: 'more', code: null } })))).toBe('window_closed')
  const before = world.server.syncs().length
  await new Promise((go) => setTimeout(go, 1_000)) // times are in whole seconds
  say('好')
  await expect.poll(() => world.server.syncs().length).toBeGreaterThan(before)
  await expect.poll(() => codeOf(send(words('第五条'), 'k5'))).toBe('sent')
  expect(world.server.refused).toEqual([])
})

test('48 hours after the customer’s last word nothing goes', async () => {
  world.server.pass(49 * 3_600_000)
  expect(await codeOf(send(words('提醒')))).toBe('window_closed')
})

test('a human’s chat is not spoken into, and a state that changes between reading and sending is not either', async () => {
  await send(words('答案'))
  world.server.pickUp(customer, 'wang')
  expect(await codeOf(send(words('迟到的答案')))).toBe('not_our_turn')
  world.server.end(customer)
  expect(await codeOf(send(words('更迟的答案')))).toBe('window_closed')
  expect(world.server.refused).toEqual([])
})

test('a hand-off that a killed process had begun does not take the chat again after its human has come and gone', async () => {
  await send(words('为您转人工', { at: { moment: 'hand_off', code: null } }))
  world.server.fail('kf/service_state/trans', 'lost')
  expect(await codeOf(send(handOff, 'h1'))).toBe('unavailable')
  expect(world.server.session(customer).state).toBe(3)
  world.server.end(customer)
  say('还有一个问题')
  expect(await codeOf(send(handOff, 'h1'))).toBe('sent')
  expect(world.server.session(customer).state).toBe(0)
  expect(await codeOf(send(handOff, 'h2'))).toBe('sent')
  expect(world.server.session(customer)).toMatchObject({ state: 3, servicer: 'wang' })
})

test('last words that belong to an ended session do not end the next one', async () => {
  await send(words('答案'))
  world.server.pickUp(customer, 'wang')
  const closing = words('本次服务已结束', { at: { moment: 'hand_back', code: 'of-the-session-before' } })
  expect(await codeOf(send(closing, 'c1'))).toBe('not_our_turn')
  expect(world.server.session(customer).state).toBe(3)
  const ours = words('一直没有同事接手', { at: { moment: 'hand_back', code: null } })
  expect(await codeOf(send(ours, 'c2'))).toBe('sent')
  expect(world.server.session(customer).state).toBe(4)
  expect(world.seen().at(-1)).toBe('一直没有同事接手')
})

test('a code that was used by a try whose answer was lost counts as said; one that came too late does not', async () => {
  const welcome = (code: string) => words('欢迎', { at: { moment: 'welcome', code } })
  world.server.fail('kf/send_msg_on_event', 'lost')
  const code = world.server.enter(customer)
  expect(await codeOf(send(welcome(code), 'w1'))).toBe('unavailable')
  expect(await codeOf(send(welcome(code), 'w1'))).toBe('sent')
  expect(world.seen().filter((each) => each === '欢迎')).toHaveLength(1)
  const late = world.server.enter(customer)
  world.server.pass(21_000)
  expect(await codeOf(send(welcome(late), 'w2'))).toBe('refused')
})

test('last words whose answer was lost are not said again to a customer who has read them and written on', async () => {
  await send(words('答案'))
  world.server.pickUp(customer, 'wang')
  world.server.servicerSays(customer, 'wang', '您好')
  const code = world.server.end(customer)
  const closing = words('本次服务已结束', { at: { moment: 'hand_back', code } })
  world.server.fail('kf/send_msg_on_event', 'lost')
  expect(await codeOf(send(closing, 'c1'))).toBe('unavailable')
  say('谢谢')
  expect(await codeOf(send(closing, 'c1'))).toBe('sent')
  expect(world.seen().filter((each) => each === '本次服务已结束')).toHaveLength(1)
})

test('last words whose code came too late are said when the customer writes again', async () => {
  await send(words('答案'))
  world.server.pickUp(customer, 'wang')
  const code = world.server.end(customer)
  world.server.pass(21_000)
  const closing = words('本次服务已结束', { at: { moment: 'hand_back', code } })
  expect(await codeOf(send(closing, 'c1'))).toBe('window_closed')
  say('在吗')
  await expect.poll(() => codeOf(send(closing, 'c1'))).toBe('sent')
  expect(world.seen().at(-1)).toBe('本次服务已结束')
})

test.each([
  [1, 'WECOM_KF_IDS'],
  [2, '启用'],
  [7, '视频号'],
  [8, '企业认证'],
  [11, 'logged in'],
])('not delivered since something is not set up (%d): doctor says what to do', async (type, hint) => {
  world.server.failDelivery(customer, type)
  await send(words('答案'))
  const told = async () => (await world.channel.check?.([]))?.find((each) => each.code === `undelivered_${type}`)?.hint
  await expect.poll(told).toMatch(new RegExp(hint))
})

test('a forged doorbell is turned away and nothing is read for it', async () => {
  const before = world.server.syncs().length
  const url = world.server.callback
  const forged = '?msg_signature=0000000000000000000000000000000000000000&timestamp=1&nonce=1'
  const response = await fetch(`${typeof url === 'string' ? url : ''}${forged}`, {
    method: 'POST',
    body: '<xml><Encrypt>x</Encrypt></xml>',
  })
  expect(response.status).toBe(403)
  expect(world.server.syncs().length - before).toBeLessThanOrEqual(1)
})
