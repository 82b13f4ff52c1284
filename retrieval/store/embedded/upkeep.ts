/**
 * PGlite is a server without background processes: nobody else writes checkpoints (its write-ahead log would grow without end, and recovery
 * with it), removes dead rows or refreshes the planner's statistics.
 */

/** How often the upkeep looks for due work. */
export const upkeepEveryMs = 20_000
/** Above this a checkpoint is due; it takes some 0.1 s. */
const walBytes = 48 * 1024 * 1024

/** Keeps the log files small, since a checkpoint is never far away. */
export const upkeepParameters: readonly string[] = ['-c', 'max_wal_size=128MB', '-c', 'min_wal_size=32MB']

/**
 * What a server's autovacuum would do, at its thresholds: remove dead rows, else refresh statistics. One at a time, because everybody
 * waits: half a second each for 400,000 postings.
 */
const dueWork = `
  select format(case when dead > 0.2 or new > 0.2 then 'vacuum %I.%I' else 'analyze %I.%I' end, schemaname, relname)
    from (select schemaname, relname, (n_dead_tup - 1000) / greatest(n_live_tup, 1)::float8 as dead,
                 (n_ins_since_vacuum - 1000) / greatest(n_live_tup, 1)::float8 as new,
                 (n_mod_since_analyze - 1000) / greatest(n_live_tup, 1)::float8 as changed
            from pg_stat_user_tables) as each
   where dead > 0.2 or new > 0.2 or changed > 0.1
   order by greatest(dead, new, changed) desc, relname
   limit 1`

/**
 * Does what is due: a checkpoint, and at most one table, so that waiting clients are served in between.
 * @param ask runs one statement outside any transaction
 * @returns the first column
 */
export async function upkeep(ask: (sql: string) => Promise<readonly string[]>): Promise<void> {
  const [work] = await ask(dueWork)
  if (work !== undefined) await ask(work)
  const [written] = await ask('select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) from pg_control_checkpoint()')
  if (Number(written) > walBytes) await ask('checkpoint')
}
