import { read, send } from '../api.js'
import { ask, fill, h, toast } from '../dom.js'
import { t } from '../words.js'
import { eventOffer } from './agenda/offer.js'
import { clauseHead } from './marked.js'
import { badge, button, fact, statusBadge } from './parts.js'

/** A document as stored, opened at a clause: the quotation in view, and whether it is still in force. */
export async function sourceView(place, [id = '', passage = ''], { me, again }) {
  const { document: about, clauses, event } = await read(`documents/${encodeURIComponent(id)}`)
  const chosen = clauses.find((each) => each.passageId === passage) ?? null
  const staff = me.role !== 'broker'

  async function withdraw() {
    const sure = await ask(t('withdraw.title'), h('p', {}, t('withdraw.what', { title: about.title })), {
      submit: t('withdraw'),
      cancel: t('cancel'),
      danger: true,
    })
    if (sure === null) return
    await send(`documents/${encodeURIComponent(id)}/withdraw`)
    toast(t('withdraw.done'))
    await again()
  }

  async function mark(clause) {
    await send(`documents/${encodeURIComponent(id)}/wrong`, { passage: clause.passageId, wrong: !clause.wrong })
    toast(t(clause.wrong ? 'wrong.undone' : 'wrong.done'))
    await again()
  }

  fill(
    place,
    h(
      'div.page-head',
      {},
      h(
        'div',
        {},
        h('h1', {}, about.title),
        h(
          'p.case-meta',
          {},
          statusBadge(about.status),
          about.state !== 'live' && badge(t(`document.${about.state}`), 'bad'),
          about.docNo && h('span', {}, about.docNo),
          about.issuers.length > 0 && h('span.quiet-text', {}, about.issuers.join('、')),
        ),
      ),
      h(
        'div.page-actions',
        {},
        h('button.quiet', { type: 'button', onclick: () => history.back() }, t('back')),
        staff && about.state === 'live' && button(t('withdraw'), withdraw),
      ),
    ),
    h(
      'dl.facts.inline',
      {},
      fact(t('field.genre'), about.genre),
      fact(t('field.issued_on'), about.issuedOn),
      fact(t('field.effective_from'), about.effectiveFrom),
      fact(t('field.effective_to'), about.effectiveTo),
      fact(t('document.ended_on'), about.endedOn),
      fact(t('document.source'), about.source),
    ),
    eventOffer(id, event),
    staff && about.state === 'withdrawn' && h('p.note-box', {}, t('withdraw.back')),
    passage !== '' && chosen === null && h('p.note-box', {}, t('source.clause_gone')),
    h(
      'ol.clauses',
      {},
      clauses.map((each) => clauseOf(each, each === chosen, { staff, mayReveal: me.role !== 'staff', mark, id })),
    ),
  )
  return {
    shown: () => {
      const target = place.querySelector('.clause.chosen')
      target?.scrollIntoView({ block: 'center' })
      target?.focus({ preventScroll: true })
    },
  }
}

function clauseOf(each, chosen, { staff, mayReveal, mark, id }) {
  const buttons = h(
    'span.clause-buttons',
    {},
    each.kept !== null && mayReveal && button(t('protected.show'), () => reveal(id, each, body), 'chip'),
    staff && button(t(each.wrong ? 'wrong.undo' : 'wrong.mark'), () => mark(each), 'chip'),
  )
  const body = h('div', {}, clauseHead(each), h('p.clause-text', {}, each.text))
  return h(
    `li.clause${chosen ? '.chosen' : ''}`,
    { data: { row: each.passageId }, tabindex: '-1', ...(chosen ? { aria: { current: 'true' } } : {}) },
    body,
    buttons.childElementCount > 0 && buttons,
  )
}

/** Protected text is shown only on request, and the view is recorded. */
async function reveal(id, each, place) {
  const sure = await ask(t('protected.title'), h('p', {}, t('protected.what', { level: `L${each.kept}` })), {
    submit: t('protected.show'),
    cancel: t('cancel'),
  })
  if (sure === null) return
  const { text } = await send(`documents/${encodeURIComponent(id)}/protected`, { passage: each.passageId })
  place.append(h('p.clause-text.protected', {}, text))
}
