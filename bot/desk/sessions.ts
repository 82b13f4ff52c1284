import type { ClientBase, Pool } from 'pg'
import { transaction } from '../../retrieval/store/transaction.ts'
import type { People, Person } from '../handoff/people.ts'
import { recordAudit } from '../records/audit.ts'
import { hashOf, type Signer } from './secret.ts'

/** The signed-in person, as registered at the time of the request. */
export type DeskPerson = Person

/** `forged`: not made by this server; `unknown`: its person has been removed. */
export type Refusal = 'used' | 'expired' | 'unknown' | 'forged'

export const sessionDays = 14
const idleHours = 12

/** One-time links and sessions; the only writer of desk_link and desk_session. */
export type Sessions = ReturnType<typeof sessions>

export function sessions(pool: Pool, people: Pick<People, 'byId'>, signer: Signer) {
  return {
    /** @returns the token for a one-time link; only its hash is kept */
    async makeLink(person: string, minutes: number, db: Pool | ClientBase = pool): Promise<string> {
      const token = signer.make('link')
      await db.query(`delete from desk_link where expires_at < now() - interval '30 days'`)
      await db.query(
        'insert into desk_link (token_hash, person, expires_at) values ($1, $2, now() + make_interval(mins => $3))',
        [hashOf(token), person, minutes],
      )
      return token
    },

    /** Looking at a link changes nothing: previews and prefetches look too. @returns null when it would sign in */
    async refusalOf(token: string): Promise<Refusal | null> {
      return signer.isOurs('link', token) ? refusal(pool, token) : 'forged'
    },

    /** The first confirmed use signs in. @returns the value of the session cookie, or why not */
    async signIn(token: string): Promise<{ readonly cookie: string } | { readonly refused: Refusal }> {
      if (!signer.isOurs('link', token)) return { refused: 'forged' }
      return transaction(pool, async (tx) => {
        const { rows } = await tx.query<{ person: string }>(
          `update desk_link l set used_at = now() from person p
            where l.token_hash = $1 and l.used_at is null and l.expires_at > now() and p.id = l.person and p.removed_at is null
           returning l.person::text`,
          [hashOf(token)],
        )
        const person = rows[0]?.person
        if (person === undefined) return { refused: (await refusal(tx, token)) ?? 'unknown' }
        const cookie = signer.make('session')
        await tx.query('delete from desk_session where ends_at < now()')
        await tx.query('insert into desk_session (id_hash, person, ends_at) values ($1, $2, now() + make_interval(days => $3))', [
          hashOf(cookie),
          person,
          sessionDays,
        ])
        await recordAudit(tx, { actor: `person:${person}`, action: 'desk_signed_in', about: `person:${person}` })
        return { cookie }
      })
    },

    /** @returns who this cookie stands for now; nobody once the person is removed, or the session ended or was unused for long */
    async personOf(cookie: string): Promise<DeskPerson | null> {
      if (!signer.isOurs('session', cookie)) return null
      const { rows } = await pool.query<{ person: string; stale: boolean }>(
        `select s.person::text, s.seen_at < now() - interval '1 minute' as stale from desk_session s
          where s.id_hash = $1 and s.ended_at is null and s.ends_at > now() and s.seen_at > now() - make_interval(hours => $2)`,
        [hashOf(cookie), idleHours],
      )
      const found = rows[0]
      if (found === undefined) return null
      if (found.stale) await pool.query('update desk_session set seen_at = now() where id_hash = $1', [hashOf(cookie)])
      return people.byId(found.person)
    },

    async end(cookie: string): Promise<void> {
      await pool.query('update desk_session set ended_at = now() where id_hash = $1 and ended_at is null', [hashOf(cookie)])
    },

    /** Signs a person out everywhere and voids open links. */
    async endAll(person: string): Promise<void> {
      await transaction(pool, async (tx) => {
        await tx.query('update desk_session set ended_at = now() where person = $1 and ended_at is null', [person])
        await tx.query('update desk_link set expires_at = now() where person = $1 and used_at is null', [person])
      })
    },
  }
}

async function refusal(db: Pool | ClientBase, token: string): Promise<Refusal | null> {
  const { rows } = await db.query<{ refusal: Refusal | null }>(
    `select case when p.removed_at is not null then 'unknown' when l.used_at is not null then 'used' when l.expires_at <= now() then 'expired' end as refusal
       from desk_link l join person p on p.id = l.person where l.token_hash = $1`,
    [hashOf(token)],
  )
  const found = rows[0]
  return found === undefined ? 'unknown' : found.refusal
}
