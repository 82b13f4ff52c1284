import { afterAll, beforeAll, expect, test } from 'vitest'
import { channelState } from '../../bot/channels/state.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('twenty changes at once each see the one before, and one of many gets a lease', async () => {
  const state = channelState(database.pool, 'test')
  const numbers = await Promise.all(
    Array.from({ length: 20 }, () =>
      state.change('count', (value) => {
        const next = Number(value ?? 0) + 1
        return { value: next, result: next }
      }),
    ),
  )
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  expect(await state.get('count')).toBe(20)
  expect(await channelState(database.pool, 'other').get('count')).toBeUndefined()
})

test('a step that changes nothing, or fails, leaves the stored value', async () => {
  const state = channelState(database.pool, 'test')
  await state.set('kept', { a: 1 })
  expect(await state.change('kept', (value, now) => ({ result: [value, now instanceof Date] }))).toEqual([{ a: 1 }, true])
  await expect(
    state.change('kept', () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await state.get('kept')).toEqual({ a: 1 })
})
