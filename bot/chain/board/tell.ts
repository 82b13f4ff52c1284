import { say, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow, Timer } from '../../queue/lanes.ts'
import { demands } from '../../records/demands.ts'
import { said } from '../../render.ts'

/**
 * Tells the enterprise what everybody may read of its demand now (round 1), or that nobody can any more (0); nothing when that has changed
 * meanwhile.
 */
export async function tellPublished(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  const texts = textsOf(work)
  const demand = await work.deps.read((db) => demands.byId(db, timer.ticket))
  const { publicText = null, publicForm = null } = demand ?? {}
  const isPublic = publicText !== null && publicForm !== null
  if (demand === null || isPublic !== (timer.round === 1)) {
    work.outcomes.push('published_void')
    return
  }
  const form = publicForm === null ? '' : texts(`chain_form_${publicForm}`)
  say(
    work,
    row,
    said(
      isPublic
        ? texts('demand_published', { number: timer.ticket, form, text: publicText })
        : texts('demand_unpublished', { number: timer.ticket }),
    ),
  )
  work.outcomes.push('published_told')
}
