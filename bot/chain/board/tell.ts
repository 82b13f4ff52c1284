import { say, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow, Timer } from '../../queue/lanes.ts'
import { demands } from '../../records/demands.ts'
import { said } from '../../render.ts'

/** Tells the enterprise what everybody may read of its demand now, unless that has changed meanwhile. */
export async function tellPublished(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  const texts = textsOf(work)
  say(work, row, async (tx) => {
    const demand = await demands.byId(tx, timer.ticket)
    const { publicText = null, publicForm = null } = demand ?? {}
    if (publicText === null || publicForm === null) return said(texts('demand_unpublished', { number: timer.ticket }))
    return said(texts('demand_published', { number: timer.ticket, form: texts(`chain_form_${publicForm}`), text: publicText }))
  })
  work.outcomes.push('published_told')
}
