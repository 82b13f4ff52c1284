import { Refused, read, send } from '../api.js'
import { announce, ask, fill, h, toast } from '../dom.js'
import { has, t, time } from '../words.js'
import { eventOffer } from './agenda/offer.js'
import { clauseHead, marked } from './marked.js'
import { badge, button, card, fact, statusBadge } from './parts.js'
import { picturesOf } from './review/pictures.js'
import { doubtWords, fieldOf } from './review-field.js'

/** The document's text beside what was understood of it: each field with its phrase, its doubts, and a way to correct it. */
export async function reviewView(place, [id], { alive }) {
  let page = await read(`review/${encodeURIComponent(id)}`)
  const path = (what) => `review/${encodeURIComponent(id)}/${what}`

  async function save(field, value) {
    try {
      page = await send(path('fields'), { [field.name]: value })
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'bad_field') throw error
      toast(t('error.bad_field', { field: t(`field.${field.name}`) }), 'bad')
      return
    }
    if (!alive()) return
    announce(t('review.saved', { field: t(`field.${field.name}`) }))
    draw()
    place.querySelector(`[data-field="${field.name}"] .edit`)?.focus()
  }

  async function approve() {
    await send(path('approve'))
    toast(t('review.approved'))
    location.hash = '#/review'
  }

  async function reject() {
    const sure = await ask(t('review.reject_title'), h('p', {}, t('review.reject_what')), {
      submit: t('review.reject'),
      cancel: t('cancel'),
      danger: true,
    })
    if (sure === null) return
    await send(path('reject'))
    toast(t('review.rejected'))
    location.hash = '#/review'
  }

  const draw = () => fill(place, reviewHead(page, { approve, reject }), reviewBody(page, save))
  draw()
  return { keys: { a: () => page.mayApprove && void approve() } }
}

function reviewHead({ document: about, mayApprove }, { approve, reject }) {
  return h(
    'header.case-head',
    {},
    h('a.back', { href: '#/review', aria: { label: t('back') } }, '‹'),
    h(
      'div.case-title',
      {},
      h('h1', {}, about.title),
      h(
        'p.case-meta',
        {},
        badge(t(`kind.${about.kind}`)),
        statusBadge(about.status),
        badge(t(`document.${about.state}`), about.state === 'live' ? 'ok' : 'warn'),
        h('span.quiet-text.file', {}, about.source),
      ),
    ),
    h(
      'div.case-buttons',
      {},
      about.state === 'waiting' && button(t('review.reject'), reject),
      mayApprove
        ? button(t(about.state === 'live' ? 'review.confirm' : 'review.approve'), approve, 'primary', { title: 'a' })
        : h('span.quiet-text', {}, t('review.second_person')),
    ),
  )
}

function reviewBody(page, save) {
  const { document: about, fields, clauses, history: acts, replaces } = page
  return h(
    'div.review',
    {},
    h(
      'section.review-text',
      { tabindex: '0', aria: { label: t('review.text') } },
      picturesOf(page),
      clauses.length === 0
        ? h('p.quiet-text', {}, t('review.no_text'))
        : h(
            'ol.clauses',
            {},
            clauses.map((each) => clauseOf(each, about, fields)),
          ),
    ),
    h(
      'aside.review-fields',
      { aria: { label: t('review.fields') } },
      doubts(about),
      eventOffer(about.documentId, page.event),
      replaces !== null && h('p.note-box', {}, t('review.replaces', { title: replaces.title, no: replaces.docNo ?? '' })),
      card(
        t('review.fields'),
        fields.map((each) => fieldOf(each, save)),
      ),
      others(page.others),
      card(t('review.history'), h('ol.plain-list.acts', {}, acts.map(act))),
    ),
  )
}

/** Why it waits. Doubts about a field are shown beside the field as well. */
function doubts(about) {
  if (about.doubts.length === 0) return null
  return card(
    t('review.why'),
    h(
      'ul.plain-list.risks',
      {},
      about.doubts.map((each) => h('li', {}, h('strong', {}, doubtWords(each)), each.phrase !== null && h('q', {}, each.phrase))),
    ),
  )
}

function clauseOf(each, about, fields) {
  const phrases = [
    ...fields.map((field) => field.phrase),
    ...about.doubts.map((doubt) => doubt.phrase),
    ...each.support.map((item) => item.phrase),
  ]
  return h(
    'li.clause',
    { data: { row: each.passageId }, tabindex: '-1' },
    clauseHead(each),
    h(
      'p.clause-text',
      {},
      marked(
        each.text,
        phrases.filter((phrase) => phrase !== null && phrase.length > 1),
      ),
    ),
  )
}

/** Everything else that was found: names and values as they are. */
function others(found) {
  const entries = Object.entries(found ?? {}).filter(
    ([, value]) => value !== null && JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}',
  )
  if (entries.length === 0) return null
  return card(
    t('review.others'),
    h(
      'dl.facts',
      {},
      entries.map(([name, value]) => fact(has(`field.${name}`) ? t(`field.${name}`) : name, plain(value))),
    ),
  )
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join('；')
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([name, each]) => `${name}：${plain(each)}`)
      .join('，')
  return String(value)
}

function act(each) {
  const what = each.field === null ? t(`act.${each.action}`) : `${t(`act.${each.action}`)} ${t(`field.${each.field}`)}`
  return h(
    'li',
    {},
    h('time', { datetime: each.at }, time(each.at)),
    ' ',
    h('span', {}, what),
    ' ',
    h('span.quiet-text', {}, each.who ?? each.actor),
  )
}
