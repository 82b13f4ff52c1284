import type { ChannelDeps, ChannelState } from '../../bot/channels/channel.ts'

/** A channel's memory without a database, shared by everybody who opens the same name. */
export function channelMemory(): (name: string) => Pick<ChannelDeps, 'state' | 'stateOf'> {
  const values = new Map<string, string>()
  const stateOf = (channel: string): ChannelState => {
    const at = (name: string) => `${channel}/${name}`
    const read = (name: string): unknown => JSON.parse(values.get(at(name)) ?? 'null') ?? undefined
    return {
      get: async (name) => read(name),
      set: async (name, value) => void values.set(at(name), JSON.stringify(value)),
      async change(name, step) {
        const { value, result } = step(read(name), new Date())
        if (value !== undefined) values.set(at(name), JSON.stringify(value))
        return result
      },
    }
  }
  return (name) => ({ state: stateOf(name), stateOf })
}
