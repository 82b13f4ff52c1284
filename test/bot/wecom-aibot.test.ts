import { createCipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../bot/channels/message.ts'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { incomingOf, withoutName } from '../../bot/channels/wecom/aibot/incoming.ts'
import { literal, markdownOf, partsOf } from '../../bot/channels/wecom/aibot/outgoing.ts'
import { previews } from '../../bot/channels/wecom/aibot/preview.ts'
import type { Socket } from '../../bot/channels/wecom/aibot/socket.ts'
import { openTurns } from '../../bot/channels/wecom/aibot/turns.ts'
import { plain } from '../fakes/aibot-replies.ts'
import { type AibotWorld, aibotWorld } from '../fakes/aibot-world.ts'
import { channelMemory } from '../fakes/channel-memory.ts'

const shared = new URL('../../../shared/vectors/aibot/', import.meta.url)
type Sample = Readonly<Record<string, unknown>>
const samples = (file: string) => JSON.parse(readFileSync(new URL(file, shared), 'utf8')) as Readonly<Record<string, Sample>>

describe('what came in', () => {
  test.skipIf(!existsSync(shared))('of every documented callback', () => {
    const told = Object.entries(samples('webhook-payloads.json')).flatMap(([name, body]) => {
      const message = body['from'] === undefined ? null : incomingOf(body, 'REQ')
      return message === null ? [] : [[name, `${message.kind} ${message.text} ${message.button ?? ''}`.trim()]]
    })
    expect(Object.fromEntries(told)).toEqual({
      text_group_quote: 'text hello robot',
      image_single: 'unreadable',
      mixed_group: 'text 这是今日的测试情况',
      voice_single: 'text 这是语音转成文本的内容',
      file_single: 'file',
      event_enter_chat: 'entered',
      event_card_button: 'button  button_replace_text',
      event_card_vote: 'button  button_replace_text',
      event_card_multiple: 'button  button_replace_text',
      event_card_menu_text_notice: 'button  button_replace_text',
      event_feedback: 'button 能再详细一些么 FEEDBACKID:not_helpful',
    })
    const quoted = incomingOf(samples('webhook-payloads.json')['text_group_quote'] ?? {}, 'REQ')
    expect(quoted).toMatchObject({ chat: 'wecom-aibot:group/CHATID', group: true, addressed: true, quoted: '这是今日的测试情况' })
    const frames = samples('ws-frames.json')
    for (const [name, kind] of [
      ['s2c_msg_text_group', 'text'],
      ['s2c_msg_image_single', 'unreadable'],
      ['s2c_event_enter_chat', 'entered'],
    ] as const)
      expect(incomingOf((frames[name]?.['body'] ?? {}) as Sample, 'REQ')?.kind).toBe(kind)
  })

  test.each([
    ['@园桥助手 补贴多少', '补贴多少'],
    ['补贴多少@园桥助手', '补贴多少'],
    ['@园桥 助手\u{2005}补贴多少', '补贴多少'],
    ['请问 @RobotA 补贴@王工 多少', '请问 补贴@王工 多少'],
    ['邮箱是 a@b.cn 吗', '邮箱是 a@b.cn 吗'],
    ['没有名字', '没有名字'],
  ])('%s → %s', (said, words) => expect(withoutName(said)).toBe(words))
})

describe('what goes out', () => {
  test('markup signs in words are shown as they were written', () => {
    const unit = fc.constantFrom(...'*_`~[]()<>#|\\&;-= \n字a1')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (words) => {
        expect(plain(literal(words))).toBe(words)
      }),
      { examples: [['<think>x</think>'], ['# 标题'], ['[a](http://x)'], ['**粗**'], ['|---|']] },
    )
    expect(literal('奖励[1]，按10%[2]。_下划线_ file_name')).toBe('奖励[1]，按10%[2]。\\_下划线\\_ file_name')
  })

  test('a welcome is one message, whatever buttons it has', () => {
    const buttons = [[{ label: '转人工', data: 'human' }]]
    const blocks = [{ type: 'paragraph' as const, spans: ['您好'] }]
    const parts = partsOf({ kind: 'text', blocks, buttons, at: { moment: 'welcome', code: 'REQ' } })
    expect(parts).toEqual([{ kind: 'text', blocks, at: { moment: 'welcome', code: 'REQ' } }])
  })

  test('a long reply is split by bytes with its markup, the card comes last, the preview’s place first', () => {
    const outgoing: Extract<Outgoing, { kind: 'text' }> = {
      kind: 'text',
      blocks: [{ type: 'paragraph', spans: ['*第一条*奖励。'.repeat(3_000)] }],
      buttons: [
        [
          { label: '有帮助', data: 'f:7:helpful' },
          { label: '转人工', data: 'human' },
        ],
      ],
      replaces: 'stream',
    }
    const parts = partsOf(outgoing)
    expect(parts.map((each) => each.replaces)).toEqual(['stream', ...parts.slice(1).map(() => undefined)])
    for (const part of parts) expect(Buffer.byteLength(markdownOf(part.blocks))).toBeLessThanOrEqual(20_480)
    expect(parts.flatMap(partsOf)).toEqual(parts)
    expect(parts.at(-1)).toMatchObject({ blocks: [], buttons: [[{ data: 'f:7:helpful' }, { data: 'human' }]] })
  })
})

