import { documentNumbersIn } from '../../../retrieval/text/document-numbers.ts'

/** A document names what it is made under in its first sentences. */
const within = 12

/** @returns titles (with numbers where given) the document says it is made under, and the sentence that says so */
export function basedOn(
  lines: readonly string[],
  ownTitle: string,
): { readonly names: readonly string[]; readonly phrase: string | null } {
  const sentences = lines
    .slice(0, 40)
    .flatMap((line) => line.split(/(?<=[。；;])/))
    .filter((each) => each.trim() !== '')
    .slice(0, within)
  const names = new Set<string>()
  let phrase: string | null = null
  for (const sentence of sentences) {
    const from = /(?:根据|依据|依照|按照|遵照|为(?:深入)?贯彻落实|为落实)/.exec(sentence)
    if (from === null) continue
    for (const [, title = '', bracket = ''] of sentence
      .slice(from.index)
      .matchAll(/《([^《》]{3,80})》\s*([（(][^）)]{2,40}[)）])?/g)) {
      if (title === ownTitle) continue
      const [number] = documentNumbersIn(bracket)
      names.add(
        number === undefined || number.agency === ''
          ? `《${title}》`
          : `《${title}》（${number.agency}〔${number.year}〕${number.serial}号）`,
      )
      phrase ??= sentence.trim().slice(0, 200)
    }
  }
  return { names: [...names], phrase }
}
