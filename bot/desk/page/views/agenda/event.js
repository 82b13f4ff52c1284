import { read, send } from '../../api.js'
import { ask, fill, h, toast } from '../../dom.js'
import { now, t, time } from '../../words.js'
import { badge, button, card, empty, fact, field, head } from '../parts.js'
import { badges } from './list.js'
import { eventTime } from './when.js'

/** One event: what is known of it, who signed up, and what became of it. */
export async function eventView(place, [id], { me, alive }) {
  async function refresh() {
    const said = await read(`agenda/${id}`)
    if (alive()) draw(said)
  }

  async function cancel(event) {
    const why = h('input', { maxlength: '200', autofocus: true })
    const given = await ask(
      t('event.cancel_title', { title: event.title }),
      [h('p', {}, t('event.cancel_what', { n: event.taken + event.waiting })), field(t('event.why'), why)],
      { submit: t('event.cancel'), cancel: t('cancel'), danger: true, read: () => ({ evidence: why.value.trim() || null }) },
    )
    if (given === null) return
    await send(`agenda/${id}/cancel`, given)
    toast(t('event.cancelled'))
    await refresh()
  }

  const draw = ({ event, signups, trained, brokers, steps }) => {
    const begun = new Date(event.startsAt) <= now()
    const mayCancel = me.role !== 'broker' && event.ahead && event.state !== 'cancelled' && event.state !== 'held'
    fill(
      place,
      h('p', {}, h('a', { href: '#/agenda' }, t('event.back'))),
      head(event.title, mayCancel ? button(t('event.cancel'), () => cancel(event)) : null),
      h('p.row-top', {}, badges(event)),
      !event.listed && h('p.quiet-text', {}, t('event.unlisted_what')),
      facts(event, trained),
      begun && event.state !== 'cancelled' && holdCard({ event, signups, trained, brokers }, refresh),
      list(event, signups),
      card(t('event.steps'), h('ol.rows', {}, steps.map(step))),
    )
  }
  draw(await read(`agenda/${id}`))
  // What somebody is filling in must not be drawn anew under their hands.
  return { changed: () => (place.querySelector('form') === null ? refresh() : undefined) }
}

function facts(event, trained) {
  const { details } = event
  return card(
    null,
    h(
      'dl.facts',
      {},
      fact(t('event.time'), eventTime(event)),
      fact(t('event.place'), event.place),
      fact(t('event.link'), details.link),
      fact(
        t('event.closes'),
        event.closesAt === null ? null : eventTime({ startsAt: event.closesAt, endsAt: null, dayOnly: false }),
      ),
      fact(t('event.seats'), event.seats ?? t('event.no_limit')),
      fact(t('event.organiser'), details.organiser),
      fact(t('event.audience'), details.audience),
      fact(t('event.contact'), details.contact),
      fact(t('event.summary'), details.summary),
      fact(t('event.attendance'), event.attendance),
      fact(t('event.trained'), trained.join('、')),
    ),
  )
}

/** Who came may be marked on the list, or counted. */
function holdCard({ event, signups, trained, brokers }, refresh) {
  const count = h('input', { type: 'number', min: '0', max: '100000', value: event.attendance ?? '' })
  const proof = h('input', { maxlength: '500', placeholder: t('event.proof_example') })
  const came = signups.filter((each) => each.state === 'in').map((each) => ({ each, box: box(each.attended === true) }))
  const learned = brokers.map((each) => ({ each, box: box(trained.includes(each.name)) }))
  const marked = (list) => list.filter(({ box }) => box.checked).map(({ each }) => each.id)
  const form = h(
    'form.stack',
    {
      onsubmit: async (submitted) => {
        submitted.preventDefault()
        const given = {
          attendance: count.value === '' ? null : Number(count.value),
          evidence: proof.value.trim() || null,
          // Nothing was marked, and nothing is: only the number counts.
          attended: marked(came).length > 0 || signups.some((each) => each.attended !== null) ? marked(came) : null,
          trained: marked(learned),
        }
        if (!(await recorded(event, given))) return
        toast(t('event.held'))
        await refresh()
      },
    },
    came.length > 0 &&
      group(
        t('event.who_came'),
        came.map(({ each, box }) =>
          choice(box, `${each.name ?? t('nameless')} ${each.company ?? ''} ${t('event.people', { n: each.people })}`),
        ),
      ),
    field(t('event.attendance'), count, t('event.attendance_hint')),
    learned.length > 0 &&
      group(
        t('event.trained'),
        learned.map(({ each, box }) => choice(box, each.name)),
      ),
    field(t('event.proof'), proof),
    h('div', {}, h('button.primary', { type: 'submit' }, t(event.state === 'held' ? 'event.correct' : 'event.hold'))),
  )
  return card(t(event.state === 'held' ? 'event.held_title' : 'event.hold_title'), form)
}

/** More people than twice the places may be a slip. @returns whether it was recorded */
async function recorded(event, given) {
  const crowded = event.seats !== null && (given.attendance ?? 0) > 2 * event.seats
  const words = h('p', {}, t('event.crowded', { n: given.attendance ?? 0, seats: event.seats ?? 0 }))
  if (crowded && (await ask(t('event.crowded_title'), [words], { submit: t('event.hold'), cancel: t('cancel') })) === null)
    return false
  await send(`agenda/${event.id}/hold`, { ...given, sure: crowded })
  return true
}

const box = (checked) => h('input', { type: 'checkbox', checked })
const choice = (input, words) => h('label.choice', {}, input, ' ', words.trim())
const group = (title, choices) => h('fieldset.choices', {}, h('legend', {}, title), choices)

function list(event, signups) {
  const download = h(
    'a.button',
    { href: `/desk/api/agenda/${event.id}/list`, download: `${event.title}.csv` },
    t('event.download'),
  )
  return card(
    t('event.signups', { n: signups.length }),
    signups.length === 0 ? empty(t('event.nobody')) : [h('p', {}, download), h('ol.rows', {}, signups.map(signupRow))],
  )
}

function signupRow(each) {
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      { data: { row: each.id }, tabindex: '0' },
      h(
        'span.row-top',
        {},
        badge(t(`signup.${each.state}`), each.state === 'in' ? 'ok' : 'warn'),
        each.attended === true && badge(t('event.there'), 'info'),
      ),
      h('span.row-title', {}, each.name ?? t('event.erased')),
      h(
        'span.row-sub',
        {},
        each.company !== null && h('span', {}, each.company),
        h('span', {}, t('event.people', { n: each.people })),
        each.position !== null && h('span', {}, each.position),
        each.phone !== null && h('span', {}, each.phone),
        h('span', {}, time(each.at)),
      ),
    ),
  )
}

/** Who took a step, when, and what proves it; the evidence of what a table says is only a time. */
function step(each) {
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      {},
      h('span.row-title', {}, t(`event_step.${each.stage}`)),
      h(
        'span.row-sub',
        {},
        h('span', {}, each.by ?? t('event.by_table')),
        h('span', {}, time(each.at)),
        each.by !== null && each.evidence !== null && h('span', {}, each.evidence),
      ),
    ),
  )
}
