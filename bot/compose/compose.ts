import { type Language, loadPrompt } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { sanitise } from '../../retrieval/base/sanitise.ts'
import type { Evidence, Found } from '../../retrieval/evidence.ts'
import type { Draft } from '../draft.ts'
import type { Model } from '../models/model.ts'
import { extract } from './extract.ts'
import { grounded } from './grounding.ts'

export type Compose = (input: {
  question: string
  found: Found
  language: Language
  signal?: AbortSignal
}) => Promise<Draft | null>

const passagesGiven = 5
const languages = { zh: 'Chinese', en: 'English' }

/** With a model: its words, checked against the evidence. Without one, or when nothing of them holds: the words of the best clause. */
export function composer({ model, log }: { model: Model | null; log: Log }): Compose {
  const prompt = loadPrompt('answer', ['language', 'question', 'passages'])
  return async ({ question, found, language, signal }) => {
    const quoted = extract(question, found.evidence, found.terms)
    if (model === null || quoted === null) return quoted
    const given = orderedFor(quoted, found.evidence).slice(0, passagesGiven)
    try {
      const content = prompt.fill({
        language: languages[language],
        question: masked(question),
        passages: given.map(numbered).join('\n\n'),
      })
      const completion = await model.complete([{ role: 'user', content }], signal)
      const checked = grounded(
        sanitise(completion.text),
        given.map((each, index) => ({ n: index + 1, text: sourceText(each) })),
        language,
      )
      if (checked.removed.length > 0)
        log('model_sentences_removed', {
          prompt: prompt.id,
          model: completion.model,
          removed: checked.removed.map((each) => each.why).join(','),
        })
      return checked.citations.length === 0 ? quoted : draftOf(checked, given, { prompt: prompt.id, model: completion.model })
    } catch (error) {
      log('model_failed', errorFields(error))
      return quoted
    }
  }
}

/** What the extract rests on comes first: it is the passage that judgement looks at. */
function orderedFor(quoted: Draft, evidence: readonly Evidence[]): Evidence[] {
  return [...quoted.cited, ...evidence.filter((each) => !quoted.cited.includes(each))]
}

function sourceText({ passage }: Evidence): string {
  return `${passage.title} ${passage.docNo ?? ''} ${passage.clause ?? ''} ${passage.heading ?? ''}\n${passage.text}`
}

/** Marks of our own fence inside a passage would end it early. */
function numbered(evidence: Evidence, index: number): string {
  return `[${index + 1}] ${sourceText(evidence).replace(/<\/?(?:passages|question)>/gi, '')}`
}

/** Telephone and identity numbers of a person do not leave for the model. */
function masked(question: string): string {
  return question
    .replace(/<\/?(?:passages|question)>/gi, '')
    .replace(/\b\d{17}[\dXx]\b/g, '〔证件号〕')
    .replace(/\b1[3-9]\d{9}\b/g, '〔手机号〕')
}

/** Citations are renumbered from 1 in the order of the evidence, so that no gap tells of what was left out. */
function draftOf(
  checked: { text: string; citations: readonly number[] },
  given: readonly Evidence[],
  by: { prompt: string; model: string },
): Draft {
  const order = new Map(checked.citations.map((n, index) => [n, index + 1]))
  const cited = checked.citations.flatMap((n) => given[n - 1] ?? [])
  return {
    text: checked.text.replace(/\[(\d{1,3})\]/g, (_, n: string) => `[${order.get(Number(n)) ?? n}]`),
    cited,
    quotes: cited.map((each) => each.passage.text),
    generated: true,
    ...by,
  }
}
