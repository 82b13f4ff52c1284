import type { PoolClient } from 'pg'
import { midnightInChina } from '../../base/clock.ts'
import { AppError } from '../../base/errors.ts'
import { sanitise } from '../../base/sanitise.ts'
import { servesFrom } from '../../validity.ts'
import { addTotals } from '../library-state.ts'
import { endsOf, namesOf } from '../names.ts'
import { countTerms, reindexPassages } from '../passages.ts'
import { dropVectors } from '../vectors.ts'
import { recordAction } from './actions.ts'
import { settleEndings } from './live.ts'
import { type Actor, editableFields, type FieldName } from './review.ts'

type Value = string | readonly string[] | boolean | null

/** The columns of a row that can be corrected, under the names people use. */
type Row = { readonly [Name in FieldName]: Value } & {
  readonly id: string
  readonly number: number
  readonly family: string
  readonly state: string
  readonly fields: Readonly<Record<string, { readonly value?: unknown; readonly phrase?: string | null } | undefined>>
}

const names = Object.keys(editableFields) as FieldName[] // its own keys
const longestText = 400

/** @throws AppError `bad_field` when a value does not fit its field */
function fieldValue(name: string, text: string): Value {
  if (!isField(name)) throw badField(`There is no field ${name}`, `Fields: ${names.join(', ')}.`)
  const plain = sanitise(text).trim()
  const kind = editableFields[name]
  if (kind === 'list') return listOf(plain)
  if (kind === 'flag') return flagOf(name, plain)
  if (kind === 'day') return dayOf(name, plain)
  if (plain === '' && name === 'title') throw badField('A document needs a title', 'Give the title as it should be cited.')
  if (plain.length > longestText) throw badField(`${name} is too long`, `At most ${longestText} characters.`)
  return plain === '' ? null : plain
}

function isField(name: string): name is FieldName {
  return Object.hasOwn(editableFields, name)
}

function listOf(text: string): string[] {
  return text
    .split(/[；;\n]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function flagOf(name: string, text: string): boolean {
  if (/^(?:true|1|yes|是)$/i.test(text)) return true
  if (/^(?:false|0|no|否)$/i.test(text)) return false
  throw badField(`${name} is true or false`, 'Write true or false.')
}

function dayOf(name: string, text: string): string | null {
  if (text === '') return null
  const [, year = '', month = '', day = ''] = /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/.exec(text.normalize('NFKC')) ?? []
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (midnightInChina(iso) === null) throw badField(`${name} is no day`, 'Write it as 2026-03-31; leave it empty for none.')
  return iso
}

function badField(message: string, hint: string): AppError {
  return new AppError('bad_field', message, { hint })
}

/** Corrects a version and updates what depends on it: names, endings, the version before it, its postings. */
export async function editDocument(
  client: PoolClient,
  documentId: string,
  changes: Readonly<Partial<Record<FieldName, string>>>,
  by: Actor,
  today: string,
): Promise<void> {
  const values = Object.entries(changes).map(([name, text]) => [name as FieldName, fieldValue(name, text)] as const) // checked by fieldValue
  const row = await readRow(client, documentId)
  const fields = { ...row.fields }
  for (const [name, value] of values) {
    fields[name] = { ...fields[name], value, confirmed: true, by } as Row['fields'][string] // `confirmed` and `by` are only read as JSON
    await recordAction(client, {
      document: documentId,
      actor: by,
      action: 'edited',
      field: name,
      before: row[name],
      after: value,
    })
  }
  const next: Row = { ...row, ...Object.fromEntries(values), fields }
  await writeRow(client, next)
  if (next.title !== row.title || next.doc_no !== row.doc_no) await reindex(client, next)
  if (row.state !== 'live') return
  await moveStart(client, next, today)
  await settleEndings(client, [documentId], [documentId], today)
}

async function readRow(client: PoolClient, documentId: string): Promise<Row> {
  const { rows } = await client.query<Row>(
    `select id, number, family, state, fields, title, doc_no, issuers, genre, level, regions, binding, issued_on::text, effective_from::text,
            effective_to::text, supersedes, based_on, prolongs from document where id = $1 and state in ('live', 'waiting') for update`,
    [documentId],
  )
  if (rows[0] === undefined) {
    throw new AppError('no_such_document', `There is no live or waiting document ${documentId}`, {
      hint: 'Ids are shown by `npm run review -- list` and `ingest --json`.',
    })
  }
  return rows[0]
}

async function writeRow(client: PoolClient, row: Row): Promise<void> {
  const title = String(row.title)
  const docNo = row.doc_no === null ? null : String(row.doc_no)
  const [supersedes, basedOn, prolongs] = [row.supersedes, row.based_on, row.prolongs].map((each) =>
    Array.isArray(each) ? (each as string[]) : [],
  ) // list fields
  await client.query(
    `update document set title = $2, doc_no = $3, issuers = $4::text[], genre = $5, level = $6, regions = $7::text[], binding = $8,
            issued_on = $9::date, effective_from = $10::date, effective_to = $11::date, supersedes = $12::text[], based_on = $13::text[],
            names = $14::text[], ends = $15::text[], based_names = $16::text[], fields = $17::jsonb,
            prolongs = $18::text[], prolongs_names = $19::text[]
      where id = $1`,
    [
      ...[row.id, title, docNo, row.issuers, row.genre, row.level, row.regions, row.binding],
      ...[row.issued_on, row.effective_from, row.effective_to, supersedes, basedOn],
      ...[namesOf({ title, docNo }), endsOf(supersedes ?? []), endsOf(basedOn ?? []), JSON.stringify(row.fields)],
      ...[prolongs, endsOf(prolongs ?? [])],
    ],
  )
}

async function reindex(client: PoolClient, row: Row): Promise<void> {
  const counted = row.state === 'live' ? [row.id] : []
  await countTerms(client, counted, -1)
  await addTotals(client, counted, -1)
  const docNo = row.doc_no === null ? null : String(row.doc_no)
  const length = await reindexPassages(client, { id: row.id, number: row.number, title: String(row.title), docNo })
  await client.query('update document set length = $2 where id = $1', [row.id, length])
  await dropVectors(client, row.number)
  await countTerms(client, counted, 1)
  await addTotals(client, counted, 1)
}

/** The version before served until this one began; when that day is corrected, so is its end. */
async function moveStart(client: PoolClient, row: Row, today: string): Promise<void> {
  const start = servesFrom({
    effectiveFrom: row.effective_from === null ? null : String(row.effective_from),
    issuedOn: row.issued_on === null ? null : String(row.issued_on),
  })
  await client.query(`update document set ended_on = $3::date where family = $1 and state = 'replaced' and ended_by = $2`, [
    row.family,
    row.id,
    start ?? today,
  ])
}
