import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'

/** 0.1mg/L is one word: a point or a stroke between its own parts separates nothing. */
const separators =
  /(?:[\s，。、；：？！,;:?!（）()《》“”"'【】[\]〔〕]|(?<!\d)\.|\.(?!\d)|(?<![a-z])\/|\/(?![a-z]))+|(?<=\p{Script=Han})的(?=\p{Script=Han})/u
/** Who somebody is and how to reach them is nothing a document could lack. */
const ofThemselves =
  /〔[^〔〕]{0,20}〕|(?:我们?(?:公司)?|我司|这里|这边|本公司)(?:是|叫)[^，,。；;！!？?]*|[\p{Script=Han}A-Za-z0-9（）()]{2,30}?(?:有限责任公司|股份有限公司|有限公司)|(?<=[，,。；;\s]|^)[\p{Script=Han}]{2,4}\s*(?=〔(?:手机|电话|固话)[^〕]*〕)/gu
const longestPart = 12

/** Pure: which parts of a need a text covers, the reason it is a candidate, and which it does not. */
export function matchOf(need: string, text: string): { readonly why: string[]; readonly missing: string[] } {
  const haystack = normalize(text)
  const parts = [
    ...new Set(
      normalize(need.replace(ofThemselves, ' '))
        .replace(questionWords, ' ')
        .split(separators)
        .map((each) => each.trim())
        .filter((each) => [...each].length > 1)
        .map((each) => ([...each].length > longestPart ? `${[...each].slice(0, longestPart).join('')}…` : each)),
    ),
  ]
  return {
    why: parts.filter((part) => speaksOf(haystack, part)),
    missing: parts.filter((part) => !speaksOf(haystack, part)),
  }
}

/** A word is found literally, a phrase when most of its pairs of characters are. */
function speaksOf(haystack: string, part: string): boolean {
  const whole = part.replace(/…$/, '')
  if (haystack.includes(whole)) return true
  const characters = [...whole]
  if (!/\p{Script=Han}/u.test(part) || characters.length < 4) return false
  const pairs = characters.slice(1).map((each, index) => `${characters[index]}${each}`)
  return pairs.filter((pair) => haystack.includes(pair)).length / pairs.length >= 0.6
}
