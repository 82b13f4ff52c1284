import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Channel } from '../../bot/channels/channel.ts'
import type { IncomingMessage } from '../../bot/channels/message.ts'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { plainText } from '../../bot/channels/plain.ts'
import { openPark } from '../../bot/open.ts'
import { openService } from '../../bot/service.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { plugin } from '../../retrieval/base/plugin.ts'
import type { Library } from '../../retrieval/library.ts'
import { openTestDatabase } from '../fakes/database.ts'
import { policy } from '../fakes/library.ts'

export type ReplaceFigures = {
  readonly questions: number
  readonly replacements: number
  /** Replies that quoted a clause. */
  readonly quoted: number
  /** Replies held back because their clause was replaced while they waited. */
  readonly heldBack: number
  /** Replies that quoted a version replaced before they were sent: must be none. */
  readonly lost: number
  /** How long before its sending the latest quoted version had been replaced; a check and a send cannot be one instant. */
  readonly latestMs: number
}

type Options = {
  readonly questions: number
  readonly everyMs: number
  readonly progress?: (line: string) => void
}

const topics = [
  '光伏银浆',
  '纳滤膜',
  '机器视觉',
  '氢能储运',
  '生物传感',
  '碳纤维',
  '量子测量',
  '医用影像',
  '激光雷达',
  '工业软件',
]
/** The check of the database and the send after it are two steps; a change between them was still in force when it was checked. */
const oneLookMs = 25
const atOnce = 40

/** Asks questions through the whole bot while their documents are replaced all the time. Runs on what TEST_DATABASE_URL names. */
export async function runReplace({ questions, everyMs, progress = () => {} }: Options): Promise<ReplaceFigures> {
  const database = await openTestDatabase()
  const env = { PORT: '0', PARK_REGION: '*' }
  const park = await openPark(env, { holder: 'campaign', exclusive: false, log: silentLog, database: { ...database } })
  const replacedAt = new Map<string, number>()
  const versions = topics.map(() => 1)
  for (const topic of topics.keys()) await put(park.library, topic, 1)
  const probe = probeChannel()
  const service = await openService({
    ...{ park, env, log: silentLog, owner: randomUUID(), input: null, output: new PassThrough(), greeting: () => '' },
    plugins: [
      plugin(
        'probe',
        z.object({}),
        () => probe.channel,
        () => true,
      ),
    ],
  })
  let running = true
  let replacements = 0
  const replacing = (async () => {
    while (running) {
      const topic = replacements % topics.length
      const version = (versions[topic] ?? 1) + 1
      await put(park.library, topic, version)
      replacedAt.set(`${topic}:${version - 1}`, performance.now())
      versions[topic] = version
      replacements += 1
      await wait(everyMs)
    }
  })()
  for (let asked = 0; asked < questions; asked += 1) {
    while (asked - probe.replies.length >= atOnce) await wait(2)
    await probe.ask(asked, `${topics[asked % topics.length]}项目的奖励是多少元`)
    if (asked % 500 === 499) progress(`${asked + 1} asked, ${probe.replies.length} replies, ${replacements} replacements`)
  }
  const until = performance.now() + 60_000
  while (probe.replies.length < questions && performance.now() < until) await wait(20)
  running = false
  await replacing
  await service.stop()
  await park.close()
  return figuresOf(probe.replies, replacedAt, { questions, replacements })
}

async function put(library: Library, topic: number, version: number): Promise<void> {
  const name = topics[topic] ?? ''
  await library.documents.replace(
    policy(`${name}项目奖励办法`, {
      docNo: `测园管〔2025〕${topic + 1}号`,
      sha256: `${topic}:${version}`,
      passages: [`${name}项目通过验收的，给予一次性奖励${topic * 1_000_000 + version}元。`],
    }),
  )
}

type Reply = { readonly text: string; readonly at: number }

function figuresOf(
  replies: readonly Reply[],
  replacedAt: ReadonlyMap<string, number>,
  counts: Pick<ReplaceFigures, 'questions' | 'replacements'>,
): ReplaceFigures {
  const quotes = replies.flatMap(({ text, at }) => {
    const sum = Number(/一次性奖励(\d+)元/.exec(text)?.[1] ?? Number.NaN)
    if (Number.isNaN(sum)) return []
    const gone = replacedAt.get(`${Math.floor(sum / 1_000_000)}:${sum % 1_000_000}`)
    return [gone === undefined ? 0 : Math.max(0, at - gone)]
  })
  return {
    ...counts,
    quoted: quotes.length,
    heldBack: replies.filter(({ text }) => text.includes('刚刚更新')).length,
    lost: quotes.filter((late) => late > oneLookMs).length + (counts.questions - replies.length),
    latestMs: Math.round(Math.max(0, ...quotes) * 10) / 10,
  }
}

/** A channel that records when each reply begins to be sent. */
function probeChannel() {
  const replies: Reply[] = []
  let hear: (message: IncomingMessage) => Promise<void> = async () => {}
  const channel: Channel = {
    name: 'probe',
    limit: { size: 4096, unit: 'utf16' },
    desk: null,
    async start(onMessage) {
      hear = onMessage
    },
    async send(_chat: string, outgoing: Outgoing) {
      if (outgoing.kind === 'text') replies.push({ text: plainText(outgoing.blocks), at: performance.now() })
      return { messageIds: [] }
    },
    async stop() {},
  }
  const ask = (number: number, text: string) =>
    hear({
      ...{ externalId: `q${number}`, chat: `probe:${number}`, from: { id: `probe:${number}`, name: null }, kind: 'text', text },
      ...{ button: null, file: null, quoted: null, group: false, addressed: true, language: 'zh' },
      sentAt: new Date().toISOString(),
    })
  return { channel, replies, ask }
}
