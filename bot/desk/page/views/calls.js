import { read, send } from '../api.js'
import { fill, h, toast } from '../dom.js'
import { t, time } from '../words.js'
import { badge, button, channelName, empty, head } from './parts.js'

/** People whose platform delivers nothing until they write: to be telephoned meanwhile. */
export async function callsView(place, _, { alive }) {
  async function refresh() {
    const said = await read('calls')
    if (alive()) draw(said.calls)
  }

  async function done(each) {
    await send(`calls/${each.id}/done`)
    toast(t('calls.done'))
    await refresh()
  }

  const draw = (calls) =>
    fill(
      place,
      head(t('menu.calls'), null, t('calls.sub')),
      calls.length === 0
        ? empty(t('calls.empty'), t('calls.empty_more'))
        : h(
            'ol.rows',
            {},
            calls.map((each) => row(each, done)),
          ),
    )
  draw((await read('calls')).calls)
  return { changed: refresh }
}

function row(each, done) {
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      { tabindex: '0', data: { row: each.id } },
      h(
        'span.row-top',
        {},
        badge(each.contact === null ? t('calls.no_number') : t('calls.number', { number: each.contact }), 'warn'),
      ),
      h('span.row-title', {}, each.personName ?? t('nameless')),
      each.words.map((words) => h('span.row-text', {}, words)),
      h(
        'span.row-sub',
        {},
        h('span', {}, channelName(each.chat)),
        h('span', {}, t('calls.since', { at: time(each.since) })),
        each.asked !== null && h('span', {}, t('calls.asked', { name: each.asked })),
        each.ticket !== null && h('a', { href: `#/case/${each.ticket}` }, `T${each.ticket}`),
      ),
    ),
    h(
      'div.row-side.buttons',
      {},
      button(t('calls.mark'), () => done(each), 'primary'),
    ),
  )
}
