import { declaredFacts } from '../../handoff/packet/facts.ts'
import type { Calls } from '../../records/calls.ts'
import { type Call, get, notFound, post, type Route } from '../routes.ts'

/** People who can receive nothing until they write: what waits for them, how to reach them, and that somebody has. */
export function callRoutes({ calls }: { readonly calls: Calls }): Route[] {
  const known = async ({ person, id }: Call) => {
    if ((await calls.show(person, id)) === null) throw notFound()
  }
  return [
    get('/desk/api/calls', async ({ person }) => ({
      calls: (await calls.list(person)).map(({ lines, ...call }) => ({
        ...call,
        contact: declaredFacts(lines).find((fact) => fact.name === '联系方式')?.value ?? null,
      })),
    })),
    post('/desk/api/calls/:id/done', {}, ({ person, id }) => calls.markDone(person, id), known),
  ]
}
