/**
 * Renews a lease while work goes on, so that it can be short: what a dead process had in hand is soon taken up by another.
 * @param renew may fail now and then; the next beat tries again
 */
export async function whileRenewed<Result>(
  everyMs: number,
  renew: () => Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> {
  const beat = setInterval(() => void renew().catch(() => undefined), everyMs)
  try {
    return await work()
  } finally {
    clearInterval(beat)
  }
}
