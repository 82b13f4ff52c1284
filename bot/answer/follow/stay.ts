import type { Evidence, Found } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import type { Asking } from '../../answer.ts'
import { answerTypeOf } from '../../compose/answer-type.ts'
import { bearsAmount } from '../../judge/amounts.ts'
import { coveredCharacters, runsOf } from '../../judge/characters.ts'
import type { SearchAgain } from '../search.ts'
import { choiceOf, corrected, namesNothing, type Thing } from './references.ts'

/** Another document must fit a follow-up better than the cited one by this much; by less when the follow-up says what it is about. */
const clearlyElsewhere = 0.2
const barelyElsewhere = 0.05
const saysItself = 0.5
/** In characters. A longer question says itself what it is about. */
const longestOpen = 16
const shortestSubject = 3

/**
 * Keeps a follow-up on what was cited last (or on the thing pointed at), unless another document clearly says more of what the question
 * names.
 * @returns what was found of it, and the question as it then stands
 */
export async function stayed(
  found: Found,
  asking: Asking,
  standalone: string,
  look: SearchAgain,
): Promise<{ found: Found; question: string | null }> {
  const { question, history } = asking
  const last = history.at(-1)
  const same = { found, question: null }
  if (last === undefined || last.options.length > 0 || corrected(question, last) !== null) return same
  const at = choiceOf(question) ?? 0
  const thing = last.things?.[at]
  if (thing === undefined) return same
  if (standalone === question) return open(found, question, { thing, title: last.titles[at] ?? '' }, look)
  return leaning(found, question, thing, look)
}

/** Handles a question that leaves out its subject. */
async function leaning(
  found: Found,
  question: string,
  thing: Thing,
  look: SearchAgain,
): Promise<{ found: Found; question: string | null }> {
  const same = { found, question: null }
  const own = of(thing, found)
  const clause = asksItsSum(question) ? withItsSum(thing, own) : []
  if (clause.length > 0) return { found: { ...found, evidence: clause }, question: null }
  if (found.evidence[0] !== undefined && isThing(found.evidence[0].passage, thing) && !leading.test(question)) return same
  const runs = runsOf(question.replace(pointing, ' '))
  if (runs.join('').length >= shortestSubject && choiceOf(question) === null) {
    const subject = question.replace(leading, '')
    const free = await look({ text: subject })
    if (best(runs, free.evidence.slice(0, 3)) - best(runs, own) > clearlyElsewhere) return { found: free, question: subject }
  }
  const first = found.evidence[0]
  return own.length === 0 || first === own[0] ? same : { found: { ...found, evidence: own }, question: null }
}

/** Handles a short question that is complete but names no document: 失败了钱要退吗, after one was cited. */
async function open(
  found: Found,
  question: string,
  last: { thing: Thing; title: string },
  look: SearchAgain,
): Promise<{ found: Found; question: string | null }> {
  const top = found.evidence[0]
  const runs = runsOf(question)
  const same = { found, question: null }
  if (top === undefined || isThing(top.passage, last.thing) || [...question].length > longestOpen) return same
  if (/《/.test(question) || coveredCharacters(runs, normalize(`${top.passage.title} ${top.passage.heading ?? ''}`)).share > 0)
    return same
  const whole = `《${last.title}》${question}`
  const within = await look({ text: whole })
  const own = of(last.thing, within)
  const said = best(runs, [top])
  if (own.length === 0 || (said >= saysItself && said - best(runs, own) > barelyElsewhere)) return same
  // Judged by the question alone: words of a title in front of it cover nothing of it.
  return { found: { ...found, evidence: own }, question: null }
}

/** 最多能拿多少, without a subject of its own: asks for the sum of what was just quoted. */
function asksItsSum(question: string): boolean {
  const type = answerTypeOf(question)
  return (type === 'amount' || (type === 'any' && /[拿领得给]\p{Script=Han}{0,2}多少/u.test(question))) && namesNothing(question)
}

function withItsSum({ clause }: Thing, own: readonly Evidence[]): Evidence[] {
  return own.filter(({ passage }) => passage.clause === clause && bearsAmount(passage.text))
}

function of(thing: Thing, found: Found): Evidence[] {
  return found.evidence.filter(({ passage }) => isThing(passage, thing))
}

function isThing(passage: Evidence['passage'], { documentId, record }: Thing): boolean {
  return passage.documentId === documentId && (record === null || passage.clause === record)
}

function best(runs: readonly string[], evidence: readonly Evidence[]): number {
  return Math.max(
    0,
    ...evidence.map(
      ({ passage }) => coveredCharacters(runs, normalize(`${passage.title} ${passage.heading ?? ''} ${passage.text}`)).share,
    ),
  )
}

const leading = /^(?:那么?|还有|另外|换成|如果是)\s*/
const pointing =
  /那么?|它|这个|那个|这项|该|上次|上面|上述|刚才|前面|第[一二三123][个项条种篇份]|[前后]一个|[前后]者|呢|吗|的话|换成|如果是|还有|另外|政策|办法|细则|文件|规定|成果/g