describe('against a loopback platform', () => {
  let world: AibotWorld
  let told: IncomingMessage[]
  const chat = 'wecom-aibot:zhangsan'
  const say = (text: string, more: object = {}): Outgoing => ({
    kind: 'text',
    blocks: [{ type: 'paragraph', spans: [text] }],
    ...more,
  })
  const shown = () => world.server.shown.filter((each) => each.chat === 'zhangsan')
  const until = (read: () => unknown) => expect.poll(read)

  beforeEach(async () => {
    world = await aibotWorld()
    told = []
    await world.channel.start(async (message) => void told.push(message))
    await until(() => world.server.connected()).toBe(1)
  })
  afterEach(() => world.close())

  async function asked(text = '补贴多少'): Promise<void> {
    const before = told.length
    world.server.say('zhangsan', text)
    await until(() => told.length).toBe(before + 1)
  }

  test('the first reply stands under the question with a verdict to give, the next is pushed', async () => {
    await asked()
    await world.channel.send(
      chat,
      say('最高50万元', {
        buttons: [
          [
            { label: '有帮助', data: 'f:7:helpful' },
            { label: '转人工', data: 'human' },
          ],
        ],
      }),
    )
    expect(shown()).toMatchObject([
      { kind: 'stream', text: '最高50万元', finished: true, feedback: 'f:7' },
      { kind: 'template_card', buttons: [{ text: '有帮助' }, { text: '转人工' }] },
    ])
    await world.channel.send(chat, say('还有吗？'))
    expect(shown().at(-1)).toMatchObject({ kind: 'markdown', text: '还有吗？' })
    world.server.event('zhangsan', 'feedback_event', { id: 'f:7', type: 2, content: '不全' })
    await until(() => told.at(-1)).toMatchObject({ kind: 'button', button: 'f:7:not_helpful', text: '不全' })
    const card = shown()[1]
    world.server.event('zhangsan', 'template_card_event', { event_key: card?.buttons[1]?.key, task_id: card?.taskId })
    await until(() => shown()[1]?.updated).toBe('✓ 转人工')
    await until(() => told.at(-1)?.button).toBe('human')
  })

  test('a preview grows, one frame at a time, and the reply takes its place with the verdict', async () => {
    world.server.knobs.ackMs = 30
    await asked()
    const stream = world.channel.stream?.(chat, 'key')
    for (const each of ['补', '补贴', '补贴最高']) stream?.show(each)
    await until(() => shown()[0]?.text).toBe('补贴最高')
    const replaces = (await stream?.end()) ?? undefined
    expect(replaces).toMatch(/^[0-9a-f]{32}$/)
    await world.channel.send(
      chat,
      say('补贴最高50万元', {
        replaces,
        buttons: [
          [
            { label: '有帮助', data: 'f:9:helpful' },
            { label: '没帮助', data: 'f:9:not_helpful' },
          ],
        ],
      }),
    )
    expect(shown()[0]).toMatchObject({ text: '补贴最高50万元', finished: true, feedback: replaces })
    expect(shown().map((each) => each.kind)).toEqual(['stream', 'template_card'])
    world.server.event('zhangsan', 'feedback_event', { id: replaces, type: 1 })
    await until(() => told.at(-1)?.button).toBe('f:9:helpful')
  })

  test('when the line breaks, ids are dead: it is opened anew and the reply is pushed', async () => {
    await asked()
    world.server.drop()
    await until(() =>
      world.channel.send(chat, say('还在')).then(
        () => 'said',
        (error: { code: string }) => error.code,
      ),
    ).toBe('said')
    expect(shown()).toMatchObject([{ kind: 'markdown', text: '还在' }])
  })

  test('a reply is pushed when its stream has ended, its id is unknown or its connection forgotten', async () => {
    await asked()
    world.server.fail('aibot_respond_msg', 846608)
    await world.channel.send(chat, say('一'))
    await asked()
    world.server.fail('aibot_respond_msg', 846605)
    await world.channel.send(chat, say('二'))
    world.server.knobs.forgotten = true
    await expect(world.channel.send(chat, say('三'))).rejects.toMatchObject({ code: 'unavailable', retry: true })
    await until(() =>
      world.channel.send(chat, say('三')).then(
        () => 'said',
        (error: { code: string }) => error.code,
      ),
    ).toBe('said')
    expect(shown().map((each) => each.text)).toEqual(['一', '二', '三'])
  })

  test('of two processes one is connected; when it goes the other takes over at once', async () => {
    const other = world.another()
    await other.start(async () => undefined)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(world.server.kicks()).toBe(0)
    await expect(other.send(chat, say('x'))).rejects.toMatchObject({ code: 'unavailable', retry: true })
    await world.channel.stop()
    await until(() => world.server.connected()).toBe(1)
    expect(world.server.kicks()).toBe(0)
  })

  test('a connection pushed out by a stranger reports it, and does not push back', async () => {
    const rival = await world.server.rival()
    await until(() => world.channel.problem?.()?.message).toContain('Another program')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(world.server.kicks()).toBe(1)
    rival.terminate()
  })

  test('a welcome is sent within its five seconds, and not after them', async () => {
    const reqId = world.server.event('zhangsan', 'enter_chat')
    await until(() => told.at(-1)).toMatchObject({ kind: 'entered', replyCode: reqId })
    const welcome = (code: string) => say('您好', { at: { moment: 'welcome', code }, courtesy: true })
    await world.channel.send(chat, welcome(String(reqId)))
    expect(shown()).toMatchObject([{ kind: 'text', text: '您好' }])
    await expect(world.channel.send(chat, welcome('old'))).rejects.toMatchObject({ code: 'window_closed' })
  })

  test('a group is one chat, its people are told apart, and its file has a name and opens with its key', async () => {
    const group = { chattype: 'group', chatid: 'G1', from: { userid: 'lisi' } }
    world.server.deliver({ ...group, msgtype: 'text', text: { content: '@园桥 补贴多少' } })
    await until(() => told.at(-1)).toMatchObject({
      chat: 'wecom-aibot:group/G1',
      from: { id: 'wecom-aibot:lisi' },
      text: '补贴多少',
      group: true,
    })
    await world.channel.send('wecom-aibot:group/G1', say('50万元'))
    expect(world.server.shown.at(-1)).toMatchObject({ chat: 'G1', text: '50万元' })

    const key = randomBytes(32)
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const words = Buffer.from('第一条 总则')
    const padding = 32 - (words.length % 32)
    const sealed = Buffer.concat([cipher.update(Buffer.concat([words, Buffer.alloc(padding, padding)])), cipher.final()])
    const url = world.server.file(sealed, '办法.docx')
    world.server.deliver({
      chattype: 'single',
      from: { userid: 'zhangsan' },
      msgtype: 'file',
      file: { url, aeskey: key.toString('base64') },
    })
    await until(() => told.at(-1)?.file?.name).toBe('办法.docx')
    const ref = told.at(-1)?.file?.ref ?? ''
    expect(Buffer.from((await world.channel.fetchFile?.(ref, { mostBytes: 1000 })) ?? []).toString()).toBe('第一条 总则')
    await expect(world.channel.fetchFile?.(ref, { mostBytes: 3 })).rejects.toMatchObject({ code: 'refused' })
  })

  test('no more than thirty messages a minute go out, frames of previews included', async () => {
    await asked()
    const stream = world.channel.stream?.(chat, 'key')
    stream?.show('一')
    await until(() => shown().length).toBe(1)
    await stream?.end()
    let code = ''
    for (let index = 0; index < 40 && code === ''; index += 1)
      code = await world.channel.send(chat, say(`${index}`)).then(
        () => '',
        (error: { code: string }) => error.code,
      )
    expect(code).toBe('rate_limited')
    expect(world.server.frames.filter((each) => each.cmd !== 'ping').length).toBeLessThanOrEqual(30)
  })
})

