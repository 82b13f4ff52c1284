/**
 * The compact key of a term in the postings table: FNV-1a over UTF-16 units, mixed once more, as a signed 32-bit integer. Never change it:
 * it is stored. Two of 100,000 terms share a key about once; that costs a little rank, never a wrong answer.
 */
export function hashOf(term: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < term.length; index++) hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) | 0
}
