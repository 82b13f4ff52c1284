import type { PromptName, Prompts } from '../../prompts/catalogue.ts'
import type { Language, Values } from '../../prompts/load.ts'
import { codeOf } from '../../retrieval/base/errors.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Span } from '../observe/spans.ts'
import type { Reservation, Spending, Used } from '../records/spending.ts'
import { masked } from './masking.ts'
import { type ChatMessage, type Completion, estimatedTokens, type Model, ModelError } from './model.ts'
import { mostTokens } from './providers.ts'

/** One call made for a question, for the record. */
export type Call = {
  readonly prompt: string
  readonly model: string
  readonly input: number
  readonly output: number
  /** In the currency of CHAT_PRICE; null where no price is set. */
  readonly cost: number | null
  /** Milliseconds until the model answered. */
  readonly ms: number
}

/** Whose question it is, what was spent on it so far, and the span it belongs to. */
export type Account = { readonly person: string | null; readonly calls: Call[]; readonly span: Span }

export type Task = {
  readonly language: Language
  readonly data: Values
  readonly account: Account
  readonly signal?: AbortSignal
  readonly onText?: (whole: string) => void
}

/**
 * Asks a model one of our prompts: personal numbers masked, data fenced, within the caps, counted. Its answer is text to be checked,
 * nothing more.
 */
export type Clerk = {
  /** @throws ModelError */
  ask(prompt: PromptName, task: Task): Promise<{ readonly text: string; readonly model: string; readonly prompt: string }>
  /** Spending is recorded while the answer goes on; resolves when all of it is. */
  settled(): Promise<void>
}

/** Price per million tokens by model, in the currency of CHAT_PRICE. */
export type Prices = ReadonlyMap<string, { readonly input: number; readonly output: number }>

export type ClerkNeeds = {
  readonly model: Model
  readonly prompts: Prompts
  readonly spending: Spending
  readonly prices: Prices
  /** Whether spans may contain what was said. */
  readonly content: boolean
  readonly log: Log
}

export function clerkOf(needs: ClerkNeeds): Clerk {
  const settling = new Set<Promise<void>>()
  const settle: Settle = (taken, used) => {
    // A failure to record must not cost an answer that is there.
    const writing = needs.spending
      .settle(taken, used)
      .catch((error: unknown) => needs.log('spending_not_settled', errorFields(error)))
      .finally(() => settling.delete(writing))
    settling.add(writing)
  }
  return {
    settled: async () => {
      await Promise.all(settling)
    },
    async ask(name, task) {
      const prompt = needs.prompts[task.language][name]
      const safe = withoutPersons(task.data)
      const { system, user } = prompt.messages(safe.data)
      const messages: ChatMessage[] = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ]
      const reserved = estimatedTokens(system) + estimatedTokens(user) + mostTokens
      const taken = await needs.spending.reserve(task.account.person, reserved)
      if (taken === null) {
        needs.log('model_cap_reached', { prompt: prompt.id })
        throw new ModelError('model_budget', 'The cap of tokens is reached', {
          hint: 'Raise CHAT_DAILY_TOKENS or CHAT_PERSON_TOKENS.',
        })
      }
      const completion = await asked({ ...needs, settle }, task, prompt.id, messages, taken)
      return { text: safe.unmask(completion.text), model: completion.model, prompt: prompt.id }
    },
  }
}

type Settle = (taken: Reservation, used: Used) => void

async function asked(
  needs: ClerkNeeds & { readonly settle: Settle },
  { account, signal, onText }: Task,
  prompt: string,
  messages: readonly ChatMessage[],
  taken: Reservation,
): Promise<Completion> {
  const span = account.span.child(`chat ${needs.model.name}`, 3, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': needs.model.name,
    'gen_ai.request.max_tokens': mostTokens,
    'gen_ai.request.temperature': 0,
    'gen_ai.output.type': 'text',
    'yuanqiao.prompt': prompt,
    ...(needs.content ? { 'gen_ai.input.messages': JSON.stringify(messages) } : {}),
  })
  const began = performance.now()
  try {
    const options = { ...(signal === undefined ? {} : { signal }), ...(onText === undefined ? {} : { onText }) }
    const completion = await needs.model.complete(messages, options)
    const call = { ...callOf(needs.prices, prompt, completion), ms: Math.round((performance.now() - began) * 10) / 10 }
    account.calls.push(call)
    needs.settle(taken, { input: call.input, output: call.output, cost: call.cost ?? 0 })
    span.end({
      'gen_ai.response.model': completion.model,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': call.input,
      'gen_ai.usage.output_tokens': call.output,
      ...(needs.content ? { 'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', content: completion.text }]) } : {}),
    })
    return completion
  } catch (error) {
    span.end({}, codeOf(error))
    // A failed call reports no usage; one that never arrived used nothing.
    const arrived = ['model_refused', 'model_cut', 'model_slow'].includes(codeOf(error))
    needs.settle(taken, { input: arrived ? taken.tokens - mostTokens : 0, output: 0, cost: 0 })
    throw error
  }
}

function callOf(prices: Prices, prompt: string, { model, tokens }: Completion): Omit<Call, 'ms'> {
  const price = prices.get(model)
  const cost = price === undefined ? null : (tokens.input * price.input + tokens.output * price.output) / 1e6
  return { prompt, model, ...tokens, cost }
}

/** The park's own documents name offices, whose numbers are meant to be read; everything else may name a person. */
const ownWords: ReadonlySet<string> = new Set(['passages', 'achievement'])
const separator = '\u0001'
/** Invisible characters, in which instructions can be hidden. */
const unseen = /[\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu

function withoutPersons(data: Values): { data: Values; unmask(text: string): string } {
  const names = Object.keys(data).filter((name) => !ownWords.has(name))
  const together = names.map((name) => String(data[name]).replaceAll(separator, ' ').replace(unseen, '')).join(separator)
  const { text, unmask } = masked(together)
  const safe = text.split(separator)
  return { data: { ...data, ...Object.fromEntries(names.map((name, index) => [name, safe[index] ?? ''])) }, unmask }
}
