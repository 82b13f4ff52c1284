import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Channel, ChannelError } from '../../bot/channels/channel.ts'
import { ticketDelivery } from '../../bot/handoff/delivery.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { outbox } from '../../bot/outbox.ts'
import { calls } from '../../bot/records/calls.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** Brokers work in WeCom's app and on the web desk; one door or one person cannot be reached. */
let desk: TestDesk
let wang: Person
const refused = new Map<string, ConstructorParameters<typeof ChannelError>[0]>()
const arrived: { chat: string; text: string }[] = []
const directChat = (person: Person) => (person.wecom === null ? null : `wecom:${person.wecom}`)

beforeAll(async () => {
  desk = await openTestDesk({ desk: null, directChat })
  wang = await desk.broker('王工', { wecom: 'wang' })
  await desk.broker('赵主任', { role: 'lead', wecom: 'zhao', capacity: 1, hours: '7 00:00-00:01' })
})
afterAll(() => desk.close())

/** The sending side of a service, with a platform that says no where it is told to. */
async function sendAll(): Promise<void> {
  const { deps, database } = desk
  const channel: Pick<Channel, 'name' | 'send'> = {
    name: 'any',
    async send(chat, body) {
      const code = refused.get(chat)
      if (code !== undefined) throw new ChannelError(code, 'no')
      if (body.kind === 'text') arrived.push({ chat, text: body.blocks.flatMap((block) => block.spans).join('\n') })
      return { messageIds: [randomUUID()] }
    },
  }
  const delivery = ticketDelivery({
    ...deps,
    ...{ calls: calls(database.pool), desk: () => null, directChat, texts: deps.texts.zh },
  })
  const box = outbox({
    ...{ pool: database.pool, log: silentLog, owner: 'test', ...delivery },
    channelOf: () => channel as Channel, // nothing else of it is asked
    partsOf: (_, body) => (body.kind === 'hand_off' ? [] : [body]),
  })
  while (await box.sendNext());
}

async function inHand(chat: string): Promise<string> {
  await desk.write(chat, '有没有低温脱氮成果？')
  await desk.settle()
  const id = (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''
  await act(id, { do: 'claim' })
  await sendAll()
  return id
}
async function act(id: string, action: Parameters<TestDesk['post']>[2]): Promise<void> {
  const result = desk.post(wang, id, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  await result
}
const notes = async (id: string) =>
  ((await desk.view.open(wang, id))?.transcript ?? []).filter((line) => line.author === 'note').map((line) => line.text)
const to = (chat: string) => arrived.filter((each) => each.chat === chat).map((each) => each.text)

test.each([
  ['the person blocks the bot while a broker answers', 'chat_gone', '没有送达：对方已停用或屏蔽了机器人'],
  ['a human of the platform has the chat', 'not_our_turn', '企业微信里的同事正在接待'],
  ['the platform does not take the words', 'refused', '没有送达：平台没有收下这条消息'],
] as const)('%s: the case and the broker’s chat say so where there is no topic', async (_, code, words) => {
  const chat = `kf:a:${randomUUID()}`
  const id = await inHand(chat)
  refused.set(chat, code)
  await act(id, { do: 'reply', text: '有两项，我发您资料。' })
  await sendAll()
  expect(await notes(id)).toEqual([expect.stringContaining(words)])
  expect(to('wecom:wang').at(-1)).toContain(words)
  refused.delete(chat)
  await act(id, { do: 'close' })
})

test('a broker who cannot be reached in their own chat: the case and a lead hear of it once, nobody says that the person has left', async () => {
  const chat = `kf:a:${randomUUID()}`
  refused.set('wecom:wang', 'chat_gone')
  const id = await inHand(chat)
  for (const words of ['水量每天两百吨', '冬天进水十度']) {
    await desk.write(chat, words)
    await desk.settle()
    await sendAll()
  }
  expect(await notes(id)).toEqual([expect.stringContaining(`王工收不到机器人的私聊消息，T${id}`)])
  expect(to('wecom:zhao').filter((text) => text.includes('收不到'))).toHaveLength(1)
  expect(to('wecom:zhao').join()).not.toContain('屏蔽了机器人')
  expect(to(chat).join()).not.toContain('收不到')
  refused.delete('wecom:wang')
  await act(id, { do: 'close' })
})

test('one door is down: what is for the others goes out, in order, and what waited follows when it is back', async () => {
  const [down, up] = [`kf:a:${randomUUID()}`, `web:${randomUUID()}`]
  refused.set(down, 'unavailable')
  const one = await inHand(down)
  const two = await inHand(up)
  await act(one, { do: 'reply', text: '第一句' })
  await act(one, { do: 'reply', text: '第二句' })
  await act(two, { do: 'reply', text: '您好' })
  await sendAll()
  expect(to(up).at(-1)).toContain('您好')
  expect(to(down)).toEqual([])
  refused.delete(down)
  await expect
    .poll(async () => {
      await desk.database.pool.query(`update outbox set run_at = now() where state = 'ready'`)
      await sendAll()
      return to(down).slice(-2)
    })
    .toEqual([expect.stringContaining('第一句'), expect.stringContaining('第二句')])
})
