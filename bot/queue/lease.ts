/**
 * Renews a lease while work goes on, so that it can be short: what a dead process had in hand is soon taken up by another. Work that never
 * comes to an end is as good as dead: after `mostMs` its lease runs out.
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
