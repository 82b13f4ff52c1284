import { read } from '../api.js'
import { fill, h } from '../dom.js'
import { t, time } from '../words.js'
import { badge, empty, head, statusBadge } from './parts.js'
import { uploadBox } from './review/upload.js'

/** Documents that wait for a person, and live ones with something to confirm. */
export async function reviewListView(place, _, { alive }) {
  let said = await read('review')
  // Created once: uploads under way must survive when the list is drawn again.
  const box = uploadBox({ alive, done: () => void changed() })

  function draw() {
    const focused = document.activeElement?.dataset?.row
    fill(
      place,
      head(t('menu.review'), null, t(said.twoPerson ? 'review.sub_two' : 'review.sub')),
      box,
      section('review.waiting', said.waiting),
      section('review.proposals', said.proposals),
    )
    if (focused !== undefined) place.querySelector(`[data-row="${CSS.escape(focused)}"]`)?.focus()
  }

  async function changed() {
    const now = await read('review')
    if (!alive()) return
    said = now
    draw()
  }

  draw()
  return { changed }
}

function section(title, items) {
  return h(
    'section',
    {},
    h('h2.section-title', {}, t(title), h('span.count', {}, items.length)),
    items.length === 0 ? empty(t(`${title}.empty`)) : h('ol.rows', {}, items.map(row)),
  )
}

function row(each) {
  return h(
    'li.row',
    {},
    h(
      'a.row-main',
      { href: `#/review/${encodeURIComponent(each.documentId)}`, data: { row: each.documentId } },
      h(
        'span.row-top',
        {},
        badge(t(`kind.${each.kind}`)),
        statusBadge(each.status),
        each.why.filter((why) => why !== 'waiting').map((why) => badge(t(`why.${why}`), 'warn')),
      ),
      h('span.row-title', {}, each.title),
      h(
        'span.row-sub',
        {},
        each.docNo !== null && h('span', {}, each.docNo),
        h('span.file', {}, fileName(each.source)),
        h('span', {}, t('review.since', { at: time(each.createdAt) })),
        each.uploadedBy !== null && h('span', {}, t('review.by', { who: each.uploader ?? each.uploadedBy })),
      ),
    ),
    h('div.row-side', {}, each.doubts.length > 0 && badge(t('review.doubts', { n: each.doubts.length }), 'warn')),
  )
}

/** The last part of its source. */
function fileName(source) {
  return source.split(/[\\/]/).at(-1) || source
}
