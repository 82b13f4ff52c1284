import { hashOf } from './terms.ts'

/** Characters per shingle: long enough that two documents of one kind share few by chance. */
const width = 9
/** Longer texts are compared by their beginning. */
const most = 200_000
/** Hashes kept: the error of the estimate is about 1/√size. */
const size = 128

/** Pure: the smallest hashes of a text's shingles. Two documents are as alike as the share of hashes they have in common. */
export function sketchOf(document: { readonly passages: readonly { readonly text: string }[] }): number[] {
  const text = document.passages
    .map((each) => each.text)
    .join('')
    .slice(0, most)
    .replace(/[^\p{L}\p{N}]/gu, '')
  const hashes = new Set<number>()
  for (let at = 0; at + width <= text.length; at += 1) hashes.add(hashOf(text.slice(at, at + width)))
  return [...hashes].sort((a, b) => a - b).slice(0, size)
}

/** @returns 0…1, how much of the two texts is the same */
export function resemblance(one: readonly number[], other: readonly number[]): number {
  const union = [...new Set([...one, ...other])].sort((a, b) => a - b).slice(0, size)
  if (union.length === 0) return 0
  const [a, b] = [new Set(one), new Set(other)]
  return union.filter((each) => a.has(each) && b.has(each)).length / union.length
}
