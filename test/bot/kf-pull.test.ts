import { expect, test } from 'vitest'
import type { Batch } from '../../bot/channels/channel.ts'
import { wecomError } from '../../bot/channels/wecom/errcodes.ts'
import { memoryOf } from '../../bot/channels/wecom/kf/memory.ts'
import { puller } from '../../bot/channels/wecom/kf/pull.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { channelMemory } from '../fakes/channel-memory.ts'

const account = 'wk1'
const item = {
  msgid: 'm1',
  open_kfid: account,
  external_userid: 'wm1',
  send_time: Math.floor(Date.now() / 1000),
  origin: 3,
  msgtype: 'text',
  text: { content: '还在吗' },
}

test('a cursor the platform no longer knows, after days without us, does not end the reading', async () => {
  const { state } = channelMemory()('kf')
  await state.set(`sync:${account}`, { cursor: 'from-last-week', bell: null, at: 0, since: 0 })
  const asked: unknown[] = []
  const batches: Batch[] = []
  const stopping = new AbortController()
  const pull = puller({
    account,
    client: {
      async post(method, data) {
        const { cursor } = data as { cursor?: string } // as `pull.ts` asks
        asked.push(cursor)
        if (cursor !== undefined) throw wecomError(method, 40058, 'invalid cursor')
        return { errcode: 0, next_cursor: 'fresh', has_more: 0, msg_list: [item] }
      },
      undelivered: () => {},
    },
    memory: memoryOf(state),
    names: async (items) => [...items],
    owner: 'one',
    onBatch: async (batch) => void batches.push(batch),
    log: silentLog,
    stopping: stopping.signal,
    noted: () => {},
  })
  const running = pull.run()
  while (batches.length === 0) await new Promise((go) => setTimeout(go, 5))
  stopping.abort()
  await running
  expect(asked.slice(0, 2)).toEqual(['from-last-week', undefined])
  expect(batches[0]?.messages.map((each) => each.text)).toEqual(['还在吗'])
  expect(batches[0]?.moved).toMatchObject({ from: { cursor: 'from-last-week' }, to: { cursor: 'fresh' } })
})
