import { read, send } from '../api.js'
import { ask, fill, h, toast } from '../dom.js'
import { language, t, time } from '../words.js'
import { badge, button, channelName, empty, field, head } from './parts.js'

/** Answers that no longer hold: who was told what, and whether to correct it. Everybody is told once, in their own chat. */
export async function recallsView(place, _, { alive }) {
  async function refresh() {
    const said = await read('recalls')
    if (alive()) draw(said)
  }

  async function decide(each) {
    const { recipients, standing } = await read(`recalls/${each.id}`)
    const wording = h('textarea', { rows: '4', maxlength: '1000', placeholder: t('recalls.standing') })
    const body = [
      each.clauses.map(
        ({ clause, nowSays }) =>
          nowSays !== null && h('p', {}, h('strong', {}, each.clauses.length > 1 ? clause : '', t('recalls.now')), ' ', nowSays),
      ),
      h('h3', {}, t('recalls.people', { n: recipients.length })),
      h('ul.plain-list.people', {}, recipients.map(recipient)),
      field(t('recalls.wording'), wording),
      standing[language] !== null && h('p.quiet-text', {}, t('recalls.wording_hint')),
      standing[language] !== null && h('blockquote.standing', {}, standing[language]),
    ]
    const given = await ask(`《${each.title}》${each.clause ?? ''}`, body, {
      submit: t('recalls.confirm', { n: recipients.length }),
      cancel: t('cancel'),
      read: () => ({ wording: wording.value.trim() === '' ? null : wording.value.trim() }),
    })
    if (given === null) return
    const { chats } = await send(`recalls/${each.id}/confirm`, given)
    toast(t('recalls.confirmed', { n: chats }))
    await refresh()
  }

  /** It cannot be undone, so one slip of the finger must not do it. */
  async function dismiss(each) {
    const sure = await ask(`《${each.title}》${each.clause ?? ''}`, h('p', {}, t('recalls.dismiss_what', { n: each.people })), {
      submit: t('recalls.dismiss'),
      cancel: t('cancel'),
      danger: true,
    })
    if (sure === null) return
    await send(`recalls/${each.id}/dismiss`)
    toast(t('recalls.dismissed'))
    await refresh()
  }

  const draw = ({ proposed, confirmed }) =>
    fill(
      place,
      head(t('menu.recalls'), null, t('recalls.sub')),
      proposed.length === 0
        ? empty(t('recalls.empty'), t('recalls.empty_more'))
        : h(
            'ol.rows',
            {},
            proposed.map((each) =>
              row(each, [
                button(t('recalls.dismiss'), () => dismiss(each)),
                button(t('recalls.look'), () => decide(each), 'primary'),
              ]),
            ),
          ),
      confirmed.length > 0 && h('h2.section-title', {}, t('recalls.done'), h('span.count', {}, confirmed.length)),
      confirmed.length > 0 &&
        h(
          'ol.rows',
          {},
          confirmed.map((each) =>
            row(each, [badge(t('recalls.told', { n: each.told, of: each.people }), each.told < each.people ? 'warn' : 'ok')]),
          ),
        ),
    )
  draw(await read('recalls'))
  return { changed: refresh }
}

function row(each, buttons) {
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      { tabindex: '0', data: { row: each.id } },
      h('span.row-top', {}, badge(t(`cause.${each.cause}`), 'bad')),
      h('span.row-title', {}, `《${each.title}》${each.clause ?? ''}`),
      h('span.row-sub', {}, h('span', {}, t('recalls.people', { n: each.people })), h('span', {}, time(each.createdAt))),
    ),
    h('div.row-side.buttons', {}, buttons),
  )
}

function recipient(each) {
  return h(
    'li',
    {},
    h('strong', {}, each.personName ?? t('nameless')),
    ' ',
    h('span.quiet-text', {}, `${channelName(each.chat)} · ${time(each.at)}`),
    h('p', {}, each.question),
  )
}
