import { normalize } from '../../../retrieval/text/normalize.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'
import { answerTypeOf, holds } from '../../compose/answer-type.ts'
import { askedAttribute, formLabels, matches } from '../../compose/attribute.ts'
import { segmentsOf } from '../../compose/extract/segments.ts'
import { coveredCharacters, runsOf } from '../characters.ts'
import { denied, opposite } from '../opposites.ts'
import { placesIn, speaksOf } from '../regions.ts'
import { termSet, type View } from './view.ts'

/** Whether the passage names what the question names, and whether the shown words are of the asked kind. */
export function wordFeatures(view: View) {
  const { question, asked, top, words, sentences } = view
  const type = answerTypeOf(question)
  const text = top?.evidence.passage.text ?? ''
  const runs = runsOf(question)
  const whole = coveredCharacters(runs, top?.plain ?? '')
  const best = sentences.map(({ plain }) => ({ plain, ...coveredCharacters(runs, plain) })).sort((a, b) => b.share - a.share)[0]
  return {
    type_absent: holds(type, words) ? 0 : 1,
    type_known: type === 'any' ? 0 : 1,
    type_nowhere: holds(type, text) ? 0 : 1,
    type_far: holds(type, around(sentences, best?.plain ?? '')) ? 0 : 1,
    characters: whole.share,
    characters_text: coveredCharacters(runs, normalize(text)).share,
    characters_sentence: best?.share ?? 0,
    gap: whole.gap,
    gap_sentence: best?.gap ?? 1,
    longest_match: longestMatch(asked, top?.plain ?? '') / Math.max(1, Math.min(20, [...asked.replace(/\s/g, '')].length)),
    figures_missing: figuresMissing(question, top?.plain ?? ''),
    place_missing: placeMissing(question, top?.plain ?? ''),
    names_missing: namesMissing(question, top?.plain ?? ''),
    ...oppositeFeatures(view, best?.plain ?? ''),
    ...newsFeatures(view),
    question_length: Math.min(60, [...question].length) / 60,
    ...fieldFeatures(question, text),
  }
}

/** A quotation that only repeats the question answers nothing. */
function newsFeatures({ asked, words, top, found }: View) {
  const pairs = [...termSet(words)].filter((term) => [...term].length > 1)
  const [first] = found.evidence
  const [own, best] = [top?.evidence.passage, first?.passage]
  return {
    quote_new: Math.min(80, pairs.filter((pair) => !asked.includes(pair)).length) / 80,
    quote_length: Math.min(200, [...words].length) / 200,
    beside_first:
      own !== undefined &&
      own !== best &&
      own.documentId === best?.documentId &&
      Math.abs(own.position - (best?.position ?? 0)) === 1
        ? 1
        : 0,
  }
}

/** The asked field (materials, conditions, telephone …) among the labels and headings of the passage. */
function fieldFeatures(question: string, text: string) {
  const attribute = askedAttribute(question)
  if (attribute === null) return { field_asked: 0, field_found: 0 }
  const labels = [...formLabels(text), ...segmentsOf(text).flatMap((each) => (each.kind === 'heading' ? [each.text] : []))]
  const found = labels.some((label) => matches(attribute, label))
  return { field_asked: 1, field_found: found ? 1 : formLabels(text).length > 0 ? -1 : 0 }
}

/** Length of the longest stretch of the question that stands in the passage verbatim. */
function longestMatch(asked: string, passage: string): number {
  const characters = [...asked]
  let longest = 0
  for (let from = 0; from < characters.length; from += 1) {
    while (from + longest < characters.length) {
      const piece = characters.slice(from, from + longest + 1).join('')
      if (/\s/.test(piece) || !passage.includes(piece)) break
      longest += 1
    }
  }
  return longest
}

function figuresMissing(question: string, passage: string): number {
  const asked = numbersIn(question).filter(({ text }) => /\d/.test(text) || text.length > 1)
  const known = new Set(numbersIn(passage).map(({ value }) => value))
  return asked.length === 0 ? 0 : asked.filter(({ value }) => !known.has(value)).length / asked.length
}

/** A place the question names and the passage does not; worse when the passage names another one. */
function placeMissing(question: string, passage: string): number {
  const asked = placesIn(question)
  if (asked.length === 0) return 0
  const missing = asked.filter((name) => !speaksOf(passage, name)).length / asked.length
  return missing * (placesIn(passage.slice(0, 300)).length > 0 ? 1 : 0.5)
}

/** Foreign words, abbreviations and quoted words: names are either present or absent. */
function namesMissing(question: string, passage: string): number {
  const plain = normalize(question)
  const names = [
    ...(/\p{Script=Han}/u.test(plain) ? (plain.match(/[a-z][a-z\d.-]+/g) ?? []) : []),
    ...[...plain.matchAll(/[“"《「『]([^”"》」』]{2,20})[”"》」』]/g)].map((match) => match[1] ?? ''),
  ]
  return names.length === 0 ? 0 : names.filter((name) => !passage.includes(name)).length / names.length
}

/** The best sentence with the one after it: the answer is there or hardly anywhere. */
function around(sentences: View['sentences'], best: string): string {
  const at = sentences.findIndex(({ plain }) => plain === best)
  return sentences
    .slice(Math.max(0, at), at + 2)
    .map(({ text }) => text)
    .join(' ')
}

/** Whether the best sentence contradicts the question: nearly all its words are there, with one reversed. */
function oppositeFeatures({ question }: View, best: string) {
  const plain = normalize(question)
  return { opposite: opposite(plain, best), denied: denied(plain, best) }
}
