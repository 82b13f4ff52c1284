import { fastify } from 'fastify'
import type { Channel, ChannelDeps } from '../../bot/channels/channel.ts'
import type { Env } from '../../retrieval/base/env.ts'
import type { Fields, Log } from '../../retrieval/base/log.ts'
import { channelMemory } from './channel-memory.ts'
import { freePort } from './free-port.ts'

type Plugin = { open(env: Env, deps: ChannelDeps): Channel }

/** Opens one channel as often as it is asked, each time beside an HTTP server of its own, as restarted processes do; memory and log stay. */
export function channelHost(plugin: Plugin, name: string) {
  const log: { readonly event: string; readonly fields: Fields }[] = []
  const note: Log = (event, fields = {}) => void log.push({ event, fields })
  const memory = channelMemory()
  const opened: { stop(): Promise<unknown> }[] = []
  let url = ''
  return {
    log,
    /** Where the newest one listens. */
    url: () => url,
    /** @param isPublic tells the channel this address as its public one */
    async open(env: Env, isPublic = false): Promise<Channel> {
      const app = fastify({ forceCloseConnections: true })
      const port = await freePort()
      url = `http://127.0.0.1:${port}`
      const channel = plugin.open(env, { log: note, ...memory(name), http: app, publicUrl: isPublic ? url : null })
      await app.listen({ host: '127.0.0.1', port })
      opened.push({ stop: () => channel.stop() }, { stop: () => app.close() })
      return channel
    },
    async close(): Promise<void> {
      for (const each of opened) await each.stop()
    },
  }
}
