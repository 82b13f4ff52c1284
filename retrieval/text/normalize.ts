import { createRequire } from 'node:module'
import { remembered } from '../base/remembered.ts'

/** Soft hyphen, zero-width characters, direction marks, byte order mark: invisible, and they break words in two. */
const invisible =
  /\u00AD|\u034F|\u061C|\u180E|[\u200B-\u200F]|[\u202A-\u202E]|[\u2060-\u2064]|[\u2066-\u206F]|[\uFE00-\uFE0F]|\uFEFF/g

/**
 * One spelling of a text for comparison: width and compatibility forms folded (NFKC), lower case, traditional characters simplified one by
 * one, invisible characters removed. Idempotent. Not for display, and its length differs from that of the text.
 */
export const normalize: (text: string) => string = remembered(
  (text) => simplify(text.normalize('NFKC').toLowerCase().normalize('NFKC').replace(invisible, '')),
  1_000,
)

let simplified: ReadonlyMap<string, string> | undefined

function simplify(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text
  simplified ??= loadCharacters()
  let out = ''
  for (const each of text) out += simplified.get(each) ?? each
  return out
}

/**
 * About 4,000 pairs, 5 ms; read when the first Chinese text arrives. Single characters only: phrases would make the result depend on
 * context.
 */
function loadCharacters(): ReadonlyMap<string, string> {
  const dictionary: { default: string } = createRequire(import.meta.url)('opencc-js/dict/TSCharacters')
  const pairs = dictionary.default.split('|').map((pair) => pair.split(' '))
  const first = new Map(pairs.flatMap(([from, to]) => (from && to && from !== to ? [[from, to]] : [])))
  // A few simplified characters are the traditional form of another word; following the chain keeps the mapping idempotent.
  return new Map([...first].map(([from, to]) => [from, first.get(to) ?? to]))
}
