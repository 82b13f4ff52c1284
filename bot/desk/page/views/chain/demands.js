import { read } from '../../api.js'
import { fill, h } from '../../dom.js'
import { t, time } from '../../words.js'
import { badge, button, empty, head } from '../parts.js'
import { stageBadge } from './steps.js'

const over = ['rejected', 'withdrawn', 'failed', 'redeemed']
const groups = {
  going: (each) => !over.includes(each.stage),
  public: (each) => each.publicForm !== null,
  over: (each) => over.includes(each.stage),
  all: () => true,
}

/** Demands, newest first, with how far each has come. */
export async function demandsView(place, _, { alive }) {
  let all = (await read('demands')).demands
  let group = 'going'

  const draw = () => {
    const shown = all.filter(groups[group])
    fill(
      place,
      head(t('menu.demands'), filters(), t('demands.sub')),
      shown.length === 0 ? empty(t('demands.empty'), t('demands.empty_more')) : h('ol.rows', {}, shown.map(row)),
    )
  }
  const filters = () =>
    Object.keys(groups).map((each) =>
      button(
        t(`demands.${each}`),
        () => {
          group = each
          draw()
        },
        each === group ? 'primary' : 'quiet',
        { aria: { pressed: String(each === group) } },
      ),
    )
  draw()
  return {
    async changed() {
      const now = (await read('demands')).demands
      if (!alive()) return
      all = now
      draw()
    },
  }
}

function row(each) {
  return h(
    'li.row',
    {},
    h(
      'a.row-main',
      { href: `#/demand/${each.id}`, data: { row: each.id } },
      h(
        'span.row-top',
        {},
        h('span.number', {}, `D${each.id}`),
        stageBadge(each.stage),
        each.publicForm !== null && badge(t(`publish.${each.publicForm}`), 'info'),
        each.board !== null && badge(t(`publish.board.${each.board}`), 'info'),
        each.matches > 0 && badge(t('demand.matches', { n: each.matches }), 'ok'),
        each.offers > 0 && badge(t('demand.offers', { n: each.offers }), 'ok'),
      ),
      h('span.row-title', {}, each.need.split('\n')[0]),
      h(
        'span.row-sub',
        {},
        h('span.name', {}, t('demand.by', { name: each.who ?? t('nameless') })),
        each.ownerName !== null && h('span', {}, t('owner_is', { name: each.ownerName })),
        h('span', {}, time(each.createdAt)),
      ),
    ),
  )
}
