import { number } from './loose.ts'

/**
 * @param until ms since 1970, as stored; anything else is over
 * @param longestMs how far ahead it is set at most: what lies further was set before the clock was set back
 */
export function isOver(until: unknown, now: Date, longestMs: number): boolean {
  const left = (number(until) ?? 0) - now.getTime()
  return left <= 0 || left > longestMs
}
