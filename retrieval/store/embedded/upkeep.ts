/**
 * PGlite is a server without background processes. Nobody else writes checkpoints (its write-ahead log would grow for ever, and a
 * crash would take as long to recover from), removes dead rows or renews the planner's statistics.
 */

/** How often it is looked at what is due. */
export const upkeepEveryMs = 20_000
/** Above this a checkpoint is due; it takes some 0.1 s. */
const walBytes = 48 * 1024 * 1024

/** Keeps the files of the log small, since a checkpoint is never far away. */
export const upkeepParameters: readonly string[] = ['-c', 'max_wal_size=128MB', '-c', 'min_wal_size=32MB']

/** The shares at which a server's autovacuum would act by itself. */
const dueTable = `
  select format('%I.%I', schemaname, relname)
    from pg_stat_user_tables
   where n_dead_tup > 1000 + 0.2 * n_live_tup
      or n_mod_since_analyze > 1000 + 0.1 * n_live_tup
   order by n_dead_tup desc, relname
   limit 1`

/**
 * Does what is due: a checkpoint, and one table at the most, so that those who wait are served in between.
 * @param ask runs one statement outside of any transaction; @returns the first column
 */
export async function upkeep(ask: (sql: string) => Promise<readonly string[]>): Promise<void> {
  const [table] = await ask(dueTable)
  if (table !== undefined) await ask(`vacuum (analyze) ${table}`)
  const [written] = await ask('select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) from pg_control_checkpoint()')
  if (Number(written) > walBytes) await ask('checkpoint')
}
