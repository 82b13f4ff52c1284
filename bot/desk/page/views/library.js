import { read } from '../api.js'
import { fill, h } from '../dom.js'
import { t } from '../words.js'
import { badge, empty, head, sourceLink, statusBadge } from './parts.js'

/** What is in force and answers questions; what expires soonest comes first. */
export async function libraryView(place, _, { alive }) {
  const list = h('div')
  let asked = 0

  /** The last words typed win, whichever answer comes first. */
  async function find(words) {
    asked += 1
    const turn = asked
    const { documents } = await read(`documents?q=${encodeURIComponent(words)}`)
    if (!alive() || turn !== asked) return
    fill(list, documents.length === 0 ? empty(t('library.empty')) : h('ol.rows', {}, documents.map(row)))
  }

  const words = h('input', {
    type: 'search',
    maxlength: '80',
    placeholder: t('library.search'),
    aria: { label: t('library.search') },
    oninput: () => void find(words.value),
  })
  fill(place, head(t('menu.library'), null, t('library.sub')), h('div.search', {}, words), list)
  await find('')
  return { keys: { '/': () => words.focus() } }
}

function row(each) {
  return h(
    'li.row',
    {},
    h(
      'a.row-main',
      { href: sourceLink(each.documentId), data: { row: each.documentId } },
      h(
        'span.row-top',
        {},
        badge(t(`kind.${each.kind}`)),
        statusBadge(each.status),
        each.elsewhere && badge(t('document.elsewhere'), 'warn'),
        each.demo && badge(t('people.demo')),
      ),
      h('span.row-title', {}, each.title),
      h(
        'span.row-sub',
        {},
        each.docNo !== null && h('span', {}, each.docNo),
        each.issuers.length > 0 && h('span', {}, each.issuers.join('、')),
        each.effectiveTo !== null && h('span', {}, t('library.until', { day: each.effectiveTo })),
      ),
    ),
    h('div.row-side', {}, h('span.quiet-text', {}, t('library.clauses', { n: each.passages }))),
  )
}
