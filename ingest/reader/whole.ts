import { tableToLines } from '../formats/base/grid.ts'
import { type Attachment, FormatError, type Line, line, type Reading } from '../formats/format.ts'
import { formatFor } from '../formats/index.ts'

/** For the whole file, however deeply they are nested. */
const mostAttachments = 40
const deepest = 6

/** Reads a file and its attachments: each attachment is a part of the same text, headed by its name. @throws FormatError */
export async function readWhole(bytes: Uint8Array, name: string): Promise<Reading> {
  return withoutUnseen(await read(bytes, name, { depth: 0, left: { count: mostAttachments } }))
}

/** Characters that show nothing: they split a figure, reverse a line, or spell a hidden text (tags, selectors). */
const unseen = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E01EF}]/gu
const spelt = /[\u{E0001}-\u{E007F}]/u

function withoutUnseen(reading: Reading): Reading {
  if (reading.kind === 'table') {
    const bare = (rows: readonly (readonly string[])[]) => rows.map((row) => row.map((cell) => cell.replace(unseen, '')))
    return { ...reading, sheets: reading.sheets.map((sheet) => ({ ...sheet, rows: bare(sheet.rows) })) }
  }
  const hides = reading.lines.some((each) => spelt.test(each.text)) && !reading.warnings.includes('hidden_text')
  return {
    ...reading,
    lines: reading.lines.map((each) => ({ ...each, text: each.text.replace(unseen, '') })),
    warnings: hides ? [...reading.warnings, 'hidden_text'] : reading.warnings,
  }
}

type Nested = { readonly depth: number; readonly left: { count: number } }

async function read(bytes: Uint8Array, name: string, nested: Nested): Promise<Reading> {
  const reading = await formatFor(bytes, name).read(bytes, name.toLowerCase())
  if (reading.kind === 'table' || reading.attachments === undefined) return reading
  const { attachments, ...own } = reading
  const parts = []
  for (const attachment of attachments) {
    if (nested.left.count === 0) break
    nested.left.count -= 1
    parts.push(await partOf(attachment, nested))
  }
  const left = attachments.length > parts.length ? ['attachment_left_out'] : []
  return {
    ...own,
    lines: [...own.lines, ...parts.flatMap((part) => part.lines)],
    meta: { ...parts.find((part) => part.inline)?.meta, ...own.meta },
    warnings: [...new Set([...own.warnings, ...left, ...parts.flatMap((part) => part.warnings)])],
  }
}

type Part = {
  readonly lines: readonly Line[]
  readonly meta: object
  readonly warnings: readonly string[]
  readonly inline: boolean
}

/** An attachment that cannot be read is named; the others are read. */
async function partOf({ name, bytes }: Attachment, { depth, left }: Nested): Promise<Part> {
  const inline = name === ''
  const head = inline ? [] : [line(`附件：${name}`, null, 1)]
  try {
    if (depth >= deepest) throw new FormatError('too_large', 'Attachments are nested too deeply')
    const reading = await read(bytes, inline ? 'page.html' : name, { depth: depth + 1, left })
    if (reading.kind === 'text')
      return { lines: [...head, ...reading.lines], meta: reading.meta, warnings: reading.warnings, inline }
    const tables = reading.sheets.flatMap((sheet) => tableToLines(sheet.rows.map((row) => [...row])))
    return { lines: [...head, ...tables], meta: {}, warnings: reading.warnings, inline }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return { lines: head, meta: {}, warnings: ['attachment_unread'], inline }
  }
}
