import { normalize } from '../../../retrieval/text/normalize.ts'
import { condition, type Segment, segmentsIn, type Token, tokensOf } from './tokens.ts'

/**
 * Pure: whether a Chinese sentence only shortens its evidence. Each of its clauses must occur in one segment of the evidence, in the same
 * order and without words of its own. Between two words that it puts side by side, no other figure, no negation and no whole subject may
 * have been left out. Words of a title or label may be added, unless they replace another subject.
 */
export function abridges(words: string, evidence: string): boolean {
  const segments = segmentsIn(evidence)
  const title = tokensOf(evidence.split('\n')[0] ?? '')
  const said = normalize(words)
  const held = normalize(evidence)
  // 自受理之日起 and 自申请之日起 are two dates, although 申请 occurs everywhere.
  if ([...said.matchAll(/\p{Script=Han}{2}之日/gu)].some(([day]) => !held.includes(day))) return false
  const rows = held.split('\n').map(cellsOf)
  const told = said.split('\n').map(cellsOf)
  if (told.some((cells) => cells.length > 1 && !rows.some((row) => cells.every((each) => row.includes(each))))) return false
  return said.split(/[。;!?\n]/).every((statement) => standsIn(statement, segments, title))
}

/** The cells of a table row in its form of label:value;label:value. Those of two rows make a third that stands nowhere. */
function cellsOf(line: string): string[] {
  const cells = line
    .replace(/[。.\s]+$/, '')
    .split(/[;；]/)
    .map((each) => each.trim())
  return cells.length > 1 && cells.every((each) => /^[^:：,，]{1,20}[:：]/.test(each)) ? cells : []
}

function standsIn(statement: string, segments: readonly Segment[], title: readonly Token[]): boolean {
  let before: readonly Segment[] | null = null
  return statement
    .split(/[,:](?!\d{3}(?!\d))/)
    .flatMap(apart)
    .map((text) => ({ text, may: /可|能/.test(text), whose: condition.test(text) }))
    .filter(({ text }) => tokensOf(text).length > 0)
    .every((clause) => {
      const own = segments.filter((segment) =>
        holds(segment, clause, title, before === null ? 'first' : before.includes(segment) ? 'begun' : 'apart'),
      )
      before = own
      return own.length > 0
    })
}

/** A list is one piece unless each of its parts has a figure. */
function apart(clause: string): string[] {
  const parts = clause.split('、')
  return parts.length > 1 && parts.every((each) => /\d/.test(each)) ? parts : [clause]
}

type Said = { readonly text: string; readonly may: boolean; readonly whose: boolean }

/** @param place first of its sentence, or whether the one before it stands in this segment too */
function holds(
  segment: Segment,
  { text, may, whose }: Said,
  title: readonly Token[],
  place: 'first' | 'begun' | 'apart',
): boolean {
  const first = place === 'first'
  const begun = place !== 'apart'
  const tokens = tokensOf(text.replace(segment.general, ' '))
  const inside = new Set(segment.tokens)
  const label = new Set(segment.label)
  const added = tokens.filter((each) => !inside.has(each) && !label.has(each) && !idle.has(each))
  const given = (segment.after ?? title).join('')
  if (added.some((each) => !besideIn(tokens, each, given))) return false
  const bare = tokens.every((each) => each.startsWith('#') || units.has(each))
  // A subject that continues after a semicolon stands under the condition with which its part begins.
  const goesOn = segment.after !== null && added.length > 0
  // What a label says may also be repeated in front of the text below it.
  const led = tokens.findIndex((each) => !label.has(each))
  return [tokens, tokens.slice(led < 0 ? tokens.length : led)].some((said) => {
    const wanted = said.filter((each) => inside.has(each))
    if (wanted.length === 0) return !tokens.some((each) => each.startsWith('#'))
    const straight = placings(segment.tokens, wanted)
    const about = turnedAbout(segment.tokens, wanted).flatMap((order) => placings(segment.tokens, order))
    return [...straight, ...about.filter((at) => inOneClause(segment, at))].some(
      (at) =>
        fits(segment, at, { added: added.length > 0, may, whose }) &&
        ((begun && !goesOn) || leads(segment, at)) &&
        (first || !bare || isAlone(segment, at)),
    )
  })
}

const units = new Set([...'年月日天周期次个项名人家%‰'])
const mostBeside = 3

