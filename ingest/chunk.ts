import type { TextSplitter } from '@langchain/textsplitters'
import type { NewPassage } from '../retrieval/store/document.ts'
import type { Clause } from './clauses.ts'

/** Longer text becomes several passages. The median clause of Chinese law has 104 characters; 99 % have fewer than 500. */
const longest = 500
/** A 条 is cited and read whole: one in a hundred is longer than the limit above, one in a thousand longer than this. */
const longestArticle = 800
/** Shorter neighbours under one heading are joined. */
const shortest = 60

let loaded: Promise<TextSplitter> | undefined

/** Loaded with the first overlong clause: the package costs a quarter of a start, and few documents have one. */
function splitter(): Promise<TextSplitter> {
  loaded ??= import('@langchain/textsplitters').then(
    ({ RecursiveCharacterTextSplitter }) =>
      new RecursiveCharacterTextSplitter({
        chunkSize: longest,
        chunkOverlap: 0,
        separators: ['\n', '。', '；', ';', '. ', '！', '？', '，', ' ', ''],
        keepSeparator: true,
      }),
  )
  return loaded
}

/**
 * Clauses → passages. A clause stays whole when it fits; a long one is cut between its items or sentences, keeps its label in every piece,
 * and says which piece of how many each is.
 */
export async function passagesOf(clauses: readonly Clause[]): Promise<NewPassage[]> {
  const passages: NewPassage[] = []
  for (const clause of clauses) {
    const fits = [...clause.text].length <= (clause.label?.startsWith('第') ? longestArticle : longest)
    const parts = fits ? [clause.text] : await pieces(clause.text)
    passages.push(...parts.map((text, index) => passage(clause, text, parts.length > 1 ? `${index + 1}/${parts.length}` : null)))
  }
  return merged(passages)
}

function passage(clause: Clause, text: string, part: string | null): NewPassage {
  const fields = { ...(clause.page === null ? {} : { page: clause.page }), ...(part === null ? {} : { part }) }
  return { clause: clause.label, heading: clause.heading, text, fields }
}

/** Items first: a list is cut between its lines, and a line only when it is too long by itself, between its sentences. */
async function pieces(text: string): Promise<string[]> {
  const parts: string[] = []
  for (const paragraph of text.split('\n')) {
    const fits = [...`${parts.at(-1) ?? ''}\n${paragraph}`].length <= longest && parts.length > 0
    if (fits) parts[parts.length - 1] = `${parts.at(-1)}\n${paragraph}`
    else if ([...paragraph].length <= longest) parts.push(paragraph)
    else parts.push(...rejoined(await (await splitter()).splitText(paragraph)))
  }
  return parts
}

/** The splitter leaves a full stop at the start of the next piece; it belongs to the sentence before. */
function rejoined(split: readonly string[]): string[] {
  const parts: string[] = []
  for (const each of split) {
    const stop = /^[。；;！？，.]+/.exec(each)?.[0] ?? ''
    if (stop !== '' && parts.length > 0) parts[parts.length - 1] += stop
    const rest = parts.length > 0 ? each.slice(stop.length).trim() : each.trim()
    if (rest !== '') parts.push(rest)
  }
  return parts
}

/** Scraps without a label (a signature, a line above a table) are joined to what stands before them; clauses are not. */
function merged(passages: readonly NewPassage[]): NewPassage[] {
  const result: NewPassage[] = []
  for (const each of passages) {
    const before = result.at(-1)
    const small = (of: NewPassage) => [...of.text].length < shortest
    const unnamed = before !== undefined && before.clause === null && each.clause === null && before.heading === each.heading
    const joins = unnamed && (small(each) || small(before))
    if (joins && [...before.text].length + [...each.text].length <= longest)
      result[result.length - 1] = { ...before, text: `${before.text}\n${each.text}` }
    else result.push(each)
  }
  return result
}
