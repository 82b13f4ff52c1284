import { z } from 'zod'
import { loadTexts } from '../../prompts/load.ts'
import type { Env } from '../../retrieval/base/env.ts'
import { plugin } from '../../retrieval/base/plugin.ts'
import type { Channel, ChannelDeps, ChannelError } from './channel.ts'
import { checks } from './wecom/aibot/check.ts'
import { partsOf, textLimit } from './wecom/aibot/outgoing.ts'
import { previews } from './wecom/aibot/preview.ts'
import { fileAt, receiver } from './wecom/aibot/receive.ts'
import { send } from './wecom/aibot/send.ts'
import { type Callback, heartbeatMs, openSocket, type Socket } from './wecom/aibot/socket.ts'
import { type Supervised, supervise } from './wecom/aibot/supervise.ts'
import { openTurns } from './wecom/aibot/turns.ts'
import { cardPrompt } from './wecom/cards.ts'
import { openFile } from './wecom/crypto.ts'
import { anySet, reachSettings } from './wecom/settings.ts'
import { fetchUrl, nameOfUrl } from './wecom/transport.ts'

const settings = z.object({
  WECOM_AIBOT_ID: z.string().min(4, 'is too short').describe('Bot ID: 智能机器人 → API模式 → 长连接'),
  WECOM_AIBOT_SECRET: z.string().min(8, 'is too short').describe('Secret of the same page'),
  WECOM_AIBOT_URL: z
    .url({ protocol: /^wss?$/, error: 'is not a ws(s) address' })
    .default('wss://openws.work.weixin.qq.com')
    .describe('change only for a private gateway'),
  WECOM_PROXY: reachSettings.shape.WECOM_PROXY,
})
type Settings = z.infer<typeof settings>

const isOn = (env: Env) => anySet(env, ['WECOM_AIBOT_ID', 'WECOM_AIBOT_SECRET', 'WECOM_AIBOT_URL'])

/** WeCom's AI bot over its long connection: no public address needed, streamed replies, groups by @name. */
export const wecomAibot = plugin('wecom-aibot', settings, aibotChannel, isOn)

function aibotChannel(config: Settings, deps: ChannelDeps): Channel {
  const stopping = new AbortController()
  const turns = openTurns()
  let supervised: Supervised | null = null
  let receiving: ReturnType<typeof receiver> | null = null
  let trouble: ChannelError | null = null
  const socket = () => supervised?.current() ?? null
  const needs = { socket, turns, state: deps.state, prompt: cardPrompt(loadTexts()) }

  async function connect(take: (callback: Callback, socket: Socket) => void): Promise<Socket> {
    const early: Callback[] = []
    let opened: Socket | null = null
    opened = await openSocket({
      url: config.WECOM_AIBOT_URL,
      botId: config.WECOM_AIBOT_ID,
      secret: config.WECOM_AIBOT_SECRET,
      proxy: config.WECOM_PROXY,
      heartbeatMs,
      onCallback: (callback) => (opened === null ? void early.push(callback) : take(callback, opened)),
    })
    for (const callback of early) take(callback, opened)
    return opened
  }

  return {
    name: 'wecom-aibot',
    limit: { size: textLimit, unit: 'bytes' },
    desk: null,
    files: true,
    async start(give) {
      const nameOf = (url: string) => nameOfUrl(url, config.WECOM_PROXY)
      const { take, settled } = receiver({ log: deps.log, state: deps.state, turns, nameOf, give, stopping: stopping.signal })
      receiving = { take, settled }
      const noted = (error: ChannelError | null) => {
        trouble = error
      }
      supervised = supervise({ open: () => connect(take), state: deps.state, log: deps.log, noted, stopping: stopping.signal })
    },
    parts: (outgoing) => (outgoing.kind === 'text' ? partsOf(outgoing) : [outgoing]),
    send: (chat, outgoing, key) => send(needs, chat, outgoing, key),
    stream: previews(needs),
    async fetchFile(ref, limits) {
      const { url, aesKey } = fileAt(ref)
      const bytes = await fetchUrl(url, { proxy: config.WECOM_PROXY, ...limits })
      return aesKey === '' ? bytes : openFile(bytes, aesKey)
    },
    check: () => checks(deps.state, () => connect(() => undefined)),
    problem: () => (trouble === null ? null : { code: trouble.code, message: trouble.message, hint: trouble.hint ?? null }),
    async stop() {
      stopping.abort()
      await supervised?.ended
      await receiving?.settled()
    },
  }
}
