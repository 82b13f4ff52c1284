/**
 * Renews a lease while work goes on, so that leases can be short and the work of a dead process is soon taken up. Work that never ends
 * counts as dead: after `mostMs` its lease runs out.
 * @param renew may fail now and then; the next beat tries again
 */
export async function whileRenewed<Result>(
  { everyMs, mostMs }: { readonly everyMs: number; readonly mostMs: number },
  renew: () => Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> {
  const until = performance.now() + mostMs
  const beat = setInterval(() => {
    if (performance.now() > until) clearInterval(beat)
    else void renew().catch(() => undefined)
  }, everyMs)
  try {
    return await work()
  } finally {
    clearInterval(beat)
  }
}
