/** Cells by row and column, from 0, as `row:column`. */
export type Cells = ReadonlySet<string>

export const white = 'ffffff'
export const black = '000000'

/** @param ground null where it is not plain; what stands on it is seen */
export function isUnseen(ink: string, ground: string | null): boolean {
  return ground !== null && (ink === ground || (isWhite(ink) && isWhite(ground)))
}

function isWhite(colour: string): boolean {
  return /^(?:f[0-9a-f]){3}$/.test(colour)
}
