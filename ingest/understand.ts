import type { Doubt, NewDocument, NewPassage } from '../retrieval/store/document.ts'
import { passagesOf } from './chunk.ts'
import { clausesOf } from './clauses.ts'
import { contactsIn } from './fields/contacts.ts'
import { dayOf } from './fields/dates.ts'
import { identityOf } from './fields/identity.ts'
import { issuedBy } from './fields/issuer.ts'
import { basedOn } from './fields/relations/based-on.ts'
import { prolongedBy } from './fields/relations/prolongs.ts'
import { supersededBy } from './fields/relations/supersedes.ts'
import { supportOf } from './fields/support/items.ts'
import { type Found, validityOf } from './fields/validity.ts'
import type { Line, Reading } from './formats/format.ts'
import { gate } from './gate.ts'
import { recordsOf } from './tables/index.ts'
import type { ColumnMapping } from './tables/vocabulary.ts'

/** What a file turned out to be, before anything is stored. */
export type Understood =
  | {
      readonly outcome: 'understood'
      readonly document: Omit<NewDocument, 'source' | 'sha256' | 'state' | 'demo' | 'uploadedBy'>
      readonly clauses: number
      readonly records: number | null
    }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string; readonly hint: string }

/** Pure except for the splitter: a reading → fields, clauses and passages, each field with its phrase. */
export async function understand(
  reading: Reading,
  fileName: string,
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping> = async () => ({}),
): Promise<Understood> {
  return reading.kind === 'table' ? understandTable(reading, fileName, mappingFor) : understandText(reading, fileName)
}

async function understandText(reading: Extract<Reading, { kind: 'text' }>, fileName: string): Promise<Understood> {
  const lines = reading.lines.filter((each) => each.text.trim() !== '')
  const texts = lines.map((each) => each.text)
  if (texts.join('').trim() === '') {
    return {
      outcome: 'refused',
      code: 'no_text',
      message: 'The file holds no readable text',
      hint: 'Is it a scan or a page that loads its text later? Ingest the original or run OCR first.',
    }
  }
  const { title, docNo, genre, binding } = identityOf(lines, reading.meta, fileName)
  const validity = validityOf(texts, reading.meta.issuedOn === undefined ? null : dayOf(reading.meta.issuedOn))
  const clauses = clausesOf(withoutHead(lines, title))
  const labels = clauses.map((clause) => clause.label)
  const verdict = gate({ lines, validity, binding, docNo: docNo?.value ?? null, clauses: labels, warnings: reading.warnings })
  if (verdict.refused !== null) {
    return {
      outcome: 'refused',
      code: verdict.refused.code,
      message: `The file is marked “${verdict.refused.phrase}”`,
      hint: 'Classified documents must not be put into this system.',
    }
  }
  const { issuers, level, regions } = issuedBy(texts, title, reading.meta.issuer ?? null)
  const superseded = supersededBy(texts, title)
  const basis = basedOn(texts, title)
  const prolonged = prolongedBy(texts, title)
  const contacts = contactsIn(texts)
  return {
    outcome: 'understood',
    clauses: clauses.filter((clause) => clause.label !== null).length,
    records: null,
    document: {
      kind: 'policy',
      title,
      docNo: docNo?.value ?? null,
      issuers,
      genre,
      level,
      regions,
      binding,
      issuedOn: validity.issuedOn?.value ?? null,
      effectiveFrom: validity.effectiveFrom?.value ?? null,
      effectiveTo: validity.effectiveTo?.value ?? null,
      supersedes: superseded.names,
      basedOn: basis.names,
      ...(prolonged.names.length === 0 ? {} : { prolongs: prolonged.names, prolongsTo: prolonged.until }),
      fields: {
        ...phrases({
          doc_no: docNo,
          issued_on: validity.issuedOn,
          effective_from: validity.effectiveFrom,
          effective_to: validity.effectiveTo,
          supersedes: listed(superseded),
          based_on: listed(basis),
          prolongs: listed(prolonged),
        }),
        ...(contacts.length === 0 ? {} : { contacts }),
      },
      doubts: verdict.doubts,
      passages: (await passagesOf(clauses)).map((passage) => withSupport(passage, binding)),
      pictures: reading.pictures ?? [],
    },
  }
}

