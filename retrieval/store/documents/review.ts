import type { SupportItem } from '../../support.ts'
import type { DocumentSummary, Doubt, Replaced } from '../document.ts'
import type { Picture } from './pictures.ts'

/** Who acts: `os:NAME` at a command, `person:ID` for a registered person. Two-person review compares these. */
export type Actor = string

/** Fields a person may correct. Lists are separated by `；`, days are `YYYY-MM-DD`, a flag is `true` or `false`; empty text means none. */
export const editableFields = {
  title: 'text',
  doc_no: 'text',
  issuers: 'list',
  genre: 'text',
  level: 'text',
  regions: 'list',
  binding: 'flag',
  issued_on: 'day',
  effective_from: 'day',
  effective_to: 'day',
  supersedes: 'list',
  based_on: 'list',
  prolongs: 'list',
} as const
export type FieldName = keyof typeof editableFields

/** One field as it was understood. `phrase` is the wording it came from; `confirmed` once a person has approved or corrected it. */
export type ReviewField = {
  readonly name: FieldName
  readonly kind: (typeof editableFields)[FieldName]
  readonly value: string | readonly string[] | boolean | null
  readonly phrase: string | null
  readonly confirmed: boolean
  /** Found by rule and of consequence: expiry, or what the document ends. Until confirmed it may stop an answer, never allow one. */
  readonly proposal: boolean
  readonly doubts: readonly Doubt[]
}

/** A clause beside its fields: the text a reviewer compares with. `text` never holds protected text of an achievement. */
export type ReviewClause = {
  readonly passageId: string
  readonly clause: string | null
  readonly heading: string | null
  readonly text: string
  readonly page: number | null
  readonly visibility: 1 | 2 | 3
  readonly wrong: boolean
  /** Amounts found in it, each with its phrase; a proposal until the document is approved. */
  readonly support: readonly SupportItem[]
}

export type ReviewAction = {
  readonly at: Date
  readonly actor: Actor
  readonly action: 'uploaded' | 'edited' | 'approved' | 'rejected' | 'withdrawn' | 'clause_wrong' | 'clause_right'
  readonly field: string | null
  readonly before: unknown
  readonly after: unknown
}

/** Why it is on the list: it waits to go live, or it is live and holds proposals, ends within 180 days, its file or its basis is gone, or another document
 * says that it goes on. */
export type ReviewWhy = 'waiting' | 'proposals' | 'file_missing' | 'basis_ended' | 'prolonged' | 'expiring'

export type ReviewItem = DocumentSummary & {
  readonly why: readonly ReviewWhy[]
  /** Clauses that can be cited, by their labels. */
  readonly clauses: number
}

export type ReviewPage = {
  readonly document: ReviewItem
  readonly fields: readonly ReviewField[]
  /** Everything else that was found, by name: contacts by purpose, the column mapping of a table. */
  readonly others: Readonly<Record<string, unknown>>
  readonly clauses: readonly ReviewClause[]
  readonly history: readonly ReviewAction[]
  /** Pages of a scan that have a picture, from 1, while it waits. */
  readonly pictures: readonly number[]
  /** The live version this one would replace. */
  readonly replaces: DocumentSummary | null
}

/** What staff do with documents, the same for the command, the desk and the chat. Each is one transaction. */
export type Reviews = {
  /** `waiting` (default): not live until somebody approves it, oldest first. `proposals`: live, with something to confirm. */
  list(which?: 'waiting' | 'proposals'): Promise<readonly ReviewItem[]>
  /** @returns null when there is no such document */
  show(documentId: string): Promise<ReviewPage | null>
  /** @returns a page of a waiting scan; null when there is none */
  picture(documentId: string, page: number): Promise<Picture | null>
  /**
   * Corrects fields of a waiting or live document; status, endings and search follow in the same transaction.
   * @throws AppError `no_such_document`, `bad_field` (the hint says what fits)
   */
  edit(documentId: string, changes: Readonly<Partial<Record<FieldName, string>>>, by: Actor): Promise<ReviewPage>
  /**
   * Confirms all fields and amounts; a waiting document goes live, a live one stays (`unchanged`).
   * @throws AppError `not_waiting` (neither waiting nor live), `two_person` (whoever uploaded it cannot approve it)
   */
  approve(documentId: string, by: Actor): Promise<Replaced>
  /** Refuses a waiting document. @throws AppError `not_waiting` */
  reject(documentId: string, by: Actor): Promise<void>
  /** Takes it out of search at once. @throws AppError `not_live` */
  withdraw(documentId: string, by: Actor): Promise<void>
  /** @throws AppError `no_such_passage` */
  markWrong(passageId: string, wrong: boolean, by: Actor): Promise<void>
}