/** A figure without a word of its own (期限三年, 最高10万元) must come from a clause that says hardly more. */
function isAlone({ tokens, begins }: Segment, at: readonly number[]): boolean {
  const begin = begins.findLast((each) => each <= (at[0] ?? 0)) ?? 0
  const end = begins.find((each) => each > (at[0] ?? 0)) ?? tokens.length
  return end - begin - at.length <= mostBeside
}

/** A character taken from a title must come with one of its neighbours there. */
function besideIn(tokens: readonly Token[], each: Token, given: string): boolean {
  const at = tokens.indexOf(each)
  const [before, after] = [tokens[at - 1], tokens[at + 1]]
  return (before !== undefined && given.includes(before + each)) || (after !== undefined && given.includes(each + after))
}

/** Characters that say nothing on their own. */
const idle = new Set([...'会要需用后前时如有每个家项名'])

const shortestBlock = 2

/** 通过某网申领创新券 for 创新券通过某网申领: the first part was moved to the end as a whole. */
function turnedAbout(tokens: readonly Token[], wanted: readonly Token[]): Token[][] {
  const at = wanted.findIndex(
    (each, index) =>
      index >= shortestBlock && index <= wanted.length - shortestBlock && tokens.indexOf(each) < tokens.indexOf(wanted[0] ?? ''),
  )
  return at < 0 ? [] : [[...wanted.slice(at), ...wanted.slice(0, at)]]
}

/** Across clauses, or next to a second figure, another order may mean something else. */
function inOneClause({ tokens, begins }: Segment, at: readonly number[]): boolean {
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0]
  const begin = begins.findLast((each) => each <= first) ?? 0
  const end = begins.find((each) => each > first) ?? tokens.length
  return last < end && tokens.slice(begin, end).filter((each) => each.startsWith('#')).length <= 1
}

/** The ways in which the wanted tokens occur in the segment in their order, each as close together as possible. */
function placings(tokens: readonly Token[], wanted: readonly Token[]): number[][] {
  const last = wanted.at(-1)
  return tokens.flatMap((token, end) => {
    if (token !== last) return []
    const at = [end]
    for (const each of wanted.slice(0, -1).toReversed()) {
      const next = tokens.lastIndexOf(each, (at[0] ?? 0) - 1)
      if (next < 0 || at[0] === 0) return []
      at.unshift(next)
    }
    return [at]
  })
}

const turning = new Set([...'不未非无免除仅只'])
const denying = new Set([...'不未非'])
/** More tokens of another subject than this are no function words; in tokens. */
const longestSkipped = 2

type How = { readonly added: boolean; readonly may: boolean; readonly whose: boolean }

/** 能转让 out of 不能转让. */
function losesDenial({ tokens, begins }: Segment, first: number): boolean {
  return !begins.includes(first) && denying.has(tokens[first - 1] ?? '')
}

function fits(segment: Segment, at: readonly number[], { added, may, whose }: How): boolean {
  const { tokens, begins } = segment
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0]
  const begin = begins.findLast((each) => each <= first) ?? 0
  const skipped = tokens.slice(first, last).filter((_, index) => !at.includes(first + index))
  if (skipped.some((each) => each.startsWith('#') || turning.has(each)) || losesDenial(segment, first)) return false
  if (may && tokens.slice(begin, last).includes('M')) return false
  if (whose && segment.whose[begins.lastIndexOf(begin)] === true && longestGap(begin, at) > 1) return false
  // In another clause, nothing may stand before the words taken from it.
  if (begins.some((each) => each > first && each <= last && !at.includes(each))) return false
  // A clause without a figure says whom or what a rule is about, so none of its attributes may be left out.
  if (!at.some((each) => tokens[each]?.startsWith('#')) && longestGap(first, at) > longestSkipped) return false
  const end = begins.find((each) => each > last) ?? tokens.length
  return !added || (longestGap(begin, at) === 0 && end - last - 1 <= longestSkipped)
}

function longestGap(from: number, at: readonly number[]): number {
  return Math.max(...at.map((each, index) => each - (index === 0 ? from - 1 : (at[index - 1] ?? 0)) - 1))
}

/** What depends on a condition must not be said without all of it. */
function leads({ begins }: Segment, at: readonly number[]): boolean {
  const begin = begins.findLast((each) => each <= (at[0] ?? 0)) ?? 0
  return begin === 0 || at.some((each) => each < begin)
}
