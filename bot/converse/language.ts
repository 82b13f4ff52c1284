import type { Language } from '../../prompts/load.ts'

/** @returns the language a person wrote in; `fallback` when there are no letters to tell by (numbers, emoji) */
export function languageOf(text: string, fallback: Language): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const latin = text.match(/\p{Script=Latin}+/gu)?.length ?? 0
  if (han === 0 && latin === 0) return fallback
  // One Chinese word among English ones is a name; one English word among Chinese ones is a term. Han wins ties: a word is about two characters.
  return han >= latin ? 'zh' : 'en'
}

/** @returns the language of a BCP 47 tag, or null when the platform gave none */
export function languageOfTag(tag: string | null): Language | null {
  if (tag === null || tag === '') return null
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
