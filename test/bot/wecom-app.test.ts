import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Block, Outgoing, Receipt } from '../../bot/channels/outgoing.ts'
import { incomingOf } from '../../bot/channels/wecom/app/incoming.ts'
import { partsOf, payloadOf } from '../../bot/channels/wecom/app/outgoing.ts'
import { appCaps, cardOf, cardsOf, pressedOf } from '../../bot/channels/wecom/cards.ts'
import { takeSlot } from '../../bot/channels/wecom/pace.ts'
import { parseXml } from '../../bot/channels/wecom/xml.ts'
import { type WecomWorld, wecomAppWorld } from '../fakes/wecom-world.ts'

const xml = (fields: string) =>
  parseXml(`<xml><FromUserName>lisi</FromUserName><CreateTime>1700000000</CreateTime>${fields}</xml>`)
const event = (fields: string) => incomingOf(xml(`<MsgType>event</MsgType>${fields}`))

describe('what came in', () => {
  test.each([
    ['<MsgType>text</MsgType><Content>补贴多少</Content><MsgId>99</MsgId>', { kind: 'text', text: '补贴多少', externalId: '99' }],
    ['<MsgType>voice</MsgType><MediaId>m</MediaId><MsgId>1</MsgId>', { kind: 'unreadable', text: '' }],
    ['<MsgType>video</MsgType><MediaId>m</MediaId><MsgId>1</MsgId>', { kind: 'unreadable' }],
    [
      '<MsgType>image</MsgType><MediaId>m</MediaId><MsgId>17</MsgId>',
      { kind: 'file', file: { ref: 'm', name: '17.jpg', size: 0 } },
    ],
    [
      '<MsgType>file</MsgType><MediaId>m</MediaId><FileName>办法.docx</FileName><FileSize>12</FileSize><MsgId>1</MsgId>',
      { kind: 'file', file: { ref: 'm', name: '办法.docx', size: 12 } },
    ],
    ['<MsgType>location</MsgType><Label>云汀路1号</Label><MsgId>1</MsgId>', { kind: 'unreadable', text: '云汀路1号' }],
    ['<MsgType>link</MsgType><Title>通知</Title><Url>http://x</Url><MsgId>1</MsgId>', { kind: 'text', text: '通知\nhttp://x' }],
    ['<MsgType>event</MsgType><Event>click</Event><EventKey>/human</EventKey>', { kind: 'text', text: '/human' }],
    ['<MsgType>event</MsgType><Event>click</Event><EventKey>human</EventKey>', { kind: 'button', button: 'human' }],
    [
      '<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>没帮助#f:1:not_helpful</EventKey>',
      { kind: 'button', button: 'f:1:not_helpful' },
    ],
    ['<MsgType>event</MsgType><Event>enter_agent</Event>', { kind: 'entered' }],
    ['<MsgType>event</MsgType><Event>unsubscribe</Event>', { kind: 'blocked' }],
  ])('%s', (fields, wanted) => {
    expect(incomingOf(xml(fields)).message).toMatchObject({
      chat: 'wecom:lisi',
      from: { id: 'wecom:lisi', name: null },
      group: false,
      addressed: true,
      sentAt: '2023-11-14T22:13:20.000Z',
      ...wanted,
    })
  })

  test.each([
    '<MsgType>text</MsgType>',
    '<FromUserName>a b</FromUserName><MsgType>text</MsgType>',
    '<FromUserName>a</FromUserName>',
  ])('%s is nobody’s message', (fields) => expect(incomingOf(parseXml(`<xml>${fields}</xml>`)).dropped).toBe('malformed'))

  test('two events of one second are two, the same event again is one', () => {
    const click = (key: string, task = 't') =>
      event(`<Event>template_card_event</Event><EventKey>${key}</EventKey><TaskId>${task}</TaskId>`).message?.externalId
    expect(new Set([click('a'), click('b'), click('a', 'u')]).size).toBe(3)
    expect(click('a')).toBe(click('a'))
  })

  const samples = new URL('../../../shared/vectors/wecom/xml/', import.meta.url)
  test.skipIf(!existsSync(samples))('of every documented sample something is known', () => {
    const told = readdirSync(samples).map((name) => {
      const { message, dropped } = incomingOf(parseXml(readFileSync(new URL(name, samples), 'utf8')))
      return [name.replace('.xml', ''), message?.kind ?? dropped]
    })
    expect(Object.fromEntries(told)).toMatchObject({
      TextMessageEvent: 'text',
      ImageMessageEvent: 'file',
      VoiceMessageEvent: 'unreadable',
      VideoMessageEvent: 'unreadable',
      LocationMessageEvent: 'unreadable',
      LinkMessageEvent: 'text',
      ClickPushEvent: 'button',
      TemplateCardPushEvent: 'button',
      EnterAgentPushEvent: 'entered',
      SubscribePushEvent: 'unblocked',
      UnsubscribePushEvent: 'blocked',
      ViewPushEvent: 'service',
      LocationPushEvent: 'service',
    })
  })
})

