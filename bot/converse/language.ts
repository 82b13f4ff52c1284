import type { Language } from '../../prompts/load.ts'
import type { IncomingMessage } from '../channels/message.ts'
import { commandIn, type Wish } from './wishes.ts'
import type { Work } from './work.ts'

/** @returns the language a text is written in; `fallback` when it has no letters (numbers, emoji) */
export function languageOf(text: string, fallback: Language): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const latin = text.match(/\p{Script=Latin}+/gu)?.length ?? 0
  if (han === 0 && latin === 0) return fallback
  // One Chinese word in an English text is a name; one English word in a Chinese text is a term. A tie goes to Chinese: one word is about
  // two characters.
  return han >= latin ? 'zh' : 'en'
}

/** @returns the language of a BCP 47 tag, or null when the platform gave none */
export function languageOfTag(tag: string | null): Language | null {
  if (tag === null || tag === '') return null
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** Pure: the language a wish asks for, or null. */
export function languageWished(wish: Wish | null): Language | null {
  return wish === 'speak_chinese' ? 'zh' : wish === 'speak_english' ? 'en' : null
}

/** From now on the person is answered in this language, whatever they write in. */
export function speakFromNow(work: Work, language: Language): void {
  work.memory = { ...work.memory, speaks: language }
  work.language = language
}

/** @returns the language to answer this message in */
export function languageFor(work: Work, message: IncomingMessage): Language {
  const { speaks } = work.memory as { readonly speaks?: Language } // written above and nowhere else
  if (speaks !== undefined) return speaks
  const { language } = work.lane.conversation
  // A command is the same word in every language and says nothing about it.
  const words = commandIn(message.text) !== null ? '' : message.text
  if (language === 'zh' && !/\p{Script=Han}/u.test(words) && !changesToEnglish(words)) return 'zh'
  return languageOf(words, language ?? languageOfTag(message.language) ?? 'zh')
}

/** Single words that can only be English. */
const english =
  /^(?:hello|hi|hey|help|human|agent|thanks|please|english|privacy|complaint|demand|menu|what|how|why|when|where|who)$/i
const vowels = /[aeiouüv]+/i
const before = '(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?'
const after = '(?:ng?|r)?'
const begins = new RegExp(`^${before}$`, 'i')
const between = new RegExp(`^${after}${before}$`, 'i')
const closes = new RegExp(`^${after}$`, 'i')

/** Checks the word syllable by syllable: one pattern for the whole word backtracks exponentially on a long word that is not pinyin. */
function isPinyin(word: string): boolean {
  const parts = word.split(vowels)
  const last = parts.length - 1
  return last > 0 && parts.every((part, index) => (index === 0 ? begins : index === last ? closes : between).test(part))
}

/** Pure: whether a message switches to English. After Chinese, a lone “ok”, “LED” or pinyin does not. */
export function changesToEnglish(text: string): boolean {
  const words = text.match(/[\p{Script=Latin}']+/gu) ?? []
  if (words.length <= 1) return english.test(words[0] ?? '')
  return !words.every((word) => isPinyin(word))
}
