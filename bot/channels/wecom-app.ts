import { z } from 'zod'
import { loadTexts } from '../../prompts/load.ts'
import type { Env } from '../../retrieval/base/env.ts'
import { errorFields } from '../../retrieval/base/log.ts'
import { plugin } from '../../retrieval/base/plugin.ts'
import { untilItWorks } from './base/start.ts'
import { type Channel, type ChannelCheck, type ChannelDeps, ChannelError } from './channel.ts'
import type { IncomingMessage } from './message.ts'
import { incomingOf } from './wecom/app/incoming.ts'
import { offerMenu } from './wecom/app/menu.ts'
import { partsOf, textLimit } from './wecom/app/outgoing.ts'
import { send, userOf } from './wecom/app/send.ts'
import { receiveCallbacks } from './wecom/callback.ts'
import { cardPrompt, pressedOf } from './wecom/cards.ts'
import { addressCheck, agentCheck, callbackCheck, checked, memberIds, membersCheck, sendingCheck } from './wecom/check.ts'
import { type WecomClient, wecomClient } from './wecom/client.ts'
import type { CallbackKeys } from './wecom/crypto.ts'
import { aesKeySetting, anySet, corpSettings, reachSettings, tokenMemory, tokenSetting } from './wecom/settings.ts'
import { type Xml, xmlText } from './wecom/xml.ts'

const settings = z.object({
  ...corpSettings.shape,
  WECOM_AGENT_ID: z.coerce.number('is a number').int().min(1).describe('AgentId on the app’s page, like 1000002'),
  WECOM_AGENT_SECRET: z.string().min(8, 'is too short').describe('Secret on the app’s page'),
  WECOM_TOKEN: tokenSetting,
  WECOM_AES_KEY: aesKeySetting,
  ...reachSettings.shape,
})
type Settings = z.infer<typeof settings>

const own = ['WECOM_AGENT_ID', 'WECOM_AGENT_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY']
const others = ['WECOM_KF_IDS', 'WECOM_AIBOT_ID', 'WECOM_AIBOT_SECRET']

/** A corp id alone says that WeCom is wanted but not which channel: that is half-set too. */
function isOn(env: Env): boolean {
  return anySet(env, own) || (anySet(env, ['WECOM_CORP_ID']) && !anySet(env, others))
}

/** The self-built app: members, brokers and staff write to it in private; callbacks in, `message/send` out. */
export const wecomApp = plugin('wecom', settings, wecomAppChannel, isOn)

type OnMessage = (message: IncomingMessage) => Promise<void>

