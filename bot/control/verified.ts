import type { ClientBase, Pool } from 'pg'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { excludeFrom } from '../handoff/tickets.ts'
import { recordAudit } from '../records/audit.ts'

/** An account and the enterprise it was verified to speak for. */
export type VerifiedAccount = { readonly account: string; readonly enterprise: string; readonly verifiedAt: Date }

/** Enterprises that staff or a broker verified; the only writer of verified_account. */
export type Verified = ReturnType<typeof verifiedAccounts>

export function verifiedAccounts(pool: Pool) {
  return {
    /** @param account as channels give it, `telegram:42`; @throws AppError `bad_account` */
    async verify(account: string, enterprise: string, by: string): Promise<void> {
      if (!/^[a-z-]+:\S{1,200}$/.test(account) || enterprise.trim() === '')
        throw new AppError('bad_account', `“${account}” is not an account`, {
          hint: 'Write it as the desk shows it, e.g. telegram:42, and the name of the enterprise.',
        })
      await transaction(pool, async (tx) => {
        await tx.query(
          `insert into verified_account (account, enterprise, verified_by) values ($1, $2, $3)
           on conflict (account) do update set enterprise = excluded.enterprise, verified_by = excluded.verified_by, verified_at = park_now(), revoked_at = null`,
          [account, enterprise.trim(), by],
        )
        await recordAudit(tx, { actor: by, action: 'enterprise_verified', about: account })
        // Known by its real name since now: whoever must not have its cases loses sight of the open ones.
        const { rows } = await tx.query<{ id: string; conflicts: string[] }>(
          `select id::text, conflicts from person where removed_at is null and conflicts <> '{}'`,
        )
        for (const person of rows) await excludeFrom(tx, person.id, person.conflicts)
      })
    },

    /** @returns false when it was not verified */
    async revoke(account: string, by: string): Promise<boolean> {
      return transaction(pool, async (tx) => {
        const { rowCount } = await tx.query(
          'update verified_account set revoked_at = park_now() where account = $1 and revoked_at is null',
          [account],
        )
        if (rowCount === 1) await recordAudit(tx, { actor: by, action: 'enterprise_revoked', about: account })
        return rowCount === 1
      })
    },

    async of(account: string | null, db: Pool | ClientBase = pool): Promise<string | null> {
      const { rows } = await db.query<{ enterprise: string }>(
        'select enterprise from verified_account where account = $1 and revoked_at is null',
        [account],
      )
      return rows[0]?.enterprise ?? null
    },

    /** After an erasure no enterprise is kept either; the person is verified again from their papers. */
    async forget(tx: ClientBase, conversation: string): Promise<void> {
      await tx.query(
        'delete from verified_account where account in (select unnest(array[chat, person]) from conversation where id = $1)',
        [conversation],
      )
    },

    async list(): Promise<VerifiedAccount[]> {
      const { rows } = await pool.query<VerifiedAccount>(
        'select account, enterprise, verified_at as "verifiedAt" from verified_account where revoked_at is null order by verified_at',
      )
      return rows
    },
  }
}