const paragraph = (text: string): Block => ({ type: 'paragraph', spans: [text] })
const buttons = [[{ label: '有帮助', data: 'f:1:helpful' }], [{ label: '转人工', data: 'human' }]]
const message = (blocks: readonly Block[], more: object = {}): Extract<Outgoing, { kind: 'text' }> => ({
  kind: 'text',
  blocks,
  ...more,
})
const payloads = (outgoing: Extract<Outgoing, { kind: 'text' }>) =>
  partsOf(outgoing).map((part) => payloadOf(part, 'task', () => '点选'))

describe('what goes out', () => {
  test('a message goes as markdown where nothing can be misread, else as plain text', () => {
    const small: Block = { type: 'small', spans: ['[1] 《办法》第六条'] }
    expect(payloads(message([{ type: 'paragraph', spans: [{ bold: '奖励' }, '10%'] }, small]))).toEqual([
      { msgtype: 'markdown', markdown: { content: '**奖励**10%\n<font color="comment">[1] 《办法》第六条</font>' } },
    ])
    expect(payloads(message([paragraph('a*b*'), small]))).toEqual([
      { msgtype: 'text', text: { content: 'a*b*\n[1] 《办法》第六条' } },
    ])
  })

  test('links work in text and markdown, and nobody’s words become one', () => {
    const link: Block = { type: 'paragraph', spans: ['见', { link: '官网', href: 'https://x.cn/a?b=1' }] }
    expect(payloads(message([link]))).toEqual([{ msgtype: 'markdown', markdown: { content: '见[官网](https://x.cn/a?b=1)' } }])
    expect(JSON.stringify(payloads(message([paragraph('<a href="https://evil">x</a>')])))).not.toContain('<a ')
  })

  test('a short text stands on its card, a long one before it', () => {
    expect(payloads(message([paragraph('需要转人工吗？')], { buttons }))).toMatchObject([
      { msgtype: 'template_card', template_card: { main_title: { title: '需要转人工吗？' }, task_id: 'task' } },
    ])
    const parts = partsOf(message([paragraph('很长。'.repeat(100))], { buttons }))
    expect(parts.flatMap(partsOf)).toEqual(parts)
    const long = payloads(message([paragraph('很长。'.repeat(100))], { buttons }))
    expect(long.map((each) => each['msgtype'])).toEqual(['text', 'template_card'])
    expect(long[1]).toMatchObject({ template_card: { main_title: { title: '点选' } } })
  })

  test('a label too long for a button is written above it under a number', () => {
    const label = '云汀科技园技术合同登记奖励办法'
    const card = cardOf({ text: '您想问哪一个？', buttons: [{ label, data: 'c:1:0' }], taskId: 't' }, appCaps)
    expect(card).toMatchObject({
      horizontal_content_list: [{ keyname: '1', value: label }],
      button_list: [{ text: '1. 云汀科技园技…', key: `${label}#c:1:0` }],
    })
  })

  test('what is pressed comes back as it was meant, whatever label and data are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1, maxLength: 64 }), (label, data) => {
        const card = cardOf({ text: 't', buttons: [{ label, data }], taskId: 't' }, appCaps)
        const key = String((card['button_list'] as { key: string }[])[0]?.key)
        expect(pressedOf(key).data).toBe(data)
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024)
      }),
    )
    expect(pressedOf('other-app-key')).toEqual({ label: '', data: 'other-app-key' })
  })

  test('seven buttons are two cards, and of equal data one button', () => {
    const row = Array.from({ length: 7 }, (_, index) => ({ label: `${index}`, data: `${index}` }))
    expect(cardsOf([row, row]).map((each) => each.length)).toEqual([6, 1])
  })

  test('nothing is ever longer than WeCom takes, and no character is lost', () => {
    const span = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.record({ bold: fc.string({ maxLength: 50 }) }),
      fc.record({ link: fc.string({ minLength: 1, maxLength: 50 }), href: fc.constant(`https://x.cn/${'长'.repeat(300)}`) }),
    )
    const block = fc.record({
      type: fc.constantFrom('paragraph' as const, 'quote' as const, 'list_item' as const, 'small' as const),
      spans: fc.array(span, { maxLength: 6 }),
    })
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        for (const payload of payloads(message(blocks))) {
          const type = String(payload['msgtype'])
          const content = (payload[type] as { content: string }).content
          expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048)
          expect(content.trim()).not.toBe('')
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('pace', () => {
  const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000)

  test('a member never gets more than 30 in any minute or 1000 in any hour, and nothing waits for ever', () => {
    let stored: unknown
    let now = 0
    const sent: number[] = []
    while (sent.length < 2_500) {
      const { value, result } = takeSlot(stored, at(now), { what: `${sent.length}`, key: `${sent.length}` })
      if (result.waitMs === 0) {
        sent.push(now)
        stored = JSON.parse(JSON.stringify(value))
        now += 0.5
      } else now += result.waitMs / 1000
    }
    const most = (window: number) =>
      Math.max(...sent.map((from, index) => sent.slice(index).filter((each) => each < from + window).length))
    expect(most(60)).toBeLessThanOrEqual(30)
    expect(most(3600)).toBeLessThanOrEqual(1000)
    expect(sent.at(-1) ?? 0).toBeLessThan(3 * 3700)
  })

  test('a repetition may be dropped by WeCom only when it is one', () => {
    const first = takeSlot(undefined, at(0), { what: 'same', key: 'a' })
    expect(first.result.repeats).toBe(true)
    expect(takeSlot(first.value, at(1), { what: 'same', key: 'a' }).result.repeats).toBe(true)
    expect(takeSlot(first.value, at(1), { what: 'same', key: 'b' }).result.repeats).toBe(false)
    expect(takeSlot(first.value, at(301), { what: 'same', key: 'b' }).result.repeats).toBe(true)
  })
})

