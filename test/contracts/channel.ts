import { afterEach, describe, expect, test } from 'vitest'
import { type Channel, ChannelError } from '../../bot/channels/channel.ts'
import type { IncomingMessage } from '../../bot/channels/message.ts'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { measures } from '../../bot/channels/split.ts'

/** One channel against its platform on loopback. */
export type ChannelWorld = {
  readonly channel: Channel
  /** The chat in which {@link say} is said. */
  readonly chat: string
  /** A person writes there; the platform delivers it in its own way. */
  say(text: string): void
  /** What people saw there, message by message, without markup. */
  seen(): readonly string[]
  /** Files people got there; absent where the channel sends none. */
  files?(): readonly { readonly kind: string; readonly name: string; readonly bytes: Uint8Array }[]
  /** The next send meets this failure. */
  trouble(kind: 'rate_limited' | 'unavailable' | 'chat_gone'): void
  /** Another process takes over: the same platform, a channel that remembers nothing. */
  reopen(): Promise<Channel>
  close(): Promise<void>
}

const paragraphs = (...texts: string[]): Outgoing => ({
  kind: 'text',
  blocks: texts.map((text) => ({ type: 'paragraph', spans: [text] })),
})

/** What every channel promises, whatever its platform. */
export function channelContract(name: string, open: () => Promise<ChannelWorld>): void {
  describe(name, () => contract(open))
}

/** What channels that send files promise. */
export function fileContract(name: string, open: () => Promise<ChannelWorld>): void {
  describe(`${name}: files`, () => filesContract(open))
}

