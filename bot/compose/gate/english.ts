import { normalize } from '../../../retrieval/text/normalize.ts'
import { dateStands } from './dates.ts'
import { factsIn } from './figures.ts'

/** Words that only say that something is given, asked or allowed, or to whom. */
const light =
  /^(?:and|are|the|for|with|from|that|this|these|those|which|who|will|would|can|could|may|shall|should|must|has|have|had|was|were|been|being|its|your|you|our|they|them|their|there|then|than|also|any|all|both|more|most|least|less|per|each|every|year|years|yearly|annual|annually|month|months|day|days|about|only|such|about|yes|please|note|according|policy|rule|rules|measures|article|section|clause|states?|says?|receives?|received|gets?|obtains?|grant(?:s|ed)?|given|gives?|offers?|offered|provides?|provided|entitled?|eligible|qualif(?:y|ies)|available|awards?|awarded|pays?|paid|covers?|covered|amounts?|maximum|minimum|limit|limited|capped|cap|support(?:ed|s)?|subsid(?:y|ies|ised|ized|ises)|appl(?:y|ies|ied)|applications?|applicants?|compan(?:y|ies)|enterprises?|business(?:es)?|rmb|cny|yuan|usd|percent|million|billion|thousand|hundred|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty)$/
const sentence = /(?<=[.;!?])\s+|\n/
const often = /\b(?:per|a|each|every) (?:year|month|quarter)\b|\b(?:annual|year|month)ly\b/
const sum = /\b(?:rmb|cny|usd|yuan|million|%|percent)/

/**
 * Pure: whether an English sentence says what one sentence of its English evidence says. Each meaningful word must occur there or in the
 * title, each figure there, and a sum per year must stay one.
 */
export function restsOnOneSentence(words: string, evidence: string): boolean {
  const [title = '', ...rest] = normalize(evidence).split('\n')
  const said = meaningful(normalize(words))
  const given = meaningful(title)
  const figures = factsIn(words).figures
  return rest
    .join('\n')
    .split(sentence)
    .some((each) => {
      const held = [...meaningful(each), ...given]
      const own = factsIn(each).figures
      return (
        said.every((word) => held.some((other) => alike(word, other))) &&
        figures.every(({ value }) => own.some((figure) => figure.value === value)) &&
        (figures.length === 0 || !sum.test(normalize(words)) || !often.test(each) || often.test(normalize(words)))
      )
    })
}

/** Pure: whether the figures of a sentence stand in one sentence of a text in another language, whose words cannot be compared. */
export function figuresTogether(words: string, text: string): boolean {
  const { figures, dates } = factsIn(words)
  return (
    figures.length + dates.length === 0 ||
    normalize(text)
      .split(/[。\n]/)
      .some((each) => {
        const own = factsIn(each)
        return (
          figures.every(({ value }) => own.figures.some((figure) => figure.value === value)) &&
          dates.every((date) => dateStands(date, own.dates))
        )
      })
  )
}

function meaningful(plain: string): string[] {
  return (plain.match(/[a-z]{3,}/g) ?? []).filter((word) => !light.test(word))
}

/** Whether two words have the same stem: “subsidised” and “subsidy”, “close” and “closes”. Short words must be equal. */
function alike(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length)
  return one === other || (length >= 4 && one.slice(0, Math.max(4, length - 2)) === other.slice(0, Math.max(4, length - 2)))
}
