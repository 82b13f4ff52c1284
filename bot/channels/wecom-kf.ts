import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Env } from '../../retrieval/base/env.ts'
import { plugin } from '../../retrieval/base/plugin.ts'
import { pageByPage } from './base/pages.ts'
import { type Channel, type ChannelDeps, ChannelError } from './channel.ts'
import { receiveCallbacks } from './wecom/callback.ts'
import { wecomClient } from './wecom/client.ts'
import { channelName } from './wecom/kf/address.ts'
import { checks } from './wecom/kf/check.ts'
import { memoryOf } from './wecom/kf/memory.ts'
import { namesOf } from './wecom/kf/names.ts'
import { joinAll, partsOf, textLimit } from './wecom/kf/outgoing.ts'
import { type Puller, puller } from './wecom/kf/pull.ts'
import { send } from './wecom/kf/send.ts'
import { aesKeySetting, anySet, corpSettings, reachSettings, tokenMemory, tokenSetting } from './wecom/settings.ts'
import { xmlText } from './wecom/xml.ts'

const own = 'defaults to the self-built app’s'
const each = z.object({
  ...corpSettings.shape,
  WECOM_KF_IDS: z
    .string()
    .regex(/^[\w-]+(?:\s*,\s*[\w-]+)*$/, 'is a list of open_kfid, separated by commas')
    .describe('微信客服 accounts (open_kfid), separated by commas'),
  WECOM_KF_SECRET: z.string().min(8, 'is too short').optional().describe(`Secret of the app that may call 微信客服; ${own}`),
  WECOM_KF_TOKEN: tokenSetting.optional().describe(`Token of that app’s callback; ${own}`),
  WECOM_KF_AES_KEY: aesKeySetting.optional().describe(`EncodingAESKey of that app’s callback; ${own}`),
  WECOM_AGENT_SECRET: z.string().min(8, 'is too short').optional(),
  WECOM_TOKEN: tokenSetting.optional(),
  WECOM_AES_KEY: aesKeySetting.optional(),
  ...reachSettings.shape,
})
/** Looked at even while a required one is missing, so that all that is missing is told at once. */
const oneOf = (name: 'WECOM_KF_SECRET' | 'WECOM_KF_TOKEN' | 'WECOM_KF_AES_KEY') => ({
  ...{ path: [name], message: 'is missing', when: () => true },
})
const settings = each
  .refine((set) => (set.WECOM_KF_SECRET ?? set.WECOM_AGENT_SECRET) !== undefined, oneOf('WECOM_KF_SECRET'))
  .refine((set) => (set.WECOM_KF_TOKEN ?? set.WECOM_TOKEN) !== undefined, oneOf('WECOM_KF_TOKEN'))
  .refine((set) => (set.WECOM_KF_AES_KEY ?? set.WECOM_AES_KEY) !== undefined, oneOf('WECOM_KF_AES_KEY'))
type Settings = z.infer<typeof settings>

/** 微信客服: the channel for people outside the company. The callback is only a doorbell; messages are read page by page. */
export const wecomKf = plugin(channelName, settings, kfChannel, (env: Env) =>
  anySet(env, ['WECOM_KF_IDS', 'WECOM_KF_SECRET', 'WECOM_KF_TOKEN', 'WECOM_KF_AES_KEY']),
)

function kfChannel(config: Settings, deps: ChannelDeps): Channel {
  const { secret, token, aesKey } = keysOf(config)
  const accounts = [...new Set(config.WECOM_KF_IDS.split(',').map((each) => each.trim()))]
  const client = wecomClient({
    corpId: config.WECOM_CORP_ID,
    secret,
    apiRoot: config.WECOM_API_ROOT,
    proxy: config.WECOM_PROXY,
    state: deps.stateOf(tokenMemory),
  })
  const keys = { token, aesKey, receiveId: config.WECOM_CORP_ID }
  const memory = memoryOf(deps.state)
  const owner = randomUUID()
  const stopping = new AbortController()
  const troubles = new Map<string, ChannelError>()
  const pullers = new Map<string, Puller>()
  let running: Promise<unknown> = Promise.resolve()

  receiveCallbacks(deps.http, deps.log, {
    name: channelName,
    state: deps.state,
    keys,
    wants: (callback) => /^kf_/.test(xmlText(callback, 'Event') ?? ''),
    taker: () => {
      if (pullers.size === 0 || stopping.signal.aborted) return null
      return async (callback) => {
        const account = xmlText(callback, 'OpenKfId') ?? ''
        const known = pullers.get(account)
        if (known === undefined) return deps.log('kf_bell_dropped', { event: xmlText(callback, 'Event')?.slice(0, 40) })
        await known.ring(xmlText(callback, 'Token'))
      }
    },
  })

  return {
    name: channelName,
    limit: { size: textLimit, unit: 'bytes' },
    desk: null,
    sessions: true,
    files: true,
    async start(onMessage, onBatch = pageByPage(onMessage, deps.state)) {
      for (const account of accounts) await memory.begin(account)
      const common = {
        client,
        memory,
        names: namesOf({ client, log: deps.log }),
        owner,
        onBatch,
        log: deps.log,
        stopping: stopping.signal,
      }
      for (const account of accounts) {
        const noted = (error: unknown) => {
          if (error instanceof ChannelError) troubles.set(account, error)
          else troubles.delete(account)
        }
        pullers.set(account, puller({ ...common, account, noted }))
      }
      running = Promise.all([...pullers.values()].map((each) => each.run()))
    },
    parts: (outgoing) => (outgoing.kind === 'text' ? partsOf(outgoing) : [outgoing]),
    join: joinAll,
    send: (chat, outgoing, key) => send({ client, memory, state: deps.state }, chat, outgoing, key),
    fetchFile: (ref, limits) => client.download(ref, limits),
    check: () => checks({ client, accounts, state: deps.state, publicUrl: deps.publicUrl, keys }),
    problem() {
      const [first] = troubles.values()
      return first === undefined ? null : { code: first.code, message: first.message, hint: first.hint ?? null }
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Its own keys where the park has an app for it, else the self-built app's; the settings say that there are some. */
function keysOf(config: Settings): { secret: string; token: string; aesKey: string } {
  return {
    secret: config.WECOM_KF_SECRET ?? config.WECOM_AGENT_SECRET ?? '',
    token: config.WECOM_KF_TOKEN ?? config.WECOM_TOKEN ?? '',
    aesKey: config.WECOM_KF_AES_KEY ?? config.WECOM_AES_KEY ?? '',
  }
}