function contract(open: () => Promise<ChannelWorld>): void {
  let world: ChannelWorld
  afterEach(async () => {
    await world.channel.stop()
    await world.close()
  })

  test('a message is delivered again until it has been stored', async () => {
    world = await open()
    const attempts: string[] = []
    await world.channel.start(async (message) => {
      attempts.push(message.text)
      if (attempts.length <= 2) throw new Error('database is down')
    })
    world.say('你好')
    await expect.poll(() => attempts).toEqual(['你好', '你好', '你好'])
  })

  test('messages of one chat come in order, one at a time', async () => {
    world = await open()
    const told: string[] = []
    let atOnce = 0
    await world.channel.start(async (message) => {
      atOnce += 1
      told.push(`${message.text} ${atOnce}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      atOnce -= 1
    })
    const said = Array.from({ length: 12 }, (_, index) => `第${index}句`)
    for (const each of said) world.say(each)
    await expect.poll(() => told).toEqual(said.map((each) => `${each} 1`))
  })

  test('addresses carry its name, keys are unique, and a private word is addressed to the bot', async () => {
    world = await open()
    const told: IncomingMessage[] = []
    await world.channel.start(async (message) => void told.push(message))
    world.say('一')
    world.say('一')
    await expect.poll(() => told.length).toBe(2)
    expect(new Set(told.map((each) => each.externalId)).size).toBe(2)
    for (const each of told) {
      expect(each).toMatchObject({ chat: world.chat, kind: 'text', group: false, addressed: true })
      expect(each.chat.startsWith(`${world.channel.name}:`)).toBe(true)
      expect(each.from.id.startsWith(`${world.channel.name}:`)).toBe(true)
    }
  })

  test('nothing is lost or repeated over a restart, and a stop waits for the message in hand', async () => {
    world = await open()
    const stored: string[] = []
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const store = async (message: IncomingMessage) => {
      if (message.text === '二') await held
      stored.push(message.text)
    }
    await world.channel.start(store)
    world.say('一')
    world.say('二')
    world.say('三')
    await expect.poll(() => stored).toEqual(['一'])
    const stopped = world.channel.stop()
    letGo()
    await stopped
    await world.channel.stop()
    const before = stored.length
    world.say('四')
    const next = await world.reopen()
    expect(stored).toHaveLength(before)
    await next.start(store)
    await expect.poll(() => stored).toEqual(['一', '二', '三', '四'])
    await next.stop()
  })

  test('text that looks like markup is shown as it was said', async () => {
    world = await open()
    await start(world)
    const said = '<b>加粗</b> & *星* _下_ [链接](x) `码` &lt; ~ > # "引" \\'
    await world.channel.send(world.chat, paragraphs(said))
    expect(world.seen()).toEqual([said])
  })

  test('a long text arrives whole, in parts within the limit', async () => {
    world = await open()
    await start(world)
    const { size, unit } = world.channel.limit
    const sentence = '按照技术合同登记的实际成交额给予奖励[1]，最高不超过五十万元😀。'
    const said = sentence.repeat(Math.ceil((size * 2.5) / measures[unit](sentence)))
    const receipt = await world.channel.send(world.chat, paragraphs(said))
    const seen = world.seen()
    expect(seen.join('')).toBe(said)
    expect(seen.length).toBeGreaterThan(1)
    expect(receipt.messageIds).toHaveLength(seen.length)
    for (const each of seen) expect(measures[unit](each)).toBeLessThanOrEqual(size)
  })

  test('sent part by part, a long message can go on after a failure without a repetition', async () => {
    world = await open()
    await start(world)
    const { size, unit } = world.channel.limit
    const sentence = '第一条规定的奖励按季度发放。'
    const said = sentence.repeat(Math.ceil((size * 2.2) / measures[unit](sentence)))
    const parts = world.channel.parts?.(paragraphs(said)) ?? [paragraphs(said)]
    for (const [index, part] of parts.entries()) {
      if (index === 1) {
        world.trouble('unavailable')
        await expect(world.channel.send(world.chat, part)).rejects.toMatchObject({ code: 'unavailable', retry: true })
      }
      expect((await world.channel.send(world.chat, part)).messageIds).toHaveLength(1)
    }
    expect(world.seen().join('')).toBe(said)
  })

  test('says whether to wait, to try again or to give up', async () => {
    world = await open()
    await start(world)
    world.trouble('rate_limited')
    const busy = await world.channel.send(world.chat, paragraphs('一')).catch((error: unknown) => error)
    expect(busy).toBeInstanceOf(ChannelError)
    expect(busy).toMatchObject({ code: 'rate_limited', retry: true, retryAfterMs: expect.any(Number) })
    world.trouble('unavailable')
    await expect(world.channel.send(world.chat, paragraphs('二'))).rejects.toMatchObject({ code: 'unavailable', retry: true })
    world.trouble('chat_gone')
    await expect(world.channel.send(world.chat, paragraphs('三'))).rejects.toMatchObject({ code: 'chat_gone', retry: false })
  })
}

function filesContract(open: () => Promise<ChannelWorld>): void {
  let world: ChannelWorld
  afterEach(async () => {
    await world.channel.stop()
    await world.close()
  })
  const file = (name: string, content: string): Outgoing => ({
    kind: 'file',
    name,
    base64: Buffer.from(content).toString('base64'),
  })

  test('a file arrives as it is, once, also when the first try broke off; a picture as a picture', async () => {
    world = await open()
    await start(world)
    world.trouble('unavailable')
    await expect(world.channel.send(world.chat, file('../申请表.pdf', '%PDF-1.7 表'), 'k1')).rejects.toMatchObject({
      retry: true,
    })
    await world.channel.send(world.chat, file('../申请表.pdf', '%PDF-1.7 表'), 'k1')
    await world.channel.send(world.chat, file('位置图.png', 'PNG picture'), 'k2')
    expect(world.files?.().map(({ bytes, ...each }) => ({ ...each, text: Buffer.from(bytes).toString() }))).toEqual([
      { kind: 'file', name: '申请表.pdf', text: '%PDF-1.7 表' },
      { kind: 'image', name: '位置图.png', text: 'PNG picture' },
    ])
  })

  test('an empty file and one that is too large are refused before anything is sent', async () => {
    world = await open()
    await start(world)
    for (const content of ['', 'x'.repeat(5 * 1024 * 1024 + 1)])
      await expect(world.channel.send(world.chat, file('a.pdf', content))).rejects.toMatchObject({ code: 'refused' })
    expect(world.files?.()).toEqual([])
  })
}

/** A person must write first before anybody may write to them. */
async function start(world: ChannelWorld): Promise<void> {
  const told: string[] = []
  await world.channel.start(async (message) => void told.push(message.text))
  world.say('你好')
  await expect.poll(() => told).toEqual(['你好'])
}
