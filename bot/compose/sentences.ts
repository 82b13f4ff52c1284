import { remembered } from '../../retrieval/base/remembered.ts'

/** A sentence and its position in its passage. */
export type Sentence = { readonly text: string; readonly from: number; readonly to: number }

/** Longer ones are broken at commas too, so that a wall of text can be quoted in part. */
const longest = 90

/** @returns the sentences of a passage in order; joined they give the passage back */
export const sentencesOf: (text: string) => readonly Sentence[] = remembered((text) => {
  const sentences: Sentence[] = []
  let from = 0
  for (const end of ends(text)) {
    for (const to of [...softEnds(text, from, end), end]) {
      if (to > from) sentences.push({ text: text.slice(from, to), from, to })
      from = Math.max(from, to)
    }
  }
  return sentences
})

/** A full stop inside a number or an abbreviation is no end. */
function ends(text: string): number[] {
  const found = [
    ...text.matchAll(
      /[。！？；!?\n]+[”’」』）)]?|;(?=\s|$)|(?<!\b(?:tel|nos?|art|mrs?|ms|dr|co|ltd|inc|approx|fig|para|sec|vol))\.(?=\s|$)/gi,
    ),
  ].map((match) => match.index + match[0].length)
  return found.at(-1) === text.length ? found : [...found, text.length]
}

function softEnds(text: string, from: number, to: number): number[] {
  if (to - from <= longest) return []
  const cuts: number[] = []
  let last = from
  for (const match of text.slice(from, to).matchAll(/[，：]|[,:](?=\s)/g)) {
    const at = from + match.index + 1
    if (at - last >= 24 && to - at >= 12) {
      cuts.push(at)
      last = at
    }
  }
  return cuts
}
