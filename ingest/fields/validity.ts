import { type Ending, endOf } from './ending.ts'
import { englishValidity } from './english.ts'
import { issueDate } from './issued.ts'
import { startOf } from './start.ts'

/** A value with the words it was taken from. */
export type Found = { readonly value: string; readonly phrase: string }
export type ValidityFields = {
  readonly issuedOn: Found | null
  readonly effectiveFrom: Found | null
  readonly effectiveTo: Found | null
  /** It ends with an event (至疫情结束) or 另行通知: no day can be computed, so a person must watch for it. */
  readonly endsWithEvent: string | null
  /** The words of an end that lies before the document's own start. */
  readonly contradiction: string | null
}

/**
 * Dates of validity by rule, each with its phrase. Only what speaks of the document itself counts: 有效期 of a certificate or the deadline of
 * an application is not the document's.
 * @param lines the document's lines
 * @param stated the issue date in the page's own metadata
 */
export function validityOf(lines: readonly string[], stated: string | null): ValidityFields {
  return isChinese(lines) ? chineseValidity(lines, stated) : englishValidity(lines)
}

/** An English guide may also name its issuer in Chinese: the script of most of the text decides. */
function isChinese(lines: readonly string[]): boolean {
  const text = lines.join(' ')
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return count(/\p{Script=Han}/gu) >= count(/[a-z]+/gi)
}

function chineseValidity(lines: readonly string[], stated: string | null): ValidityFields {
  const issuedOn = issueDate(lines, stated)
  const sentences = sentencesOf(lines)
  const effectiveFrom = startOf(lines, sentences, issuedOn)
  const ending: Ending = endOf(sentences, effectiveFrom, issuedOn)
  return {
    issuedOn,
    effectiveFrom,
    effectiveTo: ending.day,
    endsWithEvent: ending.event,
    contradiction: ending.contradiction,
  }
}

/** A sentence with the one before it, and its position in the document (0…1). */
export type Sentence = { readonly text: string; readonly before: string; readonly at: number }

function sentencesOf(lines: readonly string[]): Sentence[] {
  const texts = lines.flatMap((line) => line.normalize('NFKC').split(/(?<=[。;；])/)).map((each) => each.trim())
  const total = texts.reduce((sum, each) => sum + each.length, 0)
  let seen = 0
  return texts.map((text, index) => {
    seen += text.length
    return { text, before: texts[index - 1] ?? '', at: total === 0 ? 0 : seen / total }
  })
}
