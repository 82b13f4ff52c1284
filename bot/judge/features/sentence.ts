import { normalize } from '../../../retrieval/text/normalize.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'
import { type AnswerType, answerTypeOf, holds } from '../../compose/answer-type.ts'
import { coveredCharacters, runsOf } from '../characters.ts'
import { deniesAlone, turned } from '../opposites.ts'
import { inPassage } from './terms.ts'
import { type Read, share, type View, wordsOf } from './view.ts'

/** Rivals whose sentences are read. */
const rivalsRead = 4
/** This many characters after the best sentence leave room for an answer. */
const roomAfter = 200
/** A shorter sentence announces something (一、申报条件。) rather than states it. */
const shortest = 16

/** How well one sentence of the cited passage covers the question, and whether a rival has one as good. */
export function sentenceFeatures(view: View) {
  const { question, asked, top, others, terms, sentences, words } = view
  const runs = runsOf(question)
  const shares = sentences.map(({ plain }) => coveredCharacters(runs, plain).share)
  const at = shares.indexOf(Math.max(0, ...shares))
  const best = sentences[at]?.plain ?? ''
  const after = sentences.slice(at + 1).reduce((sum, { text }) => sum + text.trim().length, 0)
  const rivals = others.slice(0, rivalsRead)
  const ahead = (of: (read: Read) => number) => (top === null ? 0 : of(top)) - Math.max(0, ...rivals.map(of))
  const found = terms.filter(({ term }) => [...term].length > 1 && (top?.title.has(term) || top?.text.has(term)))
  return {
    in_order: inOrder(asked, best),
    negation_lone: deniesAlone(normalize(question), best),
    turned: turned(runs, best),
    sentence_margin: ahead(({ pieces }) => bestShare(runs, pieces)),
    text_margin: ahead(({ textPieces }) => bestShare(runs, textPieces)),
    figure_new: figureNew(question, best),
    sibling_margin: siblingMargin(view),
    next_score: nextScore(view),
    other_covers: Math.max(0, ...others.map((each) => inPassage(terms, each))),
    rarest_found: Math.max(0, ...found.map(({ idf }) => idf)) / 10,
    rarest_documents: Math.log10(1 + Math.min(1000, ...found.map(({ documents }) => documents))),
    quote_characters: coveredCharacters(runs, normalize(words)).share,
    after_best: Math.min(roomAfter, after) / roomAfter,
    announces: /:\s*$/.test(best) || best.trim().length < shortest ? 1 : 0,
  }
}

/** How far the cited passage is ahead of the others of its own document. */
function siblingMargin({ top, found: { evidence } }: View): number {
  if (top === null) return 0
  const own = top.evidence
  const siblings = evidence.filter((each) => each !== own && each.passage.documentId === own.passage.documentId)
  return share(wordsOf(own) - Math.max(0, ...siblings.map(wordsOf)), wordsOf(own))
}

/** How well the passage after the cited one was found: an opening says what the next one answers. */
function nextScore({ top, found: { evidence } }: View): number {
  if (top === null) return 0
  const { documentId, position } = top.evidence.passage
  const next = evidence.find(({ passage }) => passage.documentId === documentId && passage.position === position + 1)
  return next === undefined ? 0 : share(wordsOf(next), wordsOf(top.evidence))
}

const figured: ReadonlySet<AnswerType> = new Set(['amount', 'share', 'date', 'duration', 'count'])

/**
 * @returns 1 when the sentence states a figure of the asked kind that the question does not, -1 when it states none, 0 when none is asked
 * for
 */
function figureNew(question: string, best: string): -1 | 0 | 1 {
  const type = answerTypeOf(question)
  if (!figured.has(type)) return 0
  const asked = new Set(numbersIn(question).map(({ value }) => value))
  return holds(type, best) && numbersIn(best).some(({ value }) => !asked.has(value)) ? 1 : -1
}

function bestShare(runs: readonly string[], pieces: readonly string[]): number {
  return Math.max(0, ...pieces.map((each) => coveredCharacters(runs, each).share))
}

/** Longest common subsequence of question and sentence, as a share of the question: the same words in another order mean something else. */
function inOrder(asked: string, sentence: string): number {
  const characters = [...asked.replace(/[^\p{L}\p{N}]/gu, '')]
  if (characters.length === 0) return 1
  const row = new Uint16Array(characters.length + 1)
  for (const character of sentence) {
    let diagonal = 0
    for (let k = 1; k <= characters.length; k += 1) {
      const above = row[k] ?? 0
      row[k] = characters[k - 1] === character ? diagonal + 1 : Math.max(above, row[k - 1] ?? 0)
      diagonal = above
    }
  }
  return (row[characters.length] ?? 0) / characters.length
}
