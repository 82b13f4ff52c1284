import { newKey, Refused, read, send } from '../api.js'
import { fill, h, toast } from '../dom.js'
import { focusedRow } from '../keys.js'
import { t, time } from '../words.js'
import { badge, button, channelName, empty, endBadge, head, stateBadge, waitsFor } from './parts.js'

/** Queue, my cases, others' cases, closed ones: the same rows; the server returns only what this person may see. */
export function casesView(list) {
  return async (place, _, { alive }) => {
    let cases = (await read(`cases?list=${list}`)).cases

    const draw = () => {
      const focused = document.activeElement?.dataset?.row
      fill(
        place,
        head(t(`menu.${list}`), null, t(`cases.${list}.sub`)),
        cases.length === 0
          ? empty(t(`cases.${list}.empty`), t(`cases.${list}.empty_more`))
          : h(
              'ol.rows',
              { aria: { label: t(`menu.${list}`) } },
              cases.map((each) => row(each, list, claim)),
            ),
      )
      if (focused !== undefined) place.querySelector(`[data-row="${CSS.escape(focused)}"]`)?.focus()
    }

    async function claim(id) {
      if (await claimCase(id)) location.hash = `#/case/${id}`
    }

    draw()
    return {
      keys: {
        c: () => {
          const id = focusedRow()
          if (id !== null && list === 'queue') void claim(id)
        },
      },
      async changed() {
        const now = (await read(`cases?list=${list}`)).cases
        if (!alive()) return
        cases = now
        draw()
      },
    }
  }
}

function row(each, list, claim) {
  return h(
    'li.row',
    {},
    h(
      'a.row-main',
      { href: `#/case/${each.id}`, data: { row: each.id } },
      h(
        'span.row-top',
        {},
        h('span.number', {}, `T${each.id}`),
        each.priority === 1 && badge(t('priority.1'), 'bad'),
        list === 'closed' ? endBadge(each) : list !== 'queue' && stateBadge(each),
        badge(t(`reason.${each.reason}`)),
        list === 'closed' && each.outcome !== null && badge(t(`outcome.${each.outcome}`), 'ok'),
      ),
      h('span.row-title', {}, each.need || t('erased')),
      h(
        'span.row-sub',
        {},
        h('span.name', {}, each.personName ?? t('nameless')),
        h('span', {}, channelName(each.chat)),
        each.ownerName !== null && list !== 'mine' && h('span', {}, t('owner_is', { name: each.ownerName })),
        h('span', {}, t('opened', { at: time(each.openedAt) })),
      ),
    ),
    h(
      'div.row-side',
      {},
      list !== 'closed' && waitsFor(each),
      list === 'closed' && each.satisfaction !== null && h('span.quiet-text', {}, t('satisfaction', { n: each.satisfaction })),
      list === 'queue' &&
        button(t('claim'), () => claim(each.id), 'primary', { aria: { label: t('claim_case', { id: each.id }) } }),
    ),
  )
}

/** @returns whether it is ours now; otherwise names who was faster */
export async function claimCase(id) {
  try {
    await send(`cases/${id}/action`, { key: newKey(), action: { do: 'claim' } })
    toast(t('claimed_by_you', { id }))
    return true
  } catch (error) {
    if (error instanceof Refused && error.code === 'taken') {
      toast(t('claimed_by_other', { name: error.body.owner?.name ?? '' }), 'bad')
      return false
    }
    throw error
  }
}