test('a preview that takes longer than the platform listens is ended, and its turn with it', async () => {
  const frames: unknown[] = []
  const ask = async (_: string, body: unknown) => {
    frames.push(body)
    return {}
  }
  const socket: Socket = { ask, over: new Promise(() => undefined), close: () => undefined }
  const turns = openTurns()
  const message = incomingOf({ msgid: '1', from: { userid: 'lisi' }, msgtype: 'text', text: { content: '补贴多少' } }, 'REQ')
  if (message === null) throw new Error('no message')
  turns.note(message, 'REQ', socket)
  const { state } = channelMemory()('wecom-aibot')
  const stream = previews({ socket: () => socket, turns, state }, 50)(message.chat, 'key')
  stream.show('补贴')
  await expect.poll(() => frames.at(-1)).toMatchObject({ stream: { finish: true, content: '补贴\n…' } })
  expect(await stream.end()).toBeNull()
  expect(turns.of(message.chat, socket)).toBeNull()
})

test('a wrong secret is said with what to do', async () => {
  const world = await aibotWorld()
  world.server.fail('aibot_subscribe', 40001, 3)
  await world.channel.start(async () => undefined)
  await expect.poll(() => world.channel.problem?.()?.hint).toContain('WECOM_AIBOT_SECRET')
  await world.close()
})
