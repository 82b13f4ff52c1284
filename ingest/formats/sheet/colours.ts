/** Whether the cell at a row and a column, both from 0, is in the set. */
export type Cells = (y: number, x: number) => boolean

export function cellsOf(places: readonly { readonly y: number; readonly x: number }[]): Cells {
  const found = new Set(places.map(({ y, x }) => `${y}:${x}`))
  return (y, x) => found.has(`${y}:${x}`)
}

export const white = 'ffffff'
export const black = '000000'

/** @param ground null when it is not plain; letters on it count as seen */
export function isUnseen(ink: string, ground: string | null): boolean {
  return ground !== null && (ink === ground || (isWhite(ink) && isWhite(ground)))
}

function isWhite(colour: string): boolean {
  return /^(?:f[0-9a-f]){3}$/.test(colour)
}
