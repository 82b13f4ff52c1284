import { read, send } from '../../api.js'
import { ask, fill, h, toast } from '../../dom.js'
import { t, time } from '../../words.js'
import { badge, button, card, fact, field } from '../parts.js'
import { history, nextSteps, refusedWords, stageBadge, takeStep, undoStep } from './steps.js'

/** One demand: what was said, what is public, what happened, and what can be done next. */
export async function demandView(place, [id = ''], { alive }) {
  const path = `demands/${encodeURIComponent(id)}`

  async function refresh() {
    const shown = await read(path)
    if (alive()) draw(shown)
  }
  const then = async (done) => {
    if (await done) await refresh()
  }
  const take = (shown) => (step) => then(takeStep(path, step, step.stage === 'published' ? publishing(path, shown) : null))
  const undo = (stage) => then(undoStep(path, stage))

  async function hide() {
    const words = h('input', { maxlength: '400' })
    const given = await ask(t('demand.hide'), field(t('demand.confidential'), words, t('demand.hide_hint')), {
      submit: t('demand.hide'),
      cancel: t('cancel'),
      read: () =>
        words.value
          .split(/[、，,;；]/)
          .map((each) => each.trim())
          .filter((each) => each.length >= 2),
    })
    if (given === null || given.length === 0) return
    const { code } = await send(`${path}/hide`, { words: given })
    toast(t(code === 'taken_down' ? 'demand.taken_down' : 'demand.hidden'), code === 'taken_down' ? 'bad' : 'ok')
    await refresh()
  }

  const draw = (shown) => {
    const { demand, steps, next, stage } = shown
    fill(
      place,
      h(
        'div.page-head',
        {},
        h(
          'div',
          {},
          h('h1', {}, h('span.number', {}, `D${demand.id}`), ' ', demand.need.split('\n')[0]),
          h(
            'p.case-meta',
            {},
            stageBadge(stage),
            demand.anonymous && badge(t('demand.anonymous'), 'warn'),
            h('span.name', {}, demand.enterprise ?? demand.personName ?? t('nameless')),
            demand.ownerName !== null && h('span.quiet-text', {}, t('owner_is', { name: demand.ownerName })),
            demand.ticket !== null && h('a', { href: `#/case/${demand.ticket}` }, `T${demand.ticket}`),
            h('span.quiet-text', {}, time(demand.createdAt)),
          ),
        ),
      ),
      h(
        'div.chain',
        {},
        h('div.chain-main', {}, nextSteps(next, take(shown)), known(shown), history(steps, undo)),
        h('div.chain-side', {}, said(demand), visible(demand, hide)),
      ),
    )
  }
  draw(await read(path))
  return { changed: refresh }
}

function said(demand) {
  const facts = Object.entries(demand.fields).map(([name, value]) => fact(t(`point.${name}`), value))
  return card(t('demand.words'), h('p.row-text', {}, demand.need), facts.length > 0 && h('dl.facts', {}, facts))
}

function visible(demand, hide) {
  return card(
    t('demand.public'),
    demand.publicText === null
      ? h('p.quiet-text', {}, t('demand.not_public'))
      : [
          h(
            'p.case-meta',
            {},
            badge(t(`publish.${demand.publicForm}`), 'info'),
            demand.board !== null && badge(t(`publish.board.${demand.board}`), 'info'),
            demand.openUntil !== null && h('span.quiet-text', {}, t('demand.until', { day: demand.openUntil })),
          ),
          h('p.row-text', {}, demand.publicText),
        ],
    demand.confidential.length > 0 && h('p.quiet-text', {}, `${t('demand.confidential')}：${demand.confidential.join('、')}`),
    button(t('demand.hide'), hide),
  )
}

function known({ matches, offers }) {
  if (matches.length + offers.length === 0) return null
  return [
    offers.length > 0 &&
      card(
        t('demand.offered'),
        h(
          'ul.plain-list.people',
          {},
          offers.map((each) =>
            h(
              'li',
              {},
              h('strong', {}, each.who),
              ' ',
              each.ticket !== null && h('a', { href: `#/case/${each.ticket}` }, t('demand.offer_case', { id: each.ticket })),
              h('p', {}, each.words),
            ),
          ),
        ),
      ),
    matches.length > 0 &&
      card(
        t('demand.matched'),
        matches.map((each) =>
          h(
            'details',
            {},
            h('summary', {}, h('span.row-title', {}, `A${each.achievement} ${each.title}`)),
            h('p.row-text', {}, each.why),
            h('a', { href: `#/achievement/${each.achievement}` }, `A${each.achievement}`),
          ),
        ),
      ),
  ]
}

/**
 * How and in which words it is published, with what everybody will read; the words begin as those of the demand without what tells who asks.
 */
function publishing(path, { demand, drafts }) {
  const choice = (names, words) =>
    h(
      'select',
      {},
      names.map((each) => h('option', { value: each }, t(words + each))),
    )
  const form = choice(['anonymous', 'open'], 'publish.')
  if (demand.anonymous) form.disabled = true
  const board = choice(['', 'enterprise', 'park'], 'publish.board.')
  const until = h('input', { type: 'date' })
  const text = h('textarea', { rows: '6', maxlength: '2000' })
  const preview = h('p.row-text.preview', { aria: { live: 'polite' } })
  const words = () => ({ form: form.value, text: text.value.trim() || null })
  // Of which words the preview is.
  let seen = ''
  let readable = false
  const show = (of, draft) => {
    seen = JSON.stringify(of)
    readable = draft.code === 'ok'
    preview.textContent = readable ? draft.text : refusedWords({ code: `step_${draft.code}`, body: draft })
  }
  const renew = async () => {
    const of = words()
    const draft = await send(`${path}/preview`, of)
    if (JSON.stringify(of) === JSON.stringify(words())) show(of, draft)
  }
  const start = () => {
    text.value = drafts[form.value].text ?? ''
    text.placeholder = drafts[form.value].code === 'ok' ? '' : t('publish.needs_text')
    show(words(), drafts[form.value])
  }
  form.addEventListener('change', start)
  let pause
  text.addEventListener('input', () => {
    clearTimeout(pause)
    pause = setTimeout(() => renew().catch(() => {}), 400) // sending asks again
  })
  start()
  return {
    body: [
      field(t('publish.form'), form),
      field(t('publish.text'), text, t('publish.text_hint')),
      h('div.field', {}, h('span', {}, t('publish.preview')), preview),
      field(t('publish.board'), board),
      field(t('publish.until'), until),
    ],
    /** Without words of one's own those that were read. */
    read: () => ({
      ...{ form: form.value, text: words().text ?? preview.textContent },
      ...{ board: board.value || null, until: until.value || null },
    }),
    /** Words that ask to look first, when what is about to be published is not what stands in the preview. */
    unseen: async () => {
      const isSeen = seen === JSON.stringify(words())
      if (!isSeen) await renew()
      if (!readable) return preview.textContent
      return isSeen ? null : t('publish.look_first')
    },
  }
}
