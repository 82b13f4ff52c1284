import type { ChannelCheck, ChannelState } from '../../channel.ts'
import { checked, good } from '../check.ts'
import type { Socket } from './socket.ts'
import { isHeld } from './supervise.ts'

/** A second connection would push the service's out, so it is tried only while nobody holds the lease. */
export async function checks(state: ChannelState, open: () => Promise<Socket>): Promise<ChannelCheck[]> {
  const name = 'aibot'
  return [
    await checked(name, async () => {
      if (await isHeld(state)) return good(name, 'the running service is connected')
      const socket = await open()
      socket.close()
      await socket.over
      return good(name, 'bot and secret are right; the service is not connected just now')
    }),
  ]
}
