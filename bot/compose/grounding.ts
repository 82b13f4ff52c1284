import { documentNumbersIn } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'

/** Evidence as the model saw it, numbered from 1. */
export type Source = { readonly n: number; readonly text: string }
export type Grounded = { readonly text: string; readonly citations: readonly number[]; readonly removed: readonly string[] }

const longest = 400

/**
 * Pure: keeps the sentences of a model's text that rest on the evidence, drops the others. What a sentence cites must have been given,
 * and every figure, date, document number, telephone number, link, address and 《title》 in it must stand in what it cites.
 */
export function grounded(raw: string, sources: readonly Source[], language: 'zh' | 'en'): Grounded {
  const kept: string[] = []
  const removed: string[] = []
  const cited = new Set<number>()
  for (const sentence of sentencesOf(raw.slice(0, 4000))) {
    const numbers = [...sentence.matchAll(/\[(\d{1,3})\]/g)].map((match) => Number(match[1]))
    const problem = problemOf(sentence, numbers, sources, language)
    if (problem !== null || [...kept.join('')].length + [...sentence].length > longest) {
      removed.push(problem ?? 'too_long')
      continue
    }
    kept.push(sentence)
    for (const number of numbers) cited.add(number)
  }
  return { text: kept.join(language === 'zh' ? '' : ' '), citations: [...cited].sort((a, b) => a - b), removed }
}

/** A citation mark belongs to the sentence before it, on whichever side of the full stop it stands. */
function sentencesOf(raw: string): string[] {
  return raw
    .replace(/\r?\n+/g, '\n')
    .split(/(?<=[。！？!?；;\n](?:\s*\[\d{1,3}\])*)(?!\s*\[\d)|(?<=\.(?:\s*\[\d{1,3}\])*)\s+(?=[A-Z])/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

/** Approval is for the authority to give; and words about the words (prompts, rules) are not for people. */
const promises =
  /一定(?:能|会|可以)|肯定(?:能|会|可以)|保证(?:能|会|可以|您|通过|拿到)|确保您|必然|百分之百|100\s*%\s*(?:通过|成功)|包过|稳拿|\b(?:guarantee[ds]?|definitely|certainly will|rest assured)\b/i
const forbidden =
  /<[a-z/!][^>]*>|!\[|\]\(|NOT_FOUND|<\/?(?:passages|question)>|system prompt|as an ai|作为(?:一个)?(?:ai|人工智能|语言模型)|提示词|ignore (?:the )?(?:previous|above)/i

function problemOf(
  sentence: string,
  numbers: readonly number[],
  sources: readonly Source[],
  language: 'zh' | 'en',
): string | null {
  if (numbers.length === 0) return 'no_citation'
  const own = sources.filter((source) => numbers.includes(source.n))
  if (own.length !== new Set(numbers).size) return 'unknown_citation'
  const words = sentence.replace(/\[\d{1,3}\]/g, '')
  if (promises.test(words)) return 'promise'
  if (forbidden.test(words)) return 'forbidden'
  if (language === 'zh' && !/\p{Script=Han}/u.test(words)) return 'wrong_language'
  if (language === 'en' && (words.match(/\p{Script=Han}/gu)?.length ?? 0) > words.length / 2) return 'wrong_language'
  return ungrounded(words, own.map((source) => source.text).join('\n'))
}

/** @returns what kind of fact a sentence holds that its evidence does not, or null */
export function ungrounded(words: string, evidence: string): string | null {
  const source = normalize(evidence)
  const missing = (found: readonly string[]) =>
    found.some((each) => !source.replace(/\s/g, '').includes(normalize(each).replace(/\s/g, '')))
  if (missing(words.match(/https?:\/\/\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+/gi) ?? [])) return 'link'
  if (missing(words.match(/(?:\d{3,4}-)?\d{7,12}(?:-\d+)?/g) ?? [])) return 'phone'
  const known = new Set(documentNumbersIn(evidence).map(({ year, serial }) => `${year}:${serial}`))
  if (documentNumbersIn(words).some(({ year, serial }) => !known.has(`${year}:${serial}`))) return 'document_number'
  if (missing([...words.matchAll(/《([^》]+)》/g)].map((match) => match[1] ?? ''))) return 'title'
  const values = new Set(numbersIn(evidence).map((each) => each.value))
  if (numbersIn(words).some(({ value, text }) => !(text.length === 1 && /\p{Script=Han}/u.test(text)) && !values.has(value)))
    return 'number'
  return unitsDiffer(words, source) ? 'unit' : null
}

/** 5万元 may not become 5%: a figure keeps the unit it has in the evidence. */
function unitsDiffer(words: string, source: string): boolean {
  const plain = normalize(words)
  const tight = source.replace(/[\s,]/g, '')
  return [...plain.matchAll(/(\d+(?:\.\d+)?)\s*(%|个百分点|‰)/g)].some(([, figure, unit]) => !tight.includes(`${figure}${unit}`))
}
