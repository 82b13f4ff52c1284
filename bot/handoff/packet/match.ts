import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'

const separators = /[\s，。、；：？！,.;:?!（）()《》“”"'【】[\]/]+|(?<=\p{Script=Han})的(?=\p{Script=Han})/u
const longestPart = 12

/** Pure: which parts of a need a text covers, the reason it is a candidate, and which it does not. */
export function matchOf(need: string, text: string): { readonly why: string[]; readonly missing: string[] } {
  const haystack = normalize(text)
  const parts = [
    ...new Set(
      normalize(need)
        .replace(questionWords, ' ')
        .split(separators)
        .map((each) => each.trim())
        .filter((each) => [...each].length > 1)
        .map((each) => [...each].slice(0, longestPart).join('')),
    ),
  ]
  return {
    why: parts.filter((part) => speaksOf(haystack, part)),
    missing: parts.filter((part) => !speaksOf(haystack, part)),
  }
}

/** A word is found literally, a phrase when most of its pairs of characters are. */
function speaksOf(haystack: string, part: string): boolean {
  if (haystack.includes(part)) return true
  const characters = [...part]
  if (!/\p{Script=Han}/u.test(part) || characters.length < 4) return false
  const pairs = characters.slice(1).map((each, index) => `${characters[index]}${each}`)
  return pairs.filter((pair) => haystack.includes(pair)).length / pairs.length >= 0.6
}