describe('against a loopback WeCom', () => {
  let world: WecomWorld
  afterEach(() => world.close())

  test('what WeCom would drop in silence waits instead', async () => {
    world = await wecomAppWorld()
    await world.channel.start(async () => undefined)
    let refused: unknown = null
    for (let index = 0; index < 40 && refused === null; index += 1)
      refused = await world.channel.send(world.chat, message([paragraph(`${index}`)]), `k${index}`).then(
        () => null,
        (error: unknown) => error,
      )
    expect(refused).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) })
    expect(world.server.dropped).toEqual([])
  })

  test('a try whose answer was lost says nothing twice; the same words meant twice are said twice', async () => {
    world = await wecomAppWorld()
    await world.channel.start(async () => undefined)
    for (const outgoing of [message([paragraph('好的')]), message([paragraph('满意吗？')], { buttons })]) {
      world.server.sent.length = 0
      world.server.fail('message/send', 'lost')
      await expect(world.channel.send(world.chat, outgoing, 'key')).rejects.toMatchObject({ code: 'unavailable' })
      await world.channel.send(world.chat, outgoing, 'key')
      expect(world.server.sent).toHaveLength(1)
      await world.channel.send(world.chat, outgoing, 'another')
      expect(world.server.sent).toHaveLength(2)
    }
  })

  test('the app greets once, shows what was chosen, gives itself a menu, and fetches files', async () => {
    world = await wecomAppWorld()
    const told: string[] = []
    await world.channel.start(async ({ kind, button }) => void told.push(button ?? kind))
    await world.platform.event('zhangsan', 'enter_agent', { EventKey: '' })
    await world.platform.event('zhangsan', 'enter_agent', { EventKey: '', CreateTime: 1_700_000_000 })
    await world.channel.send(world.chat, message([paragraph('满意吗？')], { buttons }), 'key')
    const key = world.server.sent[0]?.buttons[1]?.key ?? ''
    await world.platform.event('zhangsan', 'template_card_event', {
      EventKey: key,
      TaskId: 't',
      ResponseCode: world.server.clicked(),
    })
    expect(told).toEqual(['entered', 'human'])
    await expect.poll(() => world.server.sent[0]?.replaced).toBe('✓ 转人工')
    await expect.poll(() => world.server.calls.some((each) => each.method === 'menu/create')).toBe(true)
    world.server.media.set('m1', { kind: 'file', name: '办法.txt', bytes: Buffer.from('第一条 总则') })
    expect(Buffer.from((await world.channel.fetchFile?.('m1', { mostBytes: 100 })) ?? []).toString()).toBe('第一条 总则')
  })

  test('a card that leads nowhere any more says so in place of its buttons, once; without a code it is said', async () => {
    world = await wecomAppWorld()
    const card = await world.channel.send(world.chat, message([paragraph('新的转交')], { buttons }), 'key')
    const settle = (sent: Receipt | null) =>
      world.channel.send(world.chat, {
        ...message([paragraph('T1 已由王工接手。')]),
        settles: { key: 'key', label: '王工已接手', sent },
      })
    await settle(card)
    expect(world.server.sent.map((each) => each.replaced)).toEqual(['王工已接手'])
    await settle(card)
    await settle(null)
    expect(world.server.sent.slice(1).map((each) => each.text)).toEqual(['T1 已由王工接手。', 'T1 已由王工接手。'])
  })

  test('a member who cannot be reached is named with the reason', async () => {
    world = await wecomAppWorld()
    await world.channel.start(async () => undefined)
    world.server.members.set('wangwu', 'unlicensed')
    const say = (chat: string) => world.channel.send(chat, message([paragraph('您好')]))
    await expect(say('wecom:wangwu')).rejects.toMatchObject({ code: 'misconfigured', hint: expect.stringContaining('接口许可') })
    expect(world.channel.problem?.()).toMatchObject({ code: 'misconfigured' })
    await expect(say('wecom:gone')).rejects.toMatchObject({ code: 'chat_gone' })
    await expect(say('telegram:1')).rejects.toMatchObject({ code: 'refused' })
    await say('wecom:zhangsan')
    expect(world.channel.problem?.()).toBeNull()
  })
})
