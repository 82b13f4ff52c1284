import { expect, test } from 'vitest'
import { chainOf } from '../../bot/models/chain.ts'
import { type Completion, type Model, ModelError } from '../../bot/models/model.ts'
import { silentLog } from '../../retrieval/base/log.ts'

const said: Completion = { text: '好', model: 'x', tokens: { input: 1, output: 1 } }
const messages = [{ role: 'user' as const, content: '?' }]

/** A model that fails as told, in order, and then answers; it counts how often it was asked. */
function failing(name: string, ...codes: ConstructorParameters<typeof ModelError>[0][]): Model & { asked: number } {
  return {
    name,
    asked: 0,
    async complete() {
      this.asked += 1
      const code = codes.shift()
      if (code !== undefined) throw new ModelError(code, code, { retryAfterMs: 1 })
      return { ...said, model: name }
    },
  }
}

function chain(models: readonly Model[]) {
  let now = 0
  const { complete } = chainOf({ models, log: silentLog, totalMs: 20_000, now: () => now })
  return {
    ask: () =>
      complete(messages).then(
        (each) => each.model,
        (error: ModelError) => error.code,
      ),
    wait: (ms: number) => {
      now += ms
    },
  }
}

test('a passing failure is tried once more, a lasting one is left to the next model', async () => {
  const first = failing('first', 'model_unavailable', 'model_refused')
  const second = failing('second')
  const { ask } = chain([first, second])
  expect(await ask()).toBe('second')
  expect([first.asked, second.asked]).toEqual([2, 1])
  expect(await ask()).toBe('first')
})

test('after three failures a model rests half a minute; then one try decides', async () => {
  const only = failing('only', 'model_slow', 'model_slow', 'model_slow', 'model_slow')
  const { ask, wait } = chain([only])
  for (const _ of [1, 2, 3]) expect(await ask()).toBe('model_slow')
  expect(await ask()).toBe('model_unavailable')
  expect(only.asked).toBe(3)
  wait(31_000)
  expect(await ask()).toBe('model_slow')
  expect(await ask()).toBe('model_unavailable')
  wait(31_000)
  expect(await ask()).toBe('only')
  expect(only.asked).toBe(5)
})

test('a key that is refused rests five minutes at once; what one question provoked opens nothing', async () => {
  const denied = failing('denied', 'model_denied')
  const { ask, wait } = chain([denied])
  expect(await ask()).toBe('model_denied')
  wait(31_000)
  expect(await ask()).toBe('model_unavailable')
  wait(300_000)
  expect(await ask()).toBe('denied')
  const filtered = failing('filtered', ...Array<'model_refused'>(9).fill('model_refused'))
  const other = chain([filtered])
  for (let n = 0; n < 9; n += 1) expect(await other.ask()).toBe('model_refused')
  expect(await other.ask()).toBe('filtered')
})
