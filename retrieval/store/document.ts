import type { PoolClient } from 'pg'
import type { Clock } from '../base/clock.ts'
import type { Kind, Status, Visibility } from '../evidence.ts'
import type { Picture } from './documents/pictures.ts'
import type { Upkeep } from './documents/upkeep.ts'

export type NewPassage = {
  /** `第六条`, `附件1`, a table row's key; null when the document has no clauses */
  readonly clause: string | null
  /** path of headings above it */
  readonly heading: string | null
  readonly text: string
  /** default 1, public */
  readonly visibility?: Visibility
  readonly fields?: Readonly<Record<string, unknown>>
  /** Text that only some may read: stored apart, never indexed, never embedded. */
  readonly protected?: { readonly visibility: 2 | 3; readonly text: string; readonly fields: Readonly<Record<string, unknown>> }
}

/** A reason why a person should look at a document. */
export type Doubt = { readonly code: string; readonly field: string | null; readonly phrase: string | null }

/** A document as ingest understood it. Days are `YYYY-MM-DD`. */
export type NewDocument = {
  /** Path or address as given: the same source is the same document; a policy with the same number and title elsewhere has moved. */
  readonly source: string
  readonly sha256: string
  readonly kind: Kind
  readonly title: string
  readonly docNo: string | null
  readonly issuers: readonly string[]
  readonly genre: string | null
  readonly level: string | null
  /** Jurisdictions it applies in; empty = national. */
  readonly regions: readonly string[]
  /** false for 征求意见稿, 解读, 新闻, 公示: never supports an answer, never ends another document */
  readonly binding: boolean
  readonly issuedOn: string | null
  readonly effectiveFrom: string | null
  /** last day in force, inclusive */
  readonly effectiveTo: string | null
  /** Titles and document numbers it says it replaces or repeals as a whole. */
  readonly supersedes: readonly string[]
  /** Titles and document numbers it says it is made under; default none. */
  readonly basedOn?: readonly string[]
  /** Titles and document numbers of what it prolongs as a whole, and the last day it gives them where it names one; default none. */
  readonly prolongs?: readonly string[]
  readonly prolongsTo?: string | null
  readonly fields: Readonly<Record<string, unknown>>
  readonly doubts: readonly Doubt[]
  /** `live` is searched at once, `waiting` waits for a person */
  readonly state: 'live' | 'waiting'
  readonly demo: boolean
  readonly uploadedBy: string | null
  readonly passages: readonly NewPassage[]
  /** Pages of a scan; kept while it waits. */
  readonly pictures?: readonly Picture[]
}

export type Replaced = {
  readonly documentId: string
  readonly outcome: 'added' | 'updated' | 'unchanged'
  readonly passages: number
  /** True once: the first document of one's own has just retired the demo park. */
  readonly demoRetired: boolean
  /** Documents that are no longer in force because of this one. */
  readonly ended: readonly string[]
}

/** `likeness` 0…1: the share of text two documents have in common. */
export type Similar = {
  readonly documentId: string
  readonly title: string
  readonly docNo: string | null
  readonly source: string
  readonly likeness: number
}

/** A stored document as people see it, without its text. */
export type DocumentSummary = {
  readonly documentId: string
  readonly version: number
  readonly source: string
  readonly kind: Kind
  readonly title: string
  readonly docNo: string | null
  readonly issuers: readonly string[]
  readonly genre: string | null
  readonly level: string | null
  readonly regions: readonly string[]
  readonly binding: boolean
  readonly status: Status
  /** It ends within 30, 90 or 180 days; null when it does not, or is no longer in force. */
  readonly expiresWithin: 30 | 90 | 180 | null
  readonly state: 'live' | 'waiting' | 'replaced' | 'withdrawn' | 'rejected'
  readonly issuedOn: string | null
  readonly effectiveFrom: string | null
  readonly effectiveTo: string | null
  readonly endedOn: string | null
  readonly endedHow: 'superseded' | 'repealed' | null
  /** id of the document that ended it */
  readonly endedBy: string | null
  readonly supersedes: readonly string[]
  readonly basedOn: readonly string[]
  readonly prolongs: readonly string[]
  /** Title of a document that says this one goes on after its last day; a person has to set that day. */
  readonly prolongedBy: string | null
  /** Title of a document it is based on that is no longer in force; the clause may still stand, a person has to say. */
  readonly basisEnded: string | null
  readonly doubts: readonly Doubt[]
  readonly demo: boolean
  readonly uploadedBy: string | null
  readonly reviewedBy: string | null
  readonly reviewedAt: Date | null
  /** Since when its file is no longer where it was found; null while it is there, or was never looked for. */
  readonly missingSince: Date | null
  readonly passages: number
  readonly createdAt: Date
}