function wecomAppChannel(config: Settings, deps: ChannelDeps): Channel {
  const client = clientOf(config, deps)
  const stopping = new AbortController()
  const sending = { client, agentId: config.WECOM_AGENT_ID, state: deps.state, prompt: cardPrompt(loadTexts()) }
  const going = new Set<Promise<unknown>>()
  let onMessage: OnMessage | null = null
  let starting: Promise<unknown> = Promise.resolve()
  let trouble: ChannelError | null = null
  const noted = (error: unknown) => {
    trouble = error instanceof ChannelError && error.code === 'misconfigured' ? error : null
  }
  function track<Result>(work: Promise<Result>): Promise<Result> {
    const done = work.finally(() => going.delete(done))
    going.add(done)
    return done
  }

  async function take(callback: Xml, give: OnMessage): Promise<void> {
    const { message, dropped } = incomingOf(callback)
    if (message === null) return deps.log('wecom_callback_dropped', { reason: dropped })
    if (message.kind === 'entered' && (await wasGreeted(deps, message))) return
    await give(message)
    if (message.kind === 'entered') await deps.state.set(greetedAt(message), message.sentAt)
    // Not awaited: WeCom waits at most five seconds for our answer.
    if (message.kind === 'button') void track(showChoice(client, config.WECOM_AGENT_ID, callback).catch(unshown))
  }
  const unshown = (error: unknown) => deps.log('wecom_card_not_updated', errorFields(error))

  receiveCallbacks(deps.http, deps.log, {
    name: 'wecom',
    state: deps.state,
    keys: keysOf(config),
    wants: (callback) => isForApp(callback, config.WECOM_AGENT_ID),
    taker: () => {
      const give = stopping.signal.aborted ? null : onMessage
      return give === null ? null : (callback) => track(take(callback, give))
    },
  })

  return {
    name: 'wecom',
    limit: { size: textLimit, unit: 'bytes' },
    desk: null,
    files: true,
    async start(give) {
      onMessage = give
      const introduction = () => offerMenu(client, config.WECOM_AGENT_ID, deps.log)
      starting = untilItWorks(introduction, { log: deps.log, event: 'wecom_not_started', stopping: stopping.signal, noted })
    },
    parts: (outgoing) => (outgoing.kind === 'text' ? partsOf(outgoing) : [outgoing]),
    async send(chat, outgoing, key) {
      try {
        const receipt = await send(sending, chat, outgoing, key)
        noted(null)
        return receipt
      } catch (error) {
        noted(error)
        throw error
      }
    },
    fetchFile: (ref, limits) => client.download(ref, limits),
    check: (people) => checks(client, config, deps, people),
    problem: () => (trouble === null ? null : { code: trouble.code, message: trouble.message, hint: trouble.hint ?? null }),
    async stop() {
      stopping.abort()
      await starting
      while (going.size > 0) await Promise.allSettled(going)
    },
  }
}

function keysOf(config: Settings): CallbackKeys {
  return { token: config.WECOM_TOKEN, aesKey: config.WECOM_AES_KEY, receiveId: config.WECOM_CORP_ID }
}

/** When the first check fails, the checks that depend on it are skipped. */
async function checks(
  client: WecomClient,
  config: Settings,
  deps: ChannelDeps,
  people: readonly string[],
): Promise<ChannelCheck[]> {
  const app = await checked('wecom app', () => agentCheck('wecom app', client, config.WECOM_AGENT_ID))
  const members = () => membersCheck('wecom members', client, memberIds(people))
  return [
    app,
    ...(app.ok ? [await checked('wecom members', members), await sendingCheck('wecom sending', client)] : []),
    await callbackCheck('wecom callback', deps.state),
    await addressCheck('wecom address', deps.publicUrl, keysOf(config)),
  ]
}

function clientOf(config: Settings, deps: ChannelDeps): WecomClient {
  return wecomClient({
    corpId: config.WECOM_CORP_ID,
    secret: config.WECOM_AGENT_SECRET,
    apiRoot: config.WECOM_API_ROOT,
    proxy: config.WECOM_PROXY,
    state: deps.stateOf(tokenMemory),
  })
}

/** Callbacks of 微信客服 or of another app at the same address are not ours. */
function isForApp(callback: Xml, agentId: number): boolean {
  if (/^kf_/.test(xmlText(callback, 'Event') ?? '')) return false
  const agent = xmlText(callback, 'AgentID')
  return agent === null || agent === '' || agent === String(agentId)
}

function greetedAt({ chat }: IncomingMessage): string {
  return `greeted:${userOf(chat)}`
}

/** People open the app many times a day; the welcome is sent once. */
async function wasGreeted(deps: ChannelDeps, message: IncomingMessage): Promise<boolean> {
  return (await deps.state.get(greetedAt(message))) != null
}

/** Shows the choice on the card, which then takes no second click. Its code is good for one change. */
async function showChoice(client: WecomClient, agentid: number, callback: Xml): Promise<void> {
  const response_code = xmlText(callback, 'ResponseCode') ?? ''
  const { label } = pressedOf(xmlText(callback, 'EventKey') ?? '')
  if (response_code === '' || label === '') return
  const user = xmlText(callback, 'FromUserName') ?? ''
  await client.updateCard({ userids: [user], agentid, response_code, button: { replace_name: `✓ ${label}` } })
}
