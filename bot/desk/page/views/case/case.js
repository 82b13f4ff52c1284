import { newKey, Refused, read, send } from '../../api.js'
import { announce, fill, h, toast } from '../../dom.js'
import { t } from '../../words.js'
import { claimCase } from '../cases.js'
import { badge, button, channelName, endBadge, stateBadge, waitsFor } from '../parts.js'
import { caseActions } from './actions.js'
import { caseAside } from './aside.js'
import { caseKeeping } from './keeping.js'
import { transcript } from './transcript.js'

/** One case: the transcript so far, the reply box, and beside them everything a broker should know. */
export async function caseView(place, [id = ''], { me, alive, again }) {
  const open = { id, me, alive, shown: await read(`cases/${encodeURIComponent(id)}`), unsent: null, draft: replyBox() }
  open.lines = transcript(open.shown, { judge: (answer, verdict) => judge(open, answer, verdict) })
  open.header = h('header.case-head')
  open.composer = h('div.composer')
  open.held = h('p.held', { role: 'status', hidden: true })
  open.aside = h('aside.case-aside', { id: 'facts', aria: { label: t('case.facts') } })
  const doing = { id, act: (action, tell) => act(open, action, { tell }), ticket: () => open.shown.ticket }
  open.actions = { ...caseActions(doing), ...caseKeeping(doing) }
  open.draft.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) void say(open, 'reply')
  })
  drawHead(open)
  drawComposer(open)
  drawAside(open)
  const talk = h('section.case-talk', { id: 'talk', aria: { label: t('case.talk') } }, open.lines.node, open.composer)
  fill(place, h('div.case', {}, open.header, tabs(place), talk, open.aside))
  return {
    shown: () => open.lines.toEnd(),
    keys: keysOf(open),
    async changed(changes) {
      if (!changes.some((each) => each.topic === 'all' || (each.topic === 'case' && each.id === id))) return
      await refresh(open).catch((error) => (error instanceof Refused && error.status === 404 ? again() : Promise.reject(error)))
    },
  }
}

function replyBox() {
  return h('textarea', { rows: '3', maxlength: '4000', aria: { label: t('reply.label') }, placeholder: t('reply.hint') })
}

function keysOf(open) {
  const write = () => open.draft.isConnected && open.draft.focus()
  return {
    c: () => open.shown.ticket.state === 'waiting' && void claim(open),
    r: write,
    n: write,
    t: () => mayAct(open) && void open.actions.transfer(),
    x: () => mayAct(open) && void open.actions.close(),
  }
}

const mayAct = ({ shown: { ticket }, me }) => ticket.state === 'claimed' && (ticket.owner === me.id || me.role === 'lead')

/** Every change to a case goes through here; a refusal says why and shows the case as it is now. */
async function act(open, action, { key = newKey(), tell = (words) => toast(words, 'bad') } = {}) {
  try {
    const done = await send(`cases/${open.id}/action`, { key, action })
    return done.code === 'pending' ? await result(open, key) : done
  } catch (error) {
    if (!(error instanceof Refused) || !(error.status === 409 || error.code === 'failed')) throw error
    tell(t(error.code === 'failed' ? 'given_up' : `error.${error.code}`, { name: error.body.owner?.name ?? '' }))
    await refresh(open)
    return null
  }
}

/** Stored but not done yet: the page says so and waits, with the words still in the box, until the outcome is known. */
async function result(open, key) {
  toast(t('pending'))
  for (;;) {
    const done = await read(`cases/${open.id}/result?key=${key}`)
    if (done.code !== 'pending' || !open.alive()) return done
  }
}

async function judge(open, answer, verdict) {
  if ((await act(open, { do: 'verdict', answer, verdict })) === null) return false
  toast(t('verdict.noted'))
  return true
}

async function claim(open) {
  if (await claimCase(open.id)) await refresh(open)
}

