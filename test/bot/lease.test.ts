import { expect, test } from 'vitest'
import { whileRenewed } from '../../bot/queue/lease.ts'

const pause = (ms: number) => new Promise<void>((go) => setTimeout(go, ms))

test('a lease is renewed while work goes on, also after a renewal that failed, and not afterwards', async () => {
  let renewed = 0
  const renew = async () => {
    renewed += 1
    if (renewed === 1) throw new Error('the database is away')
  }
  expect(await whileRenewed({ everyMs: 5, mostMs: 1_000 }, renew, () => pause(60).then(() => 'done'))).toBe('done')
  const then = renewed
  expect(then).toBeGreaterThan(1)
  await pause(20)
  expect(renewed).toBe(then)
})

test('work that fails says so, and ends the renewing', async () => {
  let renewed = 0
  const renew = async () => {
    renewed += 1
  }
  const failing = whileRenewed({ everyMs: 5, mostMs: 1_000 }, renew, () => pause(12).then(() => Promise.reject(new Error('no'))))
  await expect(failing).rejects.toThrow('no')
  const then = renewed
  await pause(20)
  expect(renewed).toBe(then)
})

test('work that never ends is renewed for a while only, so that somebody else can take it up', async () => {
  let renewed = 0
  const renew = async () => {
    renewed += 1
  }
  const endless = whileRenewed({ everyMs: 5, mostMs: 30 }, renew, () => pause(150))
  await pause(80)
  const then = renewed
  expect(then).toBeGreaterThan(0)
  await endless
  expect(renewed).toBe(then)
})
