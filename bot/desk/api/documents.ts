import type { Pool } from 'pg'
import { z } from 'zod'
import { appliesIn } from '../../../retrieval/filter.ts'
import type { Library } from '../../../retrieval/library.ts'
import type { DocumentSummary } from '../../../retrieval/store/document.ts'
import { editableFields, type FieldName, type ReviewItem, type ReviewPage } from '../../../retrieval/store/documents/review.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { mayAnswer } from '../../../retrieval/validity.ts'
import type { People } from '../../handoff/people.ts'
import { recordAudit } from '../../records/audit.ts'
import { csvOf } from '../../report/csv.ts'
import { type Call, get, notFound, post, Refusal, type Route, Shown } from '../routes.ts'
import type { DeskPerson } from '../sessions.ts'
import type { Uploads } from '../uploads.ts'

/** @returns the event that a notice of one announces, as a row of a table: column → cell; null for any other document */
export type EventNoticed = (title: string, text: string, issuedOn: string | null) => Readonly<Record<string, string>> | null

export type DocumentNeeds = {
  readonly library: Library
  readonly people: People
  readonly pool: Pool
  readonly twoPerson: boolean
  readonly uploads: Pick<Uploads, 'keep'>
  readonly eventNoticed: EventNoticed
}

const passage = z.string().regex(/^[\w.-]{1,80}$/)
const actorOf = (person: DeskPerson) => `person:${person.id}`

/** Documents as sources of what was quoted, and the review of what was understood. */
export function documentRoutes(needs: DocumentNeeds): Route[] {
  const pageOf = async ({ id, person }: Call): Promise<ReviewPage> => {
    const page = await needs.library.reviews.show(id)
    // What is not published, or never was, is no source.
    if (page === null || (person.role === 'broker' && hidden.has(page.document.state))) throw notFound()
    return page
  }
  return [...sourceRoutes(needs, pageOf), ...reviewRoutes(needs, pageOf)]
}

type PageOf = (call: Call) => Promise<ReviewPage>

function sourceRoutes(needs: DocumentNeeds, pageOf: PageOf): Route[] {
  const { reviews } = needs.library
  return [
    get('/desk/api/documents', async ({ query }) => {
      const { regions } = needs.library
      const documents = await found(needs.library, query['q'] ?? '')
      return { documents: documents.map((each) => ({ ...each, elsewhere: !appliesIn(each.regions, regions) })) }
    }),
    get('/desk/api/documents/:id', async (call) => {
      const page = await pageOf(call)
      const { document, clauses } = page
      const kept = await protectedLevels(needs.pool, document.documentId)
      return {
        document,
        event: call.person.role === 'broker' ? null : eventOf(needs, page),
        clauses: clauses.map(({ support: _, ...clause }) => ({ ...clause, kept: kept.get(clause.passageId) ?? null })),
      }
    }),
    post('/desk/api/documents/:id/protected', { passage }, (call, body) => protectedText(needs, call, body.passage), pageOf),
    post('/desk/api/documents/:id/withdraw', {}, (call) => reviews.withdraw(call.id, actorOf(call.person)), pageOf),
    post(
      '/desk/api/documents/:id/wrong',
      { passage, wrong: z.boolean() },
      async (call, body) => {
        const { clauses } = await pageOf(call)
        if (!clauses.some((clause) => clause.passageId === body.passage)) throw notFound()
        await reviews.markWrong(body.passage, body.wrong, actorOf(call.person))
      },
      pageOf,
    ),

    // Its row goes the road of every table: read, doubted, kept. The notice stays what it is.
    post(
      '/desk/api/documents/:id/event',
      {},
      async (call) => {
        const event = eventOf(needs, await pageOf(call))
        if (event === null) throw new Refusal(409, 'no_event')
        const file = { name: `${event['活动名称']}.csv`, bytes: Buffer.from(csvOf([event])) }
        return { id: await needs.uploads.keep(file, actorOf(call.person)) }
      },
      pageOf,
    ),
  ]
}

