import { type Language, loadPrompt, type Prompt } from './load.ts'

/** Every prompt with its inputs; checked against the files at start. */
export const promptInputs = {
  standalone: ['history', 'question'],
  translate: ['question'],
  questions: ['message'],
  answer: ['passages', 'question'],
  repair: ['passages', 'question', 'sentences'],
  sufficiency: ['passages', 'question'],
  summary: ['transcript'],
  demand: ['conversation', 'known', 'missing'],
  match: ['need', 'achievement'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type PromptName = keyof typeof promptInputs
export type Prompts = Readonly<Record<Language, Readonly<Record<PromptName, Prompt>>>>

/** @throws AppError `prompt_mismatch` naming the first prompt whose file and code disagree */
export function loadPrompts(folder?: string): Prompts {
  const all = (language: Language) =>
    Object.fromEntries(
      Object.entries(promptInputs).map(([name, inputs]) => [name, loadPrompt(name, language, inputs, folder)]),
    ) as Record<PromptName, Prompt> // built from these very names
  return { zh: all('zh'), en: all('en') }
}
