import type { Shown } from './hidden.ts'
import type { Item } from './page.ts'
import type { Letter } from './painted/painter.ts'

export type Fate = {
  /** What a reader sees of the string, where it stands. */
  readonly seen: readonly Item[]
  readonly hidden: boolean
  /** Characters that are shown right behind the string but not in the text layer. */
  readonly rest: string
}

/** Walks along the shown letters with the strings of the text layer. */
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

/** Where the next string that was found begins, per string; looked for once from behind, not from each string on. */
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

/** The parts of a string between what is hidden of it. */
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

/** The text layer may leave out what it cannot place: look a little ahead for each string, or for what stands where it stands. */
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