function reviewRoutes(needs: DocumentNeeds, pageOf: PageOf): Route[] {
  const { reviews } = needs.library
  return [
    get('/desk/api/review', async () => {
      const [waiting, proposals] = await Promise.all([reviews.list('waiting'), reviews.list('proposals')])
      const names = await namesOf(needs.people)
      const named = (each: ReviewItem) => ({ ...each, uploader: names(each.uploadedBy) })
      return { waiting: waiting.map(named), proposals: proposals.map(named), twoPerson: needs.twoPerson }
    }),
    get('/desk/api/review/:id', async (call) => forReview(needs, await pageOf(call), call.person)),
    get('/desk/api/review/:id/picture', async ({ id, query }) => {
      const page = /^\d{1,4}$/.test(query['page'] ?? '') ? Number(query['page']) : 0
      const picture = await reviews.picture(id, page)
      if (picture === null) throw notFound()
      return new Shown(picture.type, picture.bytes)
    }),
    post(
      '/desk/api/review/:id/fields',
      fieldShape,
      async (call, changes) => {
        const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
        return forReview(needs, await reviews.edit(call.id, given, actorOf(call.person)), call.person)
      },
      pageOf,
    ),
    post(
      '/desk/api/review/:id/approve',
      {},
      async (call) => {
        await reviews.approve(call.id, actorOf(call.person))
      },
      pageOf,
    ),
    post('/desk/api/review/:id/reject', {}, (call) => reviews.reject(call.id, actorOf(call.person)), pageOf),
  ]
}

function eventOf({ eventNoticed }: DocumentNeeds, { document, clauses }: ReviewPage): ReturnType<EventNoticed> {
  if (document.kind !== 'policy' || !['live', 'waiting'].includes(document.state)) return null
  return eventNoticed(document.title, clauses.map((each) => each.text).join('\n'), document.issuedOn)
}

const mostFound = 200

/** Live documents whose title, number or issuer contains every word; those in force that expire soonest come first. */
async function found(library: Library, words: string): Promise<readonly DocumentSummary[]> {
  const wanted = normalize(words).split(/\s+/).filter(Boolean)
  const live = await library.documents.list({ state: 'live' })
  const held = (each: DocumentSummary) =>
    normalize(`${each.title} ${each.docNo ?? ''} ${each.issuers.join(' ')} ${each.genre ?? ''}`)
  return live
    .filter((each) => wanted.every((word) => held(each).includes(word)))
    .sort((a, b) => Number(mayAnswer(b.status)) - Number(mayAnswer(a.status)) || until(a).localeCompare(until(b)))
    .slice(0, mostFound)
}

const until = ({ effectiveTo }: DocumentSummary) => effectiveTo ?? '9999'

const hidden: ReadonlySet<string> = new Set(['waiting', 'rejected'])

const fieldShape = Object.fromEntries(
  Object.keys(editableFields).map((name) => [name, z.string().max(2_000).optional()]),
) as Readonly<Record<FieldName, z.ZodOptional<z.ZodString>>> // the keys are those of editableFields

async function forReview(needs: DocumentNeeds, page: ReviewPage, person: DeskPerson): Promise<unknown> {
  const names = await namesOf(needs.people)
  const uploadedByThem = page.document.uploadedBy === actorOf(person)
  return {
    ...page,
    event: eventOf(needs, page),
    mayApprove: !needs.twoPerson || !uploadedByThem,
    history: page.history.map((each) => ({ ...each, who: names(each.actor) })),
  }
}

/** @returns a function from an actor to the person's name; null leaves the account as it is */
async function namesOf(people: People): Promise<(actor: string | null) => string | null> {
  const named = new Map((await people.list()).map((each) => [`person:${each.id}`, each.name]))
  return (actor) => (actor === null ? null : (named.get(actor) ?? null))
}

/** The visibility of clauses that hold protected text, not the text. */
async function protectedLevels(pool: Pool, documentId: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ passage: string; visibility: number }>(
    'select k.passage, k.visibility from passage_protected k join passage p on p.id = k.passage where p.document_id = $1',
    [documentId],
  )
  return new Map(rows.map((row) => [row.passage, row.visibility]))
}

/** Protected text: only on request, and the view is recorded before it is shown. */
async function protectedText({ pool }: DocumentNeeds, { person, id }: Call, passageId: string): Promise<unknown> {
  const { rows } = await pool.query<{ text: string; visibility: number }>(
    `select k.text, k.visibility from passage_protected k join passage p on p.id = k.passage join document d on d.id = p.document_id
      where k.passage = $1 and d.id = $2 and d.state in ('live', 'replaced')`,
    [passageId, id],
  )
  const found = rows[0]
  if (found === undefined) throw notFound()
  await recordAudit(pool, {
    actor: actorOf(person),
    action: 'protected_viewed',
    about: `passage:${passageId}`,
    detail: { level: found.visibility, document: id },
  })
  return { text: found.text }
}
