import type { ClientBase, Pool } from 'pg'
import { eraseSteps, takeStep } from '../chain/steps.ts'
import type { Known } from '../demand/fields.ts'

export type NewDemand = {
  readonly conversation: string
  readonly person: string | null
  readonly need: string
  readonly fields: Known
  readonly anonymous: boolean
  /** Words that must appear in nothing that is published. */
  readonly confidential?: readonly string[]
  /** The registered person who wrote it down; null: the enterprise itself. */
  readonly by?: string | null
}

/** A demand with the case in which a broker looks after it. */
export type Demand = {
  /** Also the number people see: D12. */
  readonly id: string
  /** Null once its words were erased. */
  readonly conversation: string | null
  readonly chat: string | null
  readonly personName: string | null
  /** The enterprise the person was verified for. */
  readonly enterprise: string | null
  readonly need: string
  readonly fields: Known
  readonly anonymous: boolean
  readonly confidential: readonly string[]
  readonly publicText: string | null
  readonly publicForm: 'open' | 'anonymous' | null
  readonly board: 'enterprise' | 'park' | null
  /** `YYYY-MM-DD` */
  readonly openUntil: string | null
  readonly createdAt: Date
  readonly ticket: string | null
  readonly ticketState: 'waiting' | 'claimed' | 'closed' | null
  /** Who has the case, or had it last. */
  readonly owner: string | null
  readonly ownerName: string | null
  /** Registered people who must not see it. */
  readonly excluded: readonly string[]
  /** Who has an open case of somebody who offers to solve it. */
  readonly helpers: readonly string[]
}

export type Published = {
  readonly text: string
  readonly form: 'open' | 'anonymous'
  readonly board: Demand['board']
  readonly until: string | null
}

type Db = Pool | ClientBase
/** Signed or ended, as SQL about `demand d`: nobody is looked for any more. Taking that step back publishes it again. */
export const over = `exists (select from chain_step s where s.demand = d.id and s.taken_back_at is null
  and s.stage in ('signed', 'registered', 'rejected', 'withdrawn', 'failed'))`
/** Everybody may read it on a day, as SQL. */
const publicOn = (day: string) => `d.public_text is not null and not ${over} and (d.open_until is null or d.open_until >= ${day})`
/** Nothing has happened to it since a moment, and nobody else reads it, as SQL about `demand d`: its words are kept no longer than others. */
export const restingSince = (at: string) => `d.need <> '' and d.created_at < ${at}
  and not (${publicOn(`(${at} at time zone 'Asia/Shanghai')::date`)})
  and not exists (select from chain_step s where s.demand = d.id and s.at >= ${at})`
const select = `
  select d.id::text, d.conversation::text, c.chat, c.person_name as "personName", v.enterprise, d.need, d.fields, d.anonymous, d.confidential,
         case when not ${over} then d.public_text end as "publicText", case when not ${over} then d.public_form end as "publicForm", d.board, d.open_until::text as "openUntil", d.created_at as "createdAt",
         d.ticket::text, t.state as "ticketState", t.owner::text, p.name as "ownerName", coalesce(t.excluded, '{}')::text[] as excluded,
         array(select h.owner::text from demand_offer o join ticket h on h.id = o.ticket where o.demand = d.id and h.owner is not null and h.state <> 'closed') as helpers
    from demand d left join conversation c on c.id = d.conversation left join ticket t on t.id = d.ticket left join person p on p.id = t.owner
    left join lateral (select enterprise from verified_account where account in (c.person, c.chat) and revoked_at is null
                        order by account = c.person desc limit 1) v on true`
const read = async (db: Db, rest: string, values: readonly unknown[]): Promise<Demand[]> =>
  (await db.query<Demand>(`${select} ${rest}`, [...values])).rows

/** What enterprises need; the only writer of demand. */
export type Demands = typeof demands

