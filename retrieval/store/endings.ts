import { startOf } from '../validity.ts'

/** What is known of a document when deciding whether another one ends it. */
export type Endable = {
  readonly id: string
  readonly family: string
  readonly title: string
  readonly issuers: readonly string[]
  readonly regions: readonly string[]
  readonly binding: boolean
  readonly issuedOn: string | null
  readonly effectiveFrom: string | null
}

export type Ending = { readonly on: string; readonly how: 'superseded' | 'repealed'; readonly by: string }

/**
 * When a document ends because others name it. Found by rule, so it is a proposal, but treated as true because it stops an answer. Only a
 * binding document ends another, an older one never a newer, and one of a different place only with the same issuer (every city has a
 * 管理办法). The earliest ending wins, whichever file arrived first.
 * @param namedBy live documents that say they replace `document`
 * @param today used as the start of a document that names none
 */
export function endingOf(document: Endable, namedBy: readonly Endable[], today: string): Ending | null {
  const endings = namedBy.flatMap((other) => {
    const on = startOf(other) ?? today
    const start = startOf(document)
    const newer = start === null || start < on
    return other.binding && other.family !== document.family && newer && concerns(other, document)
      ? [{ on, how: howOf(other), by: other.id }]
      : []
  })
  return endings.toSorted((a, b) => (a.on === b.on ? (a.by < b.by ? -1 : 1) : a.on < b.on ? -1 : 1))[0] ?? null
}

function concerns(one: Endable, other: Endable): boolean {
  const anywhere = one.regions.length === 0 || other.regions.length === 0
  return (
    anywhere ||
    one.regions.some((each) => other.regions.includes(each)) ||
    one.issuers.some((each) => other.issuers.includes(each))
  )
}

/** A list of what no longer applies repeals; a new text replaces. */
function howOf(other: Endable): Ending['how'] {
  return /废止|失效|停止执行|清理结果/u.test(other.title) ? 'repealed' : 'superseded'
}
