import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { type Breaker, breaker } from './breaker.ts'
import { type ChatMessage, type Completing, type Completion, type Model, ModelError } from './model.ts'

export type ChainNeeds = {
  readonly models: readonly Model[]
  readonly log: Log
  /** Time limit for all tries together. */
  readonly totalMs: number
  readonly now?: () => number
}

/** A busy service is asked once more, unless it asks for a longer pause than this. */
const longestPauseMs = 3_000
const pauseMs = 300
/** With less time left no new try begins. */
const leastMs = 500

/** Several models as one: each is retried once when that may help, then the next; one that keeps failing is skipped for a while. */
export function chainOf({ models, log, totalMs, now = Date.now }: ChainNeeds): Model {
  const chain = models.map((model) => ({ model, breaker: breaker() }))
  return {
    name: models.map((each) => each.name).join(','),
    complete(messages, options = {}) {
      const limit = AbortSignal.timeout(totalMs)
      const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal])
      return firstThatWorks(chain, messages, { ...options, signal }, { log, deadline: now() + totalMs, now })
    },
  }
}

async function firstThatWorks(
  chain: readonly Link[],
  messages: readonly ChatMessage[],
  options: Completing,
  run: Run,
): Promise<Completion> {
  let last = new ModelError('model_unavailable', 'Every chat model is being left alone for a while')
  for (const link of chain) {
    if (run.deadline - run.now() < leastMs) break
    if (!link.breaker.mayTry(run.now())) continue
    const result = await tried(link, messages, options, run)
    if (!(result instanceof ModelError)) return result
    last = result
  }
  throw last
}

type Link = { readonly model: Model; readonly breaker: Breaker }
type Run = { readonly log: Log; readonly deadline: number; readonly now: () => number }

async function tried(
  link: Link,
  messages: readonly ChatMessage[],
  options: Completing,
  run: Run,
): Promise<Completion | ModelError> {
  const first = await once(link, messages, options, run)
  if (!(first instanceof ModelError) || !first.retry) return first
  const pause = first.retryAfterMs ?? pauseMs * (1 + Math.random())
  if (pause > longestPauseMs || run.now() + pause + leastMs > run.deadline) return first
  await new Promise((resolve) => setTimeout(resolve, pause))
  return once(link, messages, options, run)
}

async function once(
  link: Link,
  messages: readonly ChatMessage[],
  options: Completing,
  run: Run,
): Promise<Completion | ModelError> {
  try {
    const completion = await link.model.complete(messages, options)
    link.breaker.worked()
    return completion
  } catch (error) {
    const known =
      error instanceof ModelError ? error : new ModelError('model_unavailable', 'The chat model did not answer', { cause: error })
    run.log('model_failed', { model: link.model.name, ...errorFields(known) })
    // A refusal provoked by one question (a filter, a length) says nothing about the next.
    if (known.code !== 'model_refused' && link.breaker.failed(run.now(), known.code === 'model_denied'))
      run.log('model_circuit_opened', { model: link.model.name, code: known.code })
    return known
  }
}
