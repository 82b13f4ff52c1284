import { h } from '../../dom.js'
import { t } from '../../words.js'

/** The pages a text was recognised from, for comparison; a click shows one in full width. */
export function picturesOf({ document: about, pictures }) {
  if (pictures.length === 0) return null
  return h(
    'section.pictures',
    { aria: { label: t('review.pictures') } },
    h('h2.section-title', {}, t('review.pictures'), h('span.count', {}, pictures.length)),
    h(
      'ol.plain-list',
      {},
      pictures.map((page) => {
        const words = t('review.picture', { n: page })
        const src = `/desk/api/review/${encodeURIComponent(about.documentId)}/picture?page=${page}`
        const press = h(
          'button.picture',
          { type: 'button', aria: { expanded: 'false' }, onclick: () => larger(press) },
          h('img', { src, alt: words, loading: 'lazy' }),
          h('span.quiet-text', {}, words),
        )
        return h('li', {}, press)
      }),
    ),
  )
}

function larger(press) {
  const is = press.getAttribute('aria-expanded') !== 'true'
  press.setAttribute('aria-expanded', String(is))
}
