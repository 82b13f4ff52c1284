import { read, send } from '../api.js'
import { ask, fill, h, toast } from '../dom.js'
import { t, time } from '../words.js'
import { badge, button, empty, field, head, sourceLink } from './parts.js'

/** Brokers' answers that may serve the next person: read, corrected, approved or dismissed. */
export async function faqView(place, _, { alive }) {
  async function refresh() {
    const said = await read('faq')
    if (alive()) draw(said)
  }

  async function approve(each) {
    const question = h('textarea', { rows: '2', maxlength: '400', value: each.question })
    const answer = h('textarea', { rows: '7', maxlength: '4000', value: each.answer })
    const given = await ask(
      t('faq.approve_title'),
      [field(t('faq.question'), question), field(t('faq.answer'), answer, t('faq.answer_hint'))],
      {
        submit: t('faq.approve'),
        cancel: t('cancel'),
        read: () => ({ question: question.value.trim(), answer: answer.value.trim() }),
      },
    )
    if (given === null) return
    await send(`faq/${each.id}/approve`, given)
    toast(t('faq.approved'))
    await refresh()
  }

  async function dismiss(each) {
    await send(`faq/${each.id}/dismiss`)
    toast(t('faq.dismissed'))
    await refresh()
  }

  function draw({ proposed, approved }) {
    fill(
      place,
      head(t('menu.faq'), null, t('faq.sub')),
      proposed.length === 0
        ? empty(t('faq.empty'), t('faq.empty_more'))
        : h(
            'ol.rows',
            {},
            proposed.map((each) => proposal(each, { approve, dismiss })),
          ),
      approved.length > 0 && h('h2.section-title', {}, t('faq.in_use'), h('span.count', {}, approved.length)),
      approved.length > 0 && h('ol.rows', {}, approved.map(inUse)),
    )
  }

  draw(await read('faq'))
  return { changed: refresh }
}

function proposal(each, { approve, dismiss }) {
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      { tabindex: '0', data: { row: each.id } },
      h('span.row-title', {}, each.question),
      h('span.row-text', {}, each.answer),
      h(
        'span.row-sub',
        {},
        each.author !== null && h('span', {}, t('faq.by', { name: each.author })),
        h('span', {}, time(each.createdAt)),
        each.times > 1 && badge(t('faq.times', { n: each.times }), 'info'),
        each.ticket !== null && h('a', { href: `#/case/${each.ticket}` }, `T${each.ticket}`),
      ),
    ),
    h(
      'div.row-side.buttons',
      {},
      button(t('faq.dismiss'), () => dismiss(each)),
      button(t('faq.approve'), () => approve(each), 'primary'),
    ),
  )
}

function inUse(each) {
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      { tabindex: '0', data: { row: each.id } },
      h('span.row-title', {}, each.question),
      h(
        'span.row-sub',
        {},
        each.author !== null && h('span', {}, t('faq.by', { name: each.author })),
        each.document !== null && h('a', { href: sourceLink(each.document) }, t('faq.document')),
      ),
    ),
  )
}

const spans = ['week', 'month', 'quarter']

/** What nobody could answer, grouped, most asked first: what the park should write down next. */
export async function gapsView(place, [chosen = 'week'], { alive }) {
  const { gaps } = await read(`gaps?span=${encodeURIComponent(chosen)}`)
  if (!alive()) return {}
  const choices = h(
    'div.segments',
    { role: 'group', aria: { label: t('gaps.span') } },
    spans.map((span) => h('a', { href: `#/gaps/${span}`, aria: span === chosen ? { current: 'true' } : {} }, t(`gaps.${span}`))),
  )
  fill(
    place,
    head(t('menu.gaps'), choices, t('gaps.sub')),
    gaps.length === 0
      ? empty(t('gaps.empty'))
      : h(
          'ol.rows',
          {},
          gaps.map((gap) =>
            h(
              'li.row',
              {},
              h(
                'details.row-main',
                {},
                h(
                  'summary',
                  { data: { row: gap.questions[0]?.id ?? '' } },
                  h('span.row-title', {}, gap.question),
                  h('span.row-sub', {}, h('span', {}, t('gaps.last', { at: time(gap.last) }))),
                ),
                h(
                  'ul.plain-list',
                  {},
                  gap.questions.map((each) =>
                    h('li', {}, each.question, ' ', each.reason !== null && badge(t(`reason.${each.reason}`))),
                  ),
                ),
              ),
              h('div.row-side', {}, badge(t('gaps.count', { n: gap.count }), gap.count > 2 ? 'warn' : 'plain')),
            ),
          ),
        ),
  )
  return {}
}
