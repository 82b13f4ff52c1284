import { type Fields, type Log, silentLog } from '../../retrieval/base/log.ts'
import type { Found, SearchRequest } from '../../retrieval/evidence.ts'
import { type Library, openLibrary } from '../../retrieval/library.ts'
import type { NewDocument, NewPassage } from '../../retrieval/store/documents.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

export type TestLibrary = Library & {
  readonly database: TestDatabase
  /** Asks with the defaults of most tests: today, everywhere, public, in force. */
  readonly ask: (text: string, request?: Partial<SearchRequest>) => Promise<Found>
  /** Empties it; opening a database for every test would take a second each. */
  readonly empty: () => Promise<void>
  /** Clauses found, `title#clause`, best first. */
  readonly clauses: (text: string, request?: Partial<SearchRequest>) => Promise<string[]>
}

const today = '2026-11-23'
/** What a library stores, whatever refers to something before it. */
const stored = ['passage_code', 'passage_vector', 'passage', 'document', 'posting', 'term_count', 'embedder', 'library_state']

/** @param env settings beside none; @param database one that is open already and stays open */
export async function openTestLibrary(
  env: Record<string, string> = {},
  database?: TestDatabase,
  log: Log = silentLog,
): Promise<TestLibrary> {
  const opened = database ?? (await openTestDatabase())
  const library = openLibrary({ pool: opened.pool, env, log, clock: () => new Date(`${today}T04:00:00Z`) })
  const ask: TestLibrary['ask'] = (text, request) =>
    library.search({ text, asOf: today, regions: '*', visibility: 1, validity: 'in_force', ...request })
  return {
    ...library,
    database: opened,
    ask,
    empty: async () => {
      // Some ten documents are deleted in a fraction of the time in which a dozen tables and their indexes are made anew.
      const { rows } = await opened.pool.query<{ many: boolean }>('select count(*) > 500 as many from passage')
      await opened.pool.query(
        rows[0]?.many === true ? `truncate ${stored.join(', ')} cascade` : stored.map((each) => `delete from ${each}`).join(';'),
      )
    },
    clauses: async (text, request) =>
      (await ask(text, request)).evidence.map(({ passage }) => `${passage.title}#${passage.clause ?? passage.position}`),
    async close() {
      await library.close()
      if (database === undefined) await opened.close()
    },
  }
}

/** A binding national policy in force since 2025 with one clause, with changes. */
export function policy(
  title: string,
  change: Partial<Omit<NewDocument, 'passages'>> & { readonly passages?: readonly (string | NewPassage)[] } = {},
): NewDocument {
  const passages = (change.passages ?? [`${title}的正文`]).map((each, index) =>
    typeof each === 'string' ? { clause: `第${index + 1}条`, heading: null, text: each } : each,
  )
  return {
    ...{
      source: `${title}.md`,
      sha256: title,
      kind: 'policy',
      title,
      docNo: null,
      issuers: [],
      genre: '办法',
      level: null,
      regions: [],
    },
    ...{
      binding: true,
      issuedOn: '2025-01-01',
      effectiveFrom: '2025-01-01',
      effectiveTo: null,
      supersedes: [],
      fields: {},
      doubts: [],
    },
    ...{ state: 'live', demo: false, uploadedBy: null },
    ...change,
    passages,
  }
}

/** A log that keeps its events. */
export function keptLog(): { readonly log: Log; readonly events: { readonly event: string; readonly fields: Fields }[] } {
  const events: { event: string; fields: Fields }[] = []
  return { log: (event, fields = {}) => void events.push({ event, fields }), events }
}
