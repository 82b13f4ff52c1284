import type { ClientBase, Pool } from 'pg'
import type { Texts } from '../../../prompts/load.ts'
import { shorten } from '../../render.ts'

export type Match = {
  readonly achievement: string
  readonly title: string
  readonly why: string
  readonly foundAt: Date
}
export type Offer = {
  readonly id: string
  readonly ticket: string | null
  readonly words: string
  readonly at: Date
  readonly who: string | null
}

export async function matchesOf(db: Pool | ClientBase, demand: string): Promise<Match[]> {
  const { rows } = await db.query<Match>(
    `select m.achievement::text, a.title, m.why, m.found_at as "foundAt" from demand_match m join achievement a on a.id = m.achievement
      where m.demand = $1 order by m.found_at, m.achievement`,
    [demand],
  )
  return rows
}

export async function offersOf(db: Pool | ClientBase, demand: string): Promise<Offer[]> {
  const { rows } = await db.query<Offer>(
    `select o.id::text, o.ticket::text, o.words, o.at, coalesce(c.person_name, c.chat) as who from demand_offer o join conversation c on c.id = o.conversation
      where o.demand = $1 order by o.id`,
    [demand],
  )
  return rows
}

/** What a broker can put together with a demand: achievements that fit it, and whoever offered. */
export async function knownOf(db: Pool | ClientBase, texts: Texts, demand: string): Promise<string[]> {
  const [matches, offers] = [await matchesOf(db, demand), await offersOf(db, demand)]
  return [
    ...matches.map((each) => texts('chain_known_match', { number: `A${each.achievement}`, title: each.title })),
    ...offers.map((each) => texts('chain_known_offer', { ticket: each.ticket ?? '—', words: shorten(each.words, 60) })),
  ]
}
