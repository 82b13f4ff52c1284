import type { Found, Passage, Search } from '../../retrieval/evidence.ts'
import { dataOnly } from './instructions.ts'

type Look = Omit<Parameters<Search>[0], 'validity'>

/** When nothing in force answers: is there a rule that did, or will? The person is told so, and a broker still takes over. */
export async function lapsed(search: Search, look: Look, found: Found, signal?: AbortSignal): Promise<Passage | null> {
  const all = dataOnly(await search({ ...look, validity: 'any' }, signal))
  const best = all.evidence[0]
  if (best === undefined || best.passage.kind !== 'policy') return null
  if (best.passage.status === 'effective' || best.passage.status === 'expiring') return null
  const inForce = found.evidence[0]?.score ?? 0
  return best.score > inForce ? best.passage : null
}