/** What a draft or a report promises is no promise. */
function withSupport(passage: NewPassage, binding: boolean): NewPassage {
  const support = binding ? supportOf(passage.text) : []
  return support.length === 0 ? passage : { ...passage, fields: { ...passage.fields, support } }
}

const headLines = 8

/** Red head, number and title stand in every citation; a passage of their own would only compete with the clauses. */
function withoutHead(lines: readonly Line[], title: string): Line[] {
  const tight = (text: string) => text.replace(/[\s\u3000《》]/g, '')
  const isHead = ({ text }: Line) => {
    const plain = tight(text)
    return (
      plain === tight(title) ||
      /^[\p{Script=Han}]{2,24}文件$/u.test(plain) ||
      /^[\p{Script=Han}]{1,12}[〔[（(【]\d{4}[〕\]）)】]\d{1,5}号$/u.test(plain)
    )
  }
  return lines.filter((each, index) => index >= headLines || !isHead(each))
}

/** Several names read from one phrase, as one field. */
function listed({ names, phrase }: { readonly names: readonly string[]; readonly phrase: string | null }): Found | null {
  return phrase === null ? null : { value: names.join('；'), phrase }
}

function phrases(found: Readonly<Record<string, Found | null>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, each]) => (each === null ? [] : [[name, { ...each, confirmed: false }]])),
  )
}

/** Hidden cells are left out and reported; they do not make the table wait, since nothing of them is stored. */
function leftOut(warnings: readonly string[]): Doubt[] {
  return warnings.map((code) => ({ code: code.endsWith('_left_out') ? `row_${code}` : code, field: null, phrase: null }))
}

const plainTable: Doubt = { code: 'unknown_table', field: null, phrase: null }

/** Events, institutions or achievements when the columns say so; any other table is kept as text for a person to look at. */
async function understandTable(
  reading: Extract<Reading, { kind: 'table' }>,
  fileName: string,
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping>,
): Promise<Understood> {
  const title = fileName.replace(/^.*[\\/]/, '').replace(/\.[^.]{1,5}$/, '')
  const base = {
    title,
    docNo: null,
    issuers: [],
    genre: null,
    level: null,
    regions: [],
    binding: true,
    issuedOn: null,
    effectiveFrom: null,
    effectiveTo: null,
    supersedes: [],
  }
  const found = await recordsOf(reading.sheets, title, mappingFor)
  if (found !== null) {
    const { kind, passages, doubts, mapping } = found
    return {
      outcome: 'understood',
      clauses: 0,
      records: passages.length,
      document: {
        ...base,
        kind,
        fields: { mapping },
        doubts: [...doubts, ...leftOut(reading.warnings)],
        passages,
      },
    }
  }
  const passages: NewPassage[] = reading.sheets.flatMap((sheet) =>
    packed(sheet.rows).map((text) => ({ clause: null, heading: sheet.name, text })),
  )
  if (passages.length === 0)
    return { outcome: 'refused', code: 'no_text', message: 'The table is empty', hint: 'Is the data on a hidden sheet?' }
  return {
    outcome: 'understood',
    clauses: 0,
    records: null,
    document: {
      ...base,
      kind: 'policy',
      binding: false,
      fields: {},
      doubts: [plainTable, ...leftOut(reading.warnings)],
      passages,
    },
  }
}

const longest = 450

/** Packs rows into passages, so that a large table does not become a single one. */
function packed(rows: readonly (readonly string[])[]): string[] {
  const packs: string[] = []
  for (const row of rows) {
    const text = [...new Set(row)].filter(Boolean).join('；').slice(0, longest)
    const open = packs.at(-1)
    if (open !== undefined && open.length + text.length < longest) packs[packs.length - 1] = `${open}\n${text}`
    else packs.push(text)
  }
  return packs
}
