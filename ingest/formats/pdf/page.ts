import type { Piece, Sheet } from './rows.ts'

/** One string of the text layer; the transform is a PDF matrix [a b c d x y]. */
export type Item = {
  readonly str: string
  readonly transform: readonly unknown[]
  readonly width: number
  readonly height: number
}

/** Smaller letters cannot be read, nor can what lies beside the page. */
const smallest = 2

/**
 * Strings of a page → pieces, with the page turned so that most strings run from left to right. Strings at an angle (watermarks) are left
 * out.
 */
export function sheetOf(items: readonly Item[], view: readonly number[]): { sheet: Sheet; unseen: string } {
  const [left = 0, bottom = 0, right = 0, top = 0] = view
  const page = { width: right - left, height: top - bottom }
  const turned = items.map((item) => ({ item, turn: turnOf(item) }))
  const turn = mostFrequent(turned.flatMap((each) => (each.turn === null ? [] : Array(each.item.str.length).fill(each.turn))))
  const pieces: Piece[] = []
  let unseen = ''
  for (const { item, turn: own } of turned) {
    if (item.str.trim() === '' || own !== turn) continue
    const [x, y, size] = [Number(item.transform[4]) - left, Number(item.transform[5]) - bottom, sizeOf(item)]
    if (!Number.isFinite(x + y + size)) continue
    if (isOn(page, { x, y, size }))
      pieces.push({ text: plainText(item.str), ...turnedBack({ x, y }, turn, page), width: item.width, size })
    else unseen += item.str
  }
  const across = turn % 2 === 1
  return { sheet: { width: across ? page.height : page.width, height: across ? page.width : page.height, pieces }, unseen }
}

function isOn(page: { width: number; height: number }, { x, y, size }: { x: number; y: number; size: number }): boolean {
  return size >= smallest && x > -size && x < page.width + size && y > -size && y < page.height + size
}

function sizeOf(item: Item): number {
  const [a, b] = [Number(item.transform[0]), Number(item.transform[1])]
  return Math.hypot(a, b) || item.height
}

/** @returns quarter turns counter-clockwise; null when the string is set at an angle */
function turnOf(item: Item): number | null {
  const turns = Math.atan2(Number(item.transform[1]), Number(item.transform[0])) / (Math.PI / 2)
  const whole = Math.round(turns)
  return Math.abs(turns - whole) < 0.1 ? (whole + 4) % 4 : null
}

function mostFrequent(turns: readonly number[]): number {
  const counts = [0, 0, 0, 0]
  for (const turn of turns) counts[turn] = (counts[turn] ?? 0) + 1
  return counts.indexOf(Math.max(...counts))
}

function turnedBack(
  { x, y }: { x: number; y: number },
  turn: number,
  page: { width: number; height: number },
): { x: number; y: number } {
  if (turn === 1) return { x: y, y: page.width - x }
  if (turn === 2) return { x: page.width - x, y: page.height - y }
  if (turn === 3) return { x: page.height - y, y: x }
  return { x, y }
}

/**
 * Some programs name a character by the radical of the same shape: ⽀ for 支. Unicode folds the Kangxi radicals, but not the simplified ones.
 */
const radicals = /[\u2E80-\u2FDF]/g
const simplifiedRadicals = new Map(
  '⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟'
    .split(' ')
    .map((pair) => [...pair] as [string, string]),
) // pairs of two characters each

/** Replaces radicals by characters and ligatures (ﬁ) by their letters. */
function plainText(text: string): string {
  return text
    .replace(radicals, (radical) => simplifiedRadicals.get(radical) ?? radical.normalize('NFKC'))
    .replace(/[\uFB00-\uFB06]/g, (joined) => joined.normalize('NFKC'))
}
