import { expect, test } from 'vitest'
import { httpServer } from '../../bot/http.ts'
import { silentLog } from '../../retrieval/base/log.ts'

test('a request that trickles in ends when its time is over: the head’s limit is below the whole’s, which Node would else swap', async () => {
  const http = await httpServer({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ready: async () => ({ ok: true, checks: [] }),
    metrics: async () => '',
  })
  try {
    const { headersTimeout, requestTimeout } = http.app.server
    expect(headersTimeout).toBeGreaterThan(0)
    expect(headersTimeout).toBeLessThan(requestTimeout)
    expect(requestTimeout).toBeLessThanOrEqual(15_000)
  } finally {
    await http.close()
  }
})

test('an address nobody can listen on is named, with what to do', async () => {
  const http = await httpServer({
    host: '203.0.113.9',
    port: 0,
    log: silentLog,
    ready: async () => ({ ok: true, checks: [] }),
    metrics: async () => '',
  })
  await expect(http.listen()).rejects.toMatchObject({ code: 'bad_host', hint: expect.stringContaining('Set HOST') })
})