/** The same words keep their key until they have arrived, so that a retry cannot say them twice. */
async function say(open, what) {
  const words = open.draft.value.trim()
  const text = words.replace(/^[/／]\s*note\s+/i, '')
  if (text === '') return open.draft.focus()
  if (text !== words) what = 'note'
  if (open.unsent?.text !== text || open.unsent.what !== what) open.unsent = { text, what, key: newKey() }
  if ((await act(open, { do: what, text }, { key: open.unsent.key })) === null) return
  open.unsent = null
  open.draft.value = ''
  await refresh(open)
  announce(t(what === 'note' ? 'note.done' : open.shown.ticket.held > 0 ? 'reply.waits' : 'reply.done'))
  open.draft.focus()
}

/** Adds what is new since the last look; what is on the page stays. */
async function refresh(open) {
  const last = open.lines.last()
  const [state, added] = await Promise.all([read(`cases/${open.id}/state`), read(`cases/${open.id}/lines?after=${last}`)])
  if (!open.alive()) return
  open.shown = { ...open.shown, ticket: state.ticket }
  open.lines.add(added.lines)
  drawHead(open)
  drawComposer(open)
  drawAside(open)
}

function drawHead(open) {
  const { ticket } = open.shown
  fill(
    open.header,
    h('a.back', { href: '#/queue', aria: { label: t('back') } }, '‹'),
    h(
      'div.case-title',
      {},
      h('h1', {}, h('span.number', {}, `T${ticket.id}`), ' ', ticket.need || t('erased')),
      h(
        'p.case-meta',
        {},
        ticket.state === 'closed' ? endBadge(ticket) : stateBadge(ticket),
        ticket.priority === 1 && badge(t('priority.1'), 'bad'),
        badge(t(`reason.${ticket.reason}`)),
        h('span.name', {}, ticket.personName ?? t('nameless')),
        h('span.quiet-text', {}, channelName(ticket.chat)),
        ticket.ownerName !== null && h('span.quiet-text', {}, t('owner_is', { name: ticket.ownerName })),
        ticket.state !== 'closed' && waitsFor(ticket),
      ),
    ),
    h(
      'div.case-buttons',
      {},
      ticket.state === 'waiting' && button(t('claim'), () => claim(open), 'primary', { title: 'c' }),
      mayAct(open) && open.actions.buttons(button(t('faq.keep'), open.actions.keep)),
      ticket.state === 'closed' &&
        button(t('reopen'), async () => (await open.actions.reopen()) !== null && (await refresh(open))),
    ),
  )
}

function drawComposer(open) {
  const { state } = open.shown.ticket
  if (mayAct(open)) {
    const { held } = open.shown.ticket
    open.held.hidden = held === 0
    fill(open.held, held > 0 && t('reply.held', { n: held }))
    if (open.composer.contains(open.draft)) return
    fill(
      open.composer,
      open.held,
      open.draft,
      h(
        'div.composer-buttons',
        {},
        h('span.quiet-text.hint', {}, t('reply.keys')),
        button(t('note'), () => say(open, 'note'), 'quiet', { title: t('note.title') }),
        button(t('reply'), () => say(open, 'reply'), 'primary'),
      ),
    )
    return
  }
  const why = { closed: 'case.closed', waiting: 'case.claim_first', claimed: 'case.not_yours' }
  fill(open.composer, h('p.quiet-text', {}, t(why[state])))
}

function drawAside(open) {
  fill(open.aside, caseAside(open.shown), mayAct(open) && button(t('verify'), open.actions.verify))
}

/** On a narrow page transcript and facts take turns. */
function tabs(place) {
  const choose = (facts) => {
    place.classList.toggle('show-facts', facts)
    talk.setAttribute('aria-pressed', String(!facts))
    about.setAttribute('aria-pressed', String(facts))
  }
  const talk = h('button', { type: 'button', aria: { pressed: 'true' }, onclick: () => choose(false) }, t('case.talk'))
  const about = h('button', { type: 'button', aria: { pressed: 'false' }, onclick: () => choose(true) }, t('case.facts'))
  return h('div.case-tabs', {}, talk, about)
}
