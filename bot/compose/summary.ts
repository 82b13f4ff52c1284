import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { saysOnly } from '../answer/follow/standalone.ts'
import type { Clerk } from '../models/clerk.ts'
import type { Spans } from '../observe/spans.ts'
import { wordingWrong } from './gate/wording.ts'

/** @returns a conversation in a few sentences for the broker who takes over, or null: then the summary by rule stands */
export type Summarise = (transcript: string, person: string) => Promise<string | null>

/** Longest time a hand-off waits for it. */
const withinMs = 4_000
const longest = 300

/** Always in the park's own language; figures, documents and foreign words must have been said. */
export function summariser({ clerk, spans, log }: { clerk: Clerk | null; spans: Spans; log: Log }): Summarise {
  return async (transcript, person) => {
    if (clerk === null || transcript.trim() === '') return null
    const account = { person, calls: [], span: spans.begin('hand_off_summary', {}) }
    try {
      const task = { language: 'zh' as const, account, signal: AbortSignal.timeout(withinMs) }
      const { text } = await clerk.ask('summary', { ...task, data: { transcript } })
      const summary = text.replace(/\s*\n\s*/g, ' ').trim()
      return [...summary].length <= longest && saysOnly(summary, transcript) && wordingWrong(summary, 'zh') === null
        ? summary
        : null
    } catch (error) {
      log('model_gave_nothing', errorFields(error))
      return null
    } finally {
      account.span.end()
    }
  }
}
