import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { AppError, codeOf } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { setTimer } from '../inbox.ts'
import { recordAudit } from '../records/audit.ts'
import { parseHours } from './duty/duty.ts'
import { excludeFrom } from './tickets.ts'

export type Role = 'broker' | 'lead' | 'staff'
export const roles: readonly Role[] = ['broker', 'lead', 'staff']

/** A registered person; only registered people act in a role, whatever group they are in. */
export type Person = {
  readonly id: string
  readonly role: Role
  readonly name: string
  readonly telegram: string | null
  readonly wecom: string | null
  readonly fields: readonly string[]
  /** As written, e.g. `1-5 09:00-17:30`; null = always on duty. */
  readonly hours: string | null
  readonly capacity: number
  /** Set by hand. When false, no ticket is suggested to them and nothing is promised in their name. */
  readonly present: boolean
  /** Languages they work in; empty = any. */
  readonly languages: readonly string[]
  /** Names of enterprises whose cases they must not have. */
  readonly conflicts: readonly string[]
  readonly demo: boolean
}

type Later = 'present' | 'languages' | 'conflicts'
export type NewPerson = Omit<Person, 'id' | Later> & Partial<Pick<Person, Later>>

const columns = 'id::text, role, name, telegram, wecom, fields, hours, capacity, present, languages, conflicts, demo'
const invitationHours = 72

/** Registered people and invitations; the only writer of person and invitation. */
export type People = ReturnType<typeof people>

export function people(pool: Pool) {
  return {
    /** @throws AppError `bad_hours`, `already_registered` */
    async add(person: NewPerson, by: string): Promise<Person> {
      if (person.hours !== null) parseHours(person.hours)
      return transaction(pool, async (tx) => {
        const { rows } = await tx
          .query<Person>(
            `insert into person (role, name, telegram, wecom, fields, hours, capacity, languages, conflicts, demo)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${columns}`,
            [
              ...[person.role, person.name, person.telegram, person.wecom, person.fields, person.hours, person.capacity],
              ...[person.languages ?? [], person.conflicts ?? [], person.demo],
            ],
          )
          .catch((cause: unknown) => {
            throw codeOf(cause) === '23505' ? alreadyRegistered(cause) : cause
          })
        const added = rows[0]
        if (added === undefined) throw new AppError('unexpected', 'The new person was not returned')
        if (await isTaken(tx, added)) throw alreadyRegistered()
        await excludeFrom(tx, added.id, added.conflicts)
        if (added.role !== 'staff') await offerWaiting(tx)
        await recordAudit(tx, { actor: by, action: 'person_added', about: `person:${added.id}`, detail: { role: added.role } })
        return added
      })
    },

    async list(db: Pool | ClientBase = pool): Promise<Person[]> {
      const { rows } = await db.query<Person>(`select ${columns} from person where removed_at is null order by id`)
      return rows
    },

    async byId(id: string, db: Pool | ClientBase = pool): Promise<Person | null> {
      if (!/^\d{1,18}$/.test(id)) return null
      const { rows } = await db.query<Person>(`select ${columns} from person where id = $1 and removed_at is null`, [id])
      return rows[0] ?? null
    },

    markPresent,

    /** Switches duty on or off by hand. @throws AppError `unknown_person` */
    setPresent: (id: string, present: boolean, by: string) => transaction(pool, (tx) => markPresent(tx, id, present, by)),

    /** The row stays for the audit; the accounts are freed; their tickets go back to the queue. @throws AppError `unknown_person` */
    async remove(id: string, by: string): Promise<Person> {
      if (!/^\d{1,18}$/.test(id)) throw unknownPerson(id)
      return transaction(pool, async (tx) => {
        const { rows } = await tx.query<Person>(
          `update person set removed_at = park_now(), telegram = null, wecom = null where id = $1 and removed_at is null returning ${columns}`,
          [id],
        )
        if (rows[0] === undefined) throw unknownPerson(id)
        await recordAudit(tx, { actor: by, action: 'person_removed', about: `person:${id}` })
        await handBack(tx, id, 'removed')
        return rows[0]
      })
    },

    /** @param account a platform account as channels give it, `telegram:42` or `wecom:lisi`; WeCom's userids ignore case */
    async byAccount(account: string): Promise<Person | null> {
      const { platform, id } = split(account)
      if (platform === null) return null
      const { rows } = await pool.query<Person>(
        `select ${columns} from person where removed_at is null and case $1 when 'telegram' then telegram = $2 else lower(wecom) = lower($2) end`,
        [platform, id],
      )
      return rows[0] ?? null
    },

    /** @returns a token for a one-time link; only its hash is kept */
    async invite(person: string): Promise<string> {
      const token = randomBytes(24).toString('base64url')
      await pool.query(
        'insert into invitation (token_hash, person, expires_at) values ($1, $2, now() + make_interval(hours => $3))',
        [hashOf(token), person, invitationHours],
      )
      return token
    },

    accept,
  }
}

