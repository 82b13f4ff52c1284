import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { documentNumbersIn } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import type { Answered, AnswererDeps, Asking } from '../answer.ts'
import { dateStands } from '../compose/gate/dates.ts'
import { factsIn } from '../compose/gate/figures.ts'
import type { Account, Clerk } from '../models/clerk.ts'

/** @returns the question in Chinese, or null without a model, or when it did not keep to what was said */
export type Translate = (question: string, asking: Asking, account: Account) => Promise<string | null>

const longest = 300

/** Words are compared within one language, so a question in English finds and proves little in a library in Chinese. */
export function translator({ clerk, log }: { clerk: Clerk | null; log: Log }): Translate {
  return async (question, asking, account) => {
    // What rests on something that is not public is not shown to a model.
    if (clerk === null || asking.visibility > 1 || asking.history.some((each) => each.protected === true)) return null
    const { language, signal } = asking
    try {
      const task = { language, account, data: { question }, ...(signal === undefined ? {} : { signal }) }
      const plain = (await clerk.ask('translate', task)).text.replace(/\s*\n\s*/g, ' ').trim()
      return saysTheSame(plain, question) ? plain : null
    } catch (error) {
      if (signal?.aborted === true) throw error
      log('model_gave_nothing', errorFields(error))
      return null
    }
  }
}

/** A question without Chinese that found nothing sure enough is asked once more in Chinese, where a model can translate it. */
export async function inEitherLanguage(
  answer: (deps: AnswererDeps, asking: Asking, account: Account) => Promise<Answered>,
  deps: AnswererDeps,
  asking: Asking,
  account: Account,
): Promise<Answered> {
  const first = await answer(deps, asking, account)
  const question = worthTranslating(first) ? await deps.translate(first.standalone, asking, account) : null
  if (question === null) return first
  const second = await answer(deps, { ...asking, question, history: [] }, account)
  return second.decision === 'answer' ? { ...second, question: first.question, standalone: first.standalone } : first
}

/** Pure: whether an answer leaves room for asking once more in Chinese: nothing was found sure enough, and the question has no Chinese. */
function worthTranslating({ standalone, decision, reason }: Answered): boolean {
  const open = decision === 'decline' || (decision === 'hand_off' && unsure.has(reason ?? ''))
  return open && !/\p{Script=Han}/u.test(standalone) && /\p{Script=Latin}{3}/u.test(standalone)
}

const unsure: ReadonlySet<string> = new Set(['low_confidence', 'nothing_found', 'missing_fact', 'off_topic'])

/** Pure: whether a translation is Chinese and holds the figures, dates, document numbers and names of the question, and no others. */
export function saysTheSame(translation: string, question: string): boolean {
  if (!/\p{Script=Han}/u.test(translation) || [...translation].length > longest) return false
  const [own, given] = [factsIn(translation), factsIn(question)]
  const values = (facts: typeof own) => new Set(facts.figures.map(({ value }) => value))
  const same = (one: ReadonlySet<unknown>, other: ReadonlySet<unknown>) =>
    one.size === other.size && [...one].every((each) => other.has(each))
  const serials = (text: string) => new Set(documentNumbersIn(text).map((each) => `${each.year}:${each.serial}`))
  const source = normalize(question)
  return (
    same(values(own), values(given)) &&
    same(serials(translation), serials(question)) &&
    own.dates.every((date) => dateStands(date, given.dates)) &&
    given.dates.every((date) => dateStands(date, own.dates)) &&
    (normalize(translation).match(/[a-z][a-z0-9_.-]{2,}/g) ?? []).every((word) => source.includes(word))
  )
}
