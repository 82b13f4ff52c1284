import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { ChannelError } from '../channel.ts'
import { pauses } from './pause.ts'

/** Retries a start until it succeeds, so that it survives an outage of the platform; readiness reports the error meanwhile. */
export async function untilItWorks<Result>(
  step: () => Promise<Result>,
  deps: { log: Log; event: string; stopping: AbortSignal; noted: (error: unknown) => void },
): Promise<Result | null> {
  const pause = pauses(deps.stopping)
  while (!deps.stopping.aborted) {
    try {
      const result = await step()
      deps.noted(null)
      return result
    } catch (error) {
      if (deps.stopping.aborted) break
      deps.noted(error)
      deps.log(deps.event, { ...errorFields(error), hint: error instanceof ChannelError ? error.hint : undefined })
      await pause.after(error)
    }
  }
  return null
}
