import type { Pool } from 'pg'
import { z } from 'zod'
import type { Clock } from '../../../retrieval/base/clock.ts'
import type { topics } from '../../control/topics.ts'
import type { Verified } from '../../control/verified.ts'
import type { DeskView } from '../../handoff/desk/view.ts'
import type { Faqs } from '../../learn/faq.ts'
import { gapsBetween } from '../../learn/gaps.ts'
import { type Call, get, notFound, post, type Route } from '../routes.ts'

export type KnowledgeNeeds = {
  readonly pool: Pool
  readonly clock: Clock
  readonly faqs: Faqs
  readonly topics: ReturnType<typeof topics>
  readonly verified: Verified
  readonly view: DeskView
}

const spans: Readonly<Record<string, number>> = { week: 7, month: 30, quarter: 90 }
const dayMs = 86_400_000
const words = z.string().trim().min(1).max(4_000)

/** Answers proposed for reuse, open gaps, closed topics, and verified enterprises. */
export function knowledgeRoutes(needs: KnowledgeNeeds): Route[] {
  return [...faqRoutes(needs), ...controlRoutes(needs)]
}

function faqRoutes({ pool, clock, faqs }: KnowledgeNeeds): Route[] {
  const proposed = async ({ id }: Call) => {
    const candidate = await faqs.show(id)
    if (candidate === null) throw notFound()
    return candidate
  }
  return [
    get('/desk/api/faq', async () => ({ proposed: await faqs.list('proposed'), approved: await faqs.list('approved') })),
    post(
      '/desk/api/faq/:id/approve',
      { question: words.optional(), answer: words.optional() },
      async ({ id, person }, { question, answer }) => {
        const change = { ...(question === undefined ? {} : { question }), ...(answer === undefined ? {} : { answer }) }
        return { faq: await faqs.approve(id, `person:${person.id}`, change) }
      },
      proposed,
    ),
    post('/desk/api/faq/:id/dismiss', {}, ({ id, person }) => faqs.dismiss(id, `person:${person.id}`), proposed),
    get('/desk/api/gaps', async ({ query }) => {
      const to = clock()
      const from = new Date(to.getTime() - (spans[query['span'] ?? ''] ?? 7) * dayMs)
      return { gaps: await gapsBetween(pool, from, to) }
    }),
  ]
}

function controlRoutes({ pool, topics, verified, view }: KnowledgeNeeds): Route[] {
  const person = z.object({ account: z.string().max(220), enterprise: z.string().trim().min(2).max(80) }).shape
  return [
    get('/desk/api/controls', async () => ({ topics: await topics.list(), verified: await verified.list() })),
    post('/desk/api/topics', { words: z.string().trim().min(2).max(60), closed: z.boolean() }, async (call, body) => {
      const by = `person:${call.person.id}`
      if (body.closed) await topics.close(body.words, by)
      else if (!(await topics.open(body.words, by))) throw notFound()
    }),
    post('/desk/api/verified', person, (call, { account, enterprise }) =>
      verified.verify(account, enterprise, `person:${call.person.id}`),
    ),
    post('/desk/api/verified/revoke', { account: person.account }, async (call, { account }) => {
      if (!(await verified.revoke(account, `person:${call.person.id}`))) throw notFound()
    }),
    post(
      '/desk/api/cases/:id/verify',
      { enterprise: person.enterprise },
      async (call, { enterprise }) => verified.verify(await accountOf(pool, view, call), enterprise, `person:${call.person.id}`),
      (call) => accountOf(pool, view, call),
    ),
  ]
}

/** The account of the person whose case this is. */
async function accountOf(pool: Pool, view: DeskView, { person, id }: Call): Promise<string> {
  const ticket = await view.visible(person, id)
  if (ticket === null) throw notFound()
  const { rows } = await pool.query<{ person: string | null }>('select person from conversation where id = $1', [
    ticket.conversation,
  ])
  return rows[0]?.person ?? ticket.chat
}
