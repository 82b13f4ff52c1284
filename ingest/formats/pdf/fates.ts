import type { Shown } from './hidden.ts'
import type { Item } from './page.ts'
import type { Letter } from './painted/painter.ts'

export type Fate = {
  /** The visible parts of the string, at their place. */
  readonly seen: readonly Item[]
  readonly hidden: boolean
  /** Characters shown right after the string but missing from the text layer. */
  readonly rest: string
}

/** Matches the strings of the text layer with the letters that are shown. */
export function fates(items: readonly Item[], shown: Shown): Fate[] {
  const { letters, hidden } = shown
  const characters = letters.map((each) => each.letter).join('')
  const spans = spansOf(items, characters, letters)
  const nextStarts = startsAfter(spans)
  return items.map((item, index) => {
    const span = spans[index] ?? null
    if (span === null) return { seen: [item], hidden: false, rest: '' }
    const [start, end] = span
    const next = nextStarts[index] ?? characters.length
    const rest = next > end && next - end < 200 && hidden[end] !== true ? characters.slice(end, next) : ''
    if (!hidden.slice(start, end).includes(true)) return { seen: [item], hidden: false, rest }
    return { seen: pieces(item, start, shown), hidden: true, rest }
  })
}

/** For each string, where the next matched string begins; computed once from the end. */
function startsAfter(spans: readonly ([number, number] | null)[]): (number | undefined)[] {
  let next: number | undefined
  return spans
    .toReversed()
    .map((span) => {
      const after = next
      next = span?.[0] ?? next
      return after
    })
    .toReversed()
}

/** The parts of a string between its hidden letters. */
function pieces(item: Item, start: number, { letters, hidden }: Shown): Item[] {
  const parts: { text: string; from: number; to: number }[] = []
  let at = start
  let isOpen = false
  for (const unit of item.str.split('')) {
    const isBlank = unit.trim() === ''
    const part = parts.at(-1)
    if (!isBlank && hidden[at] === true) isOpen = false
    else if (isOpen && part !== undefined) Object.assign(part, { text: part.text + unit, to: isBlank ? part.to : at })
    else if (!isBlank) {
      parts.push({ text: unit, from: at, to: at })
      isOpen = true
    }
    if (!isBlank) at += 1
  }
  return parts.flatMap(({ text, from, to }) => {
    const [first, last] = [letters[from]?.place, letters[to]?.place]
    if (first === undefined || last === undefined) return []
    const transform = [...item.transform.slice(0, 4), ...first.start]
    return [{ ...item, str: text, transform, width: Math.hypot(last.end[0] - first.start[0], last.end[1] - first.start[1]) }]
  })
}

/** The text layer may omit what it cannot place: looks a little ahead for each string, or for what stands in its place. */
function spansOf(items: readonly Item[], characters: string, letters: readonly Letter[]): ([number, number] | null)[] {
  let at = 0
  return items.map((item) => {
    const bare = item.str.replace(/\s/g, '')
    if (bare === '') return null
    const ahead = characters.indexOf(bare, at)
    const start = ahead >= 0 && ahead - at < 2_000 ? ahead : elsewhere(item, bare, characters, letters)
    if (start < 0) return null
    at = Math.min(start + bare.length, characters.length)
    return [start, at]
  })
}

function elsewhere(item: Item, bare: string, characters: string, letters: readonly Letter[]): number {
  const found = characters.indexOf(bare)
  if (found >= 0) return found
  const [x, y] = [Number(item.transform[4]), Number(item.transform[5])]
  return letters.findIndex(({ place: { start } }) => Math.abs(start[0] - x) < 0.5 && Math.abs(start[1] - y) < 0.5)
}