/** Going off duty leaves nobody waiting. @throws AppError `unknown_person` */
async function markPresent(tx: ClientBase, id: string, present: boolean, by: string): Promise<Person> {
  if (!/^\d{1,18}$/.test(id)) throw unknownPerson(id)
  const { rows } = await tx.query<Person>(
    `update person set present = $2 where id = $1 and removed_at is null returning ${columns}`,
    [id, present],
  )
  if (rows[0] === undefined) throw unknownPerson(id)
  await recordAudit(tx, { actor: by, action: present ? 'person_on_duty' : 'person_off_duty', about: `person:${id}` })
  if (present) await offerWaiting(tx)
  else await handBack(tx, id, 'off_duty')
  return rows[0]
}

/** Somebody new, reachable since now, or on duty by hand: waiting cases are offered, as to any suitable broker. */
async function offerWaiting(tx: ClientBase): Promise<void> {
  const { rows } = await tx.query<{ id: string; conversation: string }>(
    `select id::text, conversation::text from ticket where state = 'waiting' order by id`,
  )
  for (const { id, conversation } of rows)
    await setTimer(tx, conversation, `ticket:${id}:reroute:${randomUUID()}`, new Date(0), {
      kind: 'timer',
      name: 'reroute',
      ticket: id,
      round: 1,
    })
}

/** Each case they own is handled in its own lane, in order with what the enterprise says there. */
async function handBack(tx: ClientBase, person: string, why: 'removed' | 'off_duty'): Promise<void> {
  const { rows } = await tx.query<{ id: string; conversation: string }>(
    `select id::text, conversation::text from ticket where owner = $1 and state = 'claimed'`,
    [person],
  )
  for (const { id, conversation } of rows)
    await setTimer(tx, conversation, `ticket:${id}:broker_left:${randomUUID()}`, new Date(0), {
      kind: 'timer',
      name: 'broker_left',
      ticket: id,
      round: why === 'removed' ? 0 : 1,
    })
}

/**
 * Binds the account that opened the link. @returns null when the token is unknown, used or too old, or the account is another's: then the
 * link can still be opened with the right one
 */
async function accept(tx: ClientBase, token: string, account: string): Promise<Person | null> {
  const { platform, id } = split(account)
  if (platform === null) return null
  const found = await tx.query<{ person: string }>(
    `select person::text from invitation where token_hash = $1 and used_at is null and expires_at > now() for update`,
    [hashOf(token)],
  )
  const person = found.rows[0]?.person
  if (person === undefined || (await isTaken(tx, { id: person, telegram: null, wecom: null, [platform]: id }))) return null
  const { rows } = await tx.query<Person>(
    `update person set telegram = case when $2 = 'telegram' then $3 else telegram end, wecom = case when $2 = 'wecom' then $3 else wecom end
      where id = $1 and removed_at is null returning ${columns}`,
    [person, platform, id],
  )
  if (rows[0] === undefined) return null
  await tx.query('update invitation set used_at = now() where token_hash = $1', [hashOf(token)])
  await recordAudit(tx, { actor: account, action: 'invitation_accepted', about: `person:${person}` })
  if (rows[0].role !== 'staff') await offerWaiting(tx)
  return rows[0]
}

/** Whether somebody else has one of these accounts; WeCom's userids ignore case. */
async function isTaken(tx: ClientBase, { id, telegram, wecom }: Pick<Person, 'id' | 'telegram' | 'wecom'>): Promise<boolean> {
  const { rowCount } = await tx.query('select 1 from person where id <> $1 and (telegram = $2 or lower(wecom) = lower($3))', [
    ...[id, telegram, wecom],
  ])
  return rowCount !== 0
}

function alreadyRegistered(cause?: unknown): AppError {
  return new AppError('already_registered', 'Somebody is registered with this account', {
    hint: 'See npm run people -- list; remove the old entry first.',
    cause,
  })
}

function unknownPerson(id: string): AppError {
  return new AppError('unknown_person', `Nobody is registered under ${id}`, { hint: 'npm run people -- list shows the numbers.' })
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The one place that decides which accounts can be people: Telegram's and WeCom's, where AI bot and app use the same member ids. */
function split(account: string): { platform: 'telegram' | 'wecom' | null; id: string } {
  const colon = account.indexOf(':')
  const platform = account.slice(0, colon).replace(/^wecom-aibot$/, 'wecom')
  return { platform: platform === 'telegram' || platform === 'wecom' ? platform : null, id: account.slice(colon + 1) }
}
