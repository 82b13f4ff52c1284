import type { PoolClient } from 'pg'
import type { NewDocument } from '../document.ts'

type Field = { readonly value?: unknown; readonly phrase?: string | null; readonly confirmed?: boolean }
type Before = { readonly fields: Readonly<Record<string, Field | undefined>>; readonly [day: string]: unknown }

const days = { issued_on: 'issuedOn', effective_from: 'effectiveFrom', effective_to: 'effectiveTo' } as const
/** Words that name a day themselves. A period is counted from another day, which may have changed. */
const absolute = /(?:19|20)\d{2}\s*[年.\-/]/

/**
 * What a person confirmed or corrected in the version before is carried over where the new one says the same in the same words, so nobody
 * is asked twice.
 * @param family of the version before, live or waiting
 */
export async function carriedOver(client: PoolClient, document: NewDocument, family: string): Promise<NewDocument> {
  const { rows } = await client.query<Before>(
    `select fields, issued_on::text, effective_from::text, effective_to::text from document
      where family = $1 and state = 'live' and fields::text like '%"confirmed": true%'`,
    [family],
  )
  const before = rows[0]
  if (before === undefined) return document
  return carry(document, before)
}

/** Pure. */
function carry(document: NewDocument, before: Before): NewDocument {
  const fields: Record<string, unknown> = { ...document.fields }
  const values: { issuedOn?: string | null; effectiveFrom?: string | null; effectiveTo?: string | null } = {}
  for (const [name, key] of Object.entries(days) as [keyof typeof days, (typeof days)[keyof typeof days]][]) {
    const [old, now] = [before.fields[name], document.fields[name] as Field | undefined] // fields are read back as they were written
    if (old?.confirmed !== true || now === undefined || old.phrase == null || old.phrase !== now.phrase) continue
    const told = typeof before[name] === 'string' ? before[name] : null
    if (told !== document[key] && !absolute.test(old.phrase)) continue
    values[key] = told
    fields[name] = { ...now, value: told, confirmed: true }
  }
  return { ...document, ...values, fields }
}
