import type { Pool } from 'pg'
import { z } from 'zod'
import type { Clock } from '../../../retrieval/base/clock.ts'
import type { Calendar } from '../../handoff/duty/duty.ts'
import { type People, type Person, roles } from '../../handoff/people.ts'
import type { Tickets } from '../../handoff/tickets.ts'
import { isThere } from '../../handoff/who/colleagues.ts'
import { recordAudit } from '../../records/audit.ts'
import type { LinkMaker } from '../links.ts'
import { type Call, get, notFound, post, Refusal, type Route } from '../routes.ts'
import type { Sessions } from '../sessions.ts'

export type PeopleNeeds = {
  readonly pool: Pool
  readonly people: People
  readonly tickets: Tickets
  readonly sessions: Sessions
  readonly clock: Clock
  readonly calendar: Calendar
  readonly linkFor: LinkMaker
}

const dayInMinutes = 24 * 60

/** For leads: register people, let them in, switch them on or off duty, remove them. */
export function peopleRoutes(needs: PeopleNeeds): Route[] {
  const { pool, people, tickets, sessions, clock, calendar } = needs
  const known = async (id: string): Promise<Person> => {
    const person = /^\d{1,18}$/.test(id) ? await people.byId(id) : null
    if (person === null) throw notFound()
    return person
  }

  const about = ({ id }: Call) => known(id)

  /** A link for the desk, and one for the bot when no platform account is bound; each is shown once and kept as a hash. */
  async function linksFor(person: Person, by: string): Promise<{ link: string; invitation: string | null }> {
    const link = await needs.linkFor(person.id, dayInMinutes)
    const unbound = person.telegram === null && person.wecom === null
    await recordAudit(pool, { actor: `person:${by}`, action: 'desk_link_made', about: `person:${person.id}` })
    return { link, invitation: unbound ? `/start inv_${await people.invite(person.id)}` : null }
  }

  return [
    get('/desk/api/people', async () => {
      const [everybody, loads] = await Promise.all([people.list(), tickets.loads()])
      const rows = everybody.map((each) => ({ ...each, onDuty: isThere(each, clock(), calendar), load: loads.get(each.id) ?? 0 }))
      return { people: rows }
    }),
    post('/desk/api/people', newPerson, async ({ person: by }, body) => {
      const person = await people.add({ ...body, telegram: null, wecom: null, demo: false }, `person:${by.id}`)
      return { person, ...(await linksFor(person, by.id)) }
    }),
    post('/desk/api/people/:id/link', {}, async ({ person: by, id }) => linksFor(await known(id), by.id), about),
    post(
      '/desk/api/people/:id/duty',
      { present: z.boolean() },
      async ({ person: by, id }, { present }) => {
        await people.setPresent(id, present, `person:${by.id}`)
      },
      about,
    ),
    post(
      '/desk/api/people/:id/remove',
      {},
      async ({ person: by, id }) => {
        // A lead who removed themselves would leave nobody to let them in again.
        if (id === by.id) throw new Refusal(409, 'not_yourself')
        await known(id)
        await people.remove(id, `person:${by.id}`)
        await sessions.endAll(id)
      },
      about,
    ),
  ]
}

const newPerson = {
  name: z.string().trim().min(1).max(40),
  role: z.enum(roles),
  fields: z.array(z.string().trim().min(1).max(40)).max(30),
  hours: z.string().trim().max(100).nullable(),
  capacity: z.number().int().min(1).max(99),
}
