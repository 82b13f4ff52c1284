import type { Language } from '../../prompts/load.ts'
import { languageWished } from './language.ts'
import { commandIn, isAsking, type Wish, wishOf } from './wishes.ts'

/** What one message contains beside its questions. */
export type Pieces = {
  /**
   * The wish of the whole message, or of one sentence that asks for a person or complains: such a sentence counts whatever else is asked.
   */
  readonly wish: Wish | null
  /** The language that one of the sentences asks to be answered in. */
  readonly speak: Language | null
  /** The need that follows the wish to submit one: 我想登记一个需求：找耐高温膜. */
  readonly need: string | null
  /** The rest, without opening greetings, closing thanks and the wish for a language. */
  readonly asked: string
}

type Piece = { readonly piece: string; readonly wish: Wish | null }

const ends = /(?<=[。！？!?\n；;，,：:])|(?<=\.)(?=\s)/
const full = /[。！？!?.\n]\s*$/
/** As an item in a list, 人工 means labour costs; with one of these verbs it is a wish for a person. */
const acts = /转|找|接|叫|换|投诉(?:\p{L}|\s*[!！。])|[要想]投诉|\b(?:talk|speak|connect|transfer|complain|want|need)/iu
/** Words for somebody to talk to. A broker or a person in charge is also named in rules, so those words are not here. */
const forTalk = /人工|真人|活人|客服|真的人|你们|贵方|园区|投诉|human|someone|real|talk|speak|connect|transfer|complain/i
/** “May the form be filled in in English?” is no wish to be answered in English. */
const toAnswer = /回答|回复|答复|请|麻烦|以后|接下来|切换|你|answer|reply|speak|switch|say|please/i
const toTalk = /说|讲|交流/
const isThere = /^\s*(?:请问)?有/

/** Pure. */
export function piecesOf(text: string): Pieces {
  const whole = wishOf(text)
  if (whole !== null || commandIn(text) !== null) return { wish: whole, speak: null, need: null, asked: text }
  const pieces = text.split(ends).map((piece) => ({ piece, wish: wishIn(piece) }))
  const heard = pieces.find((_, index) => isHeard(pieces, index))
  const speaks = pieces.map(({ wish }) => languageWished(wish)).findLast((each) => each !== null)
  const rest = askedOf(pieces)
  return {
    wish: heard?.wish ?? (rest === '' ? null : wishOf(rest)),
    speak: speaks ?? null,
    need: needOf(pieces),
    asked: rest || text,
  }
}

function wishIn(piece: string): Wish | null {
  const wish = wishOf(piece)
  if (languageWished(wish) === null) return wish
  return toAnswer.test(piece) || (toTalk.test(piece) && !isAsking(piece)) ? wish : null
}

/** Whether a sentence asks for a person or complains, rather than only naming one as its subject. */
function isHeard(pieces: readonly Piece[], index: number): boolean {
  const { piece = '', wish = null } = pieces[index] ?? {}
  if (wish !== 'human' && wish !== 'complaint') return false
  const [before, next] = [pieces[index - 1]?.piece ?? '', pieces[index + 1]?.piece]
  if (acts.test(piece)) return forTalk.test(piece) || full.test(piece) || next === undefined || !isAsking(next)
  return next === undefined && full.test(before) && !isAsking(piece) && (forTalk.test(piece) || !isAsking(before))
}

function askedOf(pieces: readonly Piece[]): string {
  const said = pieces.filter(({ wish }) => languageWished(wish) === null)
  // 有人在吗 before a question only asks for an answer.
  const own = said.map(
    ({ piece, wish }) => wish !== 'greeting' && wish !== 'thanks' && !(wish === 'human' && isThere.test(piece)),
  )
  return said
    .slice(Math.max(0, own.indexOf(true)), own.lastIndexOf(true) + 1)
    .map(({ piece }) => piece)
    .join('')
    .trim()
}

const shortestNeed = 4

function needOf(pieces: readonly Piece[]): string | null {
  const begins = pieces.findIndex(({ wish }) => wish !== 'greeting' && wish !== 'thanks')
  if (pieces[begins]?.wish !== 'demand') return null
  const rest = pieces
    .slice(begins + 1)
    .map(({ piece }) => piece)
    .join('')
    .trim()
  return [...rest].length < shortestNeed || /[?？]$|怎么|如何|需要什么|要什么/.test(rest) ? null : rest
}