export const demands = {
  /** @returns the number people see */
  async add(tx: ClientBase, demand: NewDemand): Promise<string> {
    const { conversation, person, need, fields, anonymous, confidential = [], by = null } = demand
    const { rows } = await tx.query<{ id: string }>(
      'insert into demand (conversation, person, need, fields, anonymous, confidential) values ($1, $2, $3, $4, $5, $6) returning id::text',
      [conversation, person, need, JSON.stringify(fields), anonymous, confidential],
    )
    const id = rows[0]?.id ?? ''
    await takeStep(tx, {
      ...{ subject: { kind: 'demand', id }, stage: 'collected', evidence: {}, key: `demand:${id}:collected` },
      ...{ by: { is: 'enterprise' }, person: by, actor: by === null ? 'enterprise' : `person:${by}` },
    })
    return id
  },

  /** Links the ticket in which a broker looks after it. */
  async link(tx: ClientBase, id: string, ticket: string | null): Promise<void> {
    await tx.query('update demand set ticket = $2 where id = $1', [id, ticket])
  },

  async byId(db: Db, id: string): Promise<Demand | null> {
    return /^\d{1,18}$/.test(id) ? ((await read(db, 'where d.id = $1', [id]))[0] ?? null) : null
  },

  ofTicket: (db: Db, ticket: string) => read(db, 'where d.ticket = $1 order by d.id', [ticket]),
  ofConversation: (db: Db, conversation: string) => read(db, 'where d.conversation = $1 order by d.id', [conversation]),
  /** Newest first. */
  list: (db: Db) => read(db, `where d.need <> '' order by d.id desc limit 500`, []),
  /** What everybody may read on this day. */
  published: (db: Db, today: string) => read(db, `where ${publicOn('$1')} order by d.id`, [today]),

  /** @param published null: nobody may read it any more */
  async publish(tx: ClientBase, id: string, published: Published | null): Promise<void> {
    await tx.query(
      `update demand set public_text = $2, public_form = $3, board = $4, open_until = $5, matched_to = '-infinity' where id = $1`,
      [id, published?.text ?? null, published?.form ?? null, published?.board ?? null, published?.until ?? null],
    )
  },

  /** Adds words that must appear in nothing that is published. */
  async hide(tx: ClientBase, id: string, words: readonly string[]): Promise<void> {
    await tx.query('update demand set confidential = array(select distinct unnest(confidential || $2::text[])) where id = $1', [
      id,
      words,
    ])
  },

  /**
   * Documents that went live up to `to` were compared with it; noted unless it is to be compared again since. Moments as the database writes
   * them.
   */
  async noteMatched(
    tx: ClientBase,
    id: string,
    { from, to }: { readonly from: string | null; readonly to: string },
  ): Promise<void> {
    await tx.query('update demand set matched_to = $2 where id = $1 and matched_to is not distinct from $3::timestamptz', [
      id,
      to,
      from,
    ])
  },

  /** It is to be compared with everything again. */
  async matchAgain(tx: ClientBase, id: string): Promise<void> {
    await tx.query(`update demand set matched_to = '-infinity' where id = $1`, [id])
  },

  /**
   * The words go, and with them what is published; that there was a demand, and what became of it, stays.
   * @param before only what {@link restingSince} then; null = all
   */
  async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
    const { rows } = await tx.query<{ id: string }>(
      `update demand d set conversation = null, person = null, need = '', fields = '{}', confidential = '{}', public_text = null, public_form = null
        where conversation = $1 and ($2::timestamptz is null or (${restingSince('$2::timestamptz')})) returning id::text`,
      [conversation, before],
    )
    const ids = rows.map((row) => row.id)
    for (const id of ids)
      await takeStep(tx, {
        ...{ subject: { kind: 'demand', id }, stage: 'withdrawn', evidence: {}, key: `demand:${id}:erased` },
        ...{ by: { is: 'enterprise' }, person: null, actor: before === null ? 'erasure' : 'retention' },
      })
    await eraseSteps(tx, ids, { conversation, before })
  },
}
