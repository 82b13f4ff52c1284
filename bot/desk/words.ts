import type { Language } from '../../prompts/load.ts'
import english from './page/words.en.json' with { type: 'json' }
import chinese from './page/words.zh.json' with { type: 'json' }

const words: Readonly<Record<Language, Readonly<Record<string, string>>>> = { zh: chinese, en: english }

/** @returns what the desk calls a doubt or a field, e.g. `doubt.missing_date`, or null for one it has no words for */
export function deskWord(key: string, language: Language): string | null {
  return words[language][key] ?? null
}
