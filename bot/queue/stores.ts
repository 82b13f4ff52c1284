import type { Pool } from 'pg'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Ask } from '../../retrieval/prepared.ts'
import type { DocumentStore } from '../../retrieval/store/documents.ts'
import { verifiedAccounts } from '../control/verified.ts'
import { people } from '../handoff/people.ts'
import { tickets } from '../handoff/tickets.ts'
import { inbox } from '../inbox.ts'
import { faqs } from '../learn/faq.ts'
import { gapsBetween } from '../learn/gaps.ts'
import { recalls } from '../recall/recalls.ts'
import { answers } from '../records/answers.ts'
import { calls } from '../records/calls.ts'
import { events } from '../records/events.ts'
import { messages } from '../records/messages.ts'
import { verdicts } from '../records/verdicts.ts'

/** Opens the stores of conversations, tickets and people, for workers and for the desk. @param needs.owner names this process in leases */
export function openStores(needs: { pool: Pool; ask: Ask; log: Log; clock: Clock; owner: string; documents: DocumentStore }) {
  const { pool, ask, log, clock, owner, documents } = needs
  const answersToKeep = faqs(pool, { documents, clock })
  return {
    inbox: inbox({ pool, ask, log, clock, owner }),
    tickets: tickets(pool),
    people: people(pool),
    answers: answers(pool),
    messages: messages(pool),
    events: events(pool),
    verdicts: verdicts(pool),
    verified: verifiedAccounts(pool),
    proposeFaq: answersToKeep.propose,
    eraseFaq: answersToKeep.erase,
    statusNow: async (documentId: string) => (await documents.summary(documentId))?.status ?? null,
    gaps: (from: Date, to: Date) => gapsBetween(pool, from, to),
    recalls: recalls(pool, { clock }),
    calls: calls(pool),
    read: <T>(query: (db: Pool) => Promise<T>) => query(pool),
  }
}