/** The knowledge as it is written. Every method is one transaction, or none. */
export type DocumentStore = {
  /** @returns the stored document when this very file is already live or waiting, preferably under this source */
  unchanged(source: string, sha256: string): Promise<DocumentSummary | null>
  /**
   * @returns what was decided about this very file at this source: the document that a person withdrew or rejected, or the one of another
   * file that took its place. null when nothing was decided, or when the file itself has had other versions since.
   */
  settled(source: string, sha256: string): Promise<DocumentSummary | null>
  /** @returns how many clauses a document has */
  clauses(documentId: string): Promise<number>
  /** @returns a doubt for each event to come that a table no longer names although people signed up: nobody has told them anything */
  goneWithSignups(documentId: string): Promise<Doubt[]>
  /** The same file now lies at another source. */
  markMoved(documentId: string, source: string): Promise<void>
  /**
   * Records which documents below a folder are still there.
   * @param present sources that were seen
   * @returns those whose file is gone; they stay live until a person withdraws them
   */
  markMissing(folder: string, present: readonly string[]): Promise<readonly DocumentSummary[]>
  /** @returns a live or waiting policy whose text is nearly the same, though it is not an older version of this one */
  similar(document: NewDocument): Promise<Similar | null>
  /** What {@link replace} would do, without doing it. */
  foresee(document: NewDocument): Promise<{ readonly outcome: Replaced['outcome']; readonly status: Status }>
  /**
   * Replaces the version before. Searches see the old or the new one, never neither. The same content again is `unchanged`. Vectors are
   * requested before the transaction; when the embedder is down, the document goes in without and they follow later.
   */
  replace(document: NewDocument): Promise<Replaced>
  /** @param asOf day for the status; default today by the store's clock */
  summary(documentId: string, asOf?: string): Promise<DocumentSummary | null>
  /** Newest first. */
  list(filter?: { readonly state?: DocumentSummary['state']; readonly demo?: boolean }): Promise<readonly DocumentSummary[]>
  /** Takes a live document out of search at once; what it had ended is in force again. @returns false when it was not live */
  withdraw(documentId: string): Promise<boolean>
  /** @returns whether all these passages may be quoted as valid now: their version serves, is in force today, and none is marked wrong */
  inForce(passageIds: readonly string[]): Promise<boolean>
  /** The protected text of passages, for somebody who may see up to `visibility`; the caller has checked that, and records the view. */
  protectedOf(
    passageIds: readonly string[],
    visibility: Visibility,
  ): Promise<readonly { readonly passageId: string; readonly text: string; readonly fields: Readonly<Record<string, unknown>> }[]>
  /** Deletes the demo park. @returns documents deleted */
  removeDemo(): Promise<number>
  /** `demo -- load` was asked for: a later document of one's own does not retire it again. */
  keepDemo(): Promise<void>
  /** Counts of live documents. `demoRetired`: the demo park was removed or retired and must not come back by itself. */
  hasDocuments(): Promise<{ readonly own: number; readonly demo: number; readonly demoRetired: boolean }>
  /**
   * After a large load: refreshes planner statistics, so that the first searches are quick, and finishes all upkeep. Never needed for
   * correct results.
   */
  settle(): Promise<void>
  /** Waits for the upkeep and continues what an earlier process or version left undone. */
  keepUp(): Promise<void>
}

/** Vectors requested before a document is written, and written with it. `from`: position of the first of these passages; default 0 */
export type PassageVectors = (client: PoolClient, document: number, passages: readonly number[], from?: number) => Promise<void>

export type DocumentNeeds = {
  readonly clock: Clock
  /** Has more than one session, so nobody waits for a long transaction: a large document is then written in one, which is cheaper. */
  readonly server?: boolean
  /** Shared with the reviews; default: one of its own that logs nothing. */
  readonly upkeep?: Upkeep
  /** Asks the embedder; null when there is none or it is down, and the vectors follow later. */
  readonly embed?: (document: NewDocument) => Promise<PassageVectors | null>
}
