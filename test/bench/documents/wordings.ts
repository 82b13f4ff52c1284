import { line } from '../../../ingest/formats/format.ts'
import { understand } from '../../../ingest/understand.ts'

export type Wording = { readonly text: readonly string[]; readonly label: Readonly<Record<string, unknown>> }

const endsWithEvent = 'ends_with_event'

/** What the rules make of a few lines, under the names of the labels. */
export async function fieldsOfText(text: readonly string[]) {
  const lines = text.map((each) => line(each))
  const understood = await understand({ kind: 'text', lines, meta: {}, warnings: [] }, 'a.txt')
  if (understood.outcome === 'refused') throw new Error(understood.message)
  const { docNo, issuedOn, effectiveFrom, effectiveTo, supersedes, binding, doubts } = understood.document
  return {
    doc_no: docNo,
    issued_on: issuedOn,
    effective_from: effectiveFrom,
    effective_to: effectiveTo,
    event: doubts.some((each) => each.code === endsWithEvent),
    supersedes: supersedes.map((each) => each.replace(/^《(.*)》.*$/, '$1')),
    binding,
  }
}
