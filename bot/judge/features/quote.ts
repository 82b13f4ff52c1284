import { type Read, share, termSet, type View, wordsOf } from './view.ts'

/** A rival that holds this much of what is shown is a second witness. */
const witness = 0.6
/** Characters that identify the place of a quotation in its passage. */
const opening = 20

/** What the shown words say beyond question and title, and who else says them. */
export function quoteFeatures({ asked, words, top, others }: View) {
  const pairs = [...termSet(words)].filter((term) => [...term].length > 1)
  const part = (which: (pair: string) => boolean) => pairs.filter(which).length / Math.max(1, pairs.length)
  const titled = (pair: string) => top?.title.has(pair) === true
  const held = (rival: Read) => part((pair) => rival.text.has(pair))
  const text = top?.evidence.passage.text ?? ''
  const own = top === null ? 0 : wordsOf(top.evidence)
  const unlike = others.filter((each) => held(each) < witness)
  return {
    quote_beyond: part((pair) => !asked.includes(pair) && !titled(pair)),
    quote_in_title: part(titled),
    quote_at: Math.max(0, text.indexOf(words.slice(0, opening))) / Math.max(1, text.length),
    seconded: Math.max(0, ...others.map(held)),
    unlike_margin: share(own - Math.max(0, ...unlike.map(({ evidence }) => wordsOf(evidence))), own),
  }
}
