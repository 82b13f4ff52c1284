import { read } from '../../api.js'
import { fill, h } from '../../dom.js'
import { t } from '../../words.js'
import { badge, empty, head } from '../parts.js'
import { eventTime } from './when.js'

/** What takes place in the park: coming events with their sign-ups, and those that wait to be recorded as held. */
export async function agendaView(place, _, { alive }) {
  async function refresh() {
    const said = await read('agenda')
    if (alive()) draw(said)
  }
  const draw = ({ coming, past }) => {
    const open = past.filter((each) => each.state !== 'held' && each.state !== 'cancelled')
    const done = past.filter((each) => !open.includes(each))
    fill(
      place,
      head(t('menu.agenda'), null, t('agenda.sub')),
      coming.length === 0 && past.length === 0 && empty(t('agenda.empty'), t('agenda.empty_more')),
      section('agenda.to_record', open),
      section('agenda.coming', coming),
      section('agenda.done', done),
    )
  }
  draw(await read('agenda'))
  return { changed: refresh }
}

function section(title, events) {
  if (events.length === 0) return null
  return [h('h2.section-title', {}, t(title), h('span.count', {}, events.length)), h('ol.rows', {}, events.map(row))]
}

function row(each) {
  return h(
    'li.row',
    {},
    h(
      'a.row-main',
      { href: `#/event/${each.id}`, data: { row: each.id } },
      h('span.row-top', {}, badges(each)),
      h('span.row-title', {}, each.title),
      h(
        'span.row-sub',
        {},
        h('span', {}, eventTime(each)),
        each.place !== null && h('span', {}, each.place),
        h('span', {}, signups(each)),
        each.state === 'held' && each.attendance !== null && h('span', {}, t('agenda.came', { n: each.attendance })),
      ),
    ),
  )
}

const kinds = { postponed: 'warn', cancelled: 'bad', held: 'ok' }

/** The number is what commands in chat call it by. */
export function badges(each) {
  return [
    badge(`E${each.id}`),
    badge(t(`event_type.${each.type}`), 'info'),
    each.state !== 'on' && badge(t(`event_state.${each.state}`), kinds[each.state]),
    !each.listed && badge(t('agenda.unlisted'), 'warn'),
    each.demo && badge(t('people.demo')),
    each.ahead && each.seats !== null && each.taken >= each.seats && badge(t('agenda.full'), 'warn'),
  ]
}

function signups({ seats, taken, waiting }) {
  const places = seats === null ? t('agenda.taken', { n: taken }) : t('agenda.taken_of', { n: taken, of: seats })
  return waiting === 0 ? places : `${places} · ${t('agenda.waiting', { n: waiting })}`
}
