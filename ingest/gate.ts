import type { Doubt } from '../retrieval/store/document.ts'
import type { ValidityFields } from './fields/validity.ts'
import type { Line } from './formats/format.ts'

export type Verdict = {
  readonly refused: { readonly code: string; readonly phrase: string } | null
  readonly doubts: readonly Doubt[]
}

type Facts = {
  readonly lines: readonly Line[]
  readonly validity: ValidityFields
  readonly binding: boolean
  readonly docNo: string | null
  readonly warnings: readonly string[]
}

const secret = /^\s*(?:绝密|机密|秘密)\s*(?:★|☆|\*)?\s*(?:\d{1,2}\s*年|长期)?\s*$|(?:绝密|机密|秘密)\s*[★☆]/

/** What makes a document doubtful before it goes live. Each doubt names its words, so that a person can look. */
export function gate(facts: Facts): Verdict {
  const text = facts.lines.map((each) => each.text)
  const marked = text.slice(0, 12).find((each) => secret.test(each))
  if (marked !== undefined) return { refused: { code: 'secret_marking', phrase: marked.trim() }, doubts: [] }
  return { refused: null, doubts: [...numberDoubts(text), ...dateDoubts(facts), ...textDoubts(text, facts.warnings)] }
}

function numberDoubts(text: readonly string[]): Doubt[] {
  const doubts: Doubt[] = []
  const masked = text.find((line) => /[*＊×]{1,}(?:高|万|元|%|％|号|年)|(?:最高|不超过|给予)[^。]{0,8}[*＊]{1,}/.test(line))
  if (masked !== undefined) doubts.push(doubt('masked_characters', null, masked))
  const glued = text
    .map((line) => /\d{1,3}(?:万元|元|%)\d{1,3}(?:万元|元|%)/.exec(line)?.[0] ?? null)
    .find((each) => each !== null)
  if (glued !== undefined && glued !== null) doubts.push(doubt('glued_numbers', null, glued))
  const broken = text.slice(0, 12).find((line) => /〔\s*\d{0,3}\s*〕\s*\d*\s*号|〔\d{4}〕\s*号/.test(line))
  if (broken !== undefined) doubts.push(doubt('broken_doc_no', 'doc_no', broken))
  return doubts
}

function dateDoubts({ validity, binding }: Facts): Doubt[] {
  const { issuedOn, effectiveFrom, effectiveTo } = validity
  const doubts: Doubt[] = []
  if (binding && issuedOn === null && effectiveFrom === null) doubts.push(doubt('missing_date', 'issued_on', null))
  if (
    effectiveTo !== null &&
    (effectiveFrom ?? issuedOn) !== null &&
    effectiveTo.value < ((effectiveFrom ?? issuedOn)?.value ?? '')
  ) {
    doubts.push(doubt('contradicting_dates', 'effective_to', effectiveTo.phrase))
  }
  return doubts
}

function textDoubts(text: readonly string[], warnings: readonly string[]): Doubt[] {
  const all = text.join('')
  const doubts = warnings.filter((code) => code !== 'hidden_sheets_left_out').map((code) => doubt(code, null, null))
  const unreadable = all.match(/[\uFFFD\uE000-\uF8FF]/g)?.length ?? 0
  if (unreadable > Math.max(3, all.length * 0.005)) doubts.push(doubt('unreadable_characters', null, `${unreadable}`))
  if (all.replace(/\s/g, '').length < 40) doubts.push(doubt('little_text', null, all.slice(0, 60)))
  return doubts
}

function doubt(code: string, field: string | null, phrase: string | null): Doubt {
  return { code, field, phrase: phrase === null ? null : phrase.trim().slice(0, 120) }
}
