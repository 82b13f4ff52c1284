import { h } from '../dom.js'
import { t, time, until } from '../words.js'

/** A short coloured word; `kind` is `ok`, `warn`, `bad`, `info` or `plain`. */
export const badge = (words, kind = 'plain', props = {}) => h(`span.badge.${kind}`, props, words)

const stateKinds = { waiting: 'warn', claimed: 'info', closed: 'plain' }
export const stateBadge = (ticket) => badge(t(`state.${ticket.state}`), stateKinds[ticket.state])

const endKinds = { nobody: 'bad', broker: 'plain', person_left: 'info' }
/** How a case ended: a person closed it, nobody took it, or the enterprise left. */
export const endBadge = ({ closedHow }) => badge(t(`closed_how.${closedHow ?? 'broker'}`), endKinds[closedHow] ?? 'plain')

const statusKinds = { effective: 'ok', expiring: 'warn', scheduled: 'info' }
/** Whether a document may be relied on, in words and colour. */
export const statusBadge = (status) => badge(t(`status.${status}`), statusKinds[status] ?? 'bad')

/** `还剩 12 分钟`: counts down while it is shown. */
export function deadline(at, label) {
  if (at === null || at === undefined) return null
  const made = h('span.deadline', { data: { until: at, label: label ?? '' }, title: time(at) })
  tick(made)
  return made
}

/** What a case waits for; until the first answer against the first promise, however often a later one was made since. */
export function waitsFor({ firstReplyAt, firstPromisedAt, promisedAt, followUpAt }) {
  return deadline(firstReplyAt === null ? (firstPromisedAt ?? promisedAt) : followUpAt)
}

function tick(each) {
  const { words, urgency } = until(each.dataset.until)
  each.textContent = each.dataset.label === '' ? words : `${each.dataset.label} ${words}`
  each.className = `deadline ${urgency}`
}
setInterval(() => {
  for (const each of document.querySelectorAll('[data-until]')) tick(each)
}, 10_000)

/** The heading of a page with its actions. */
export function head(title, extra = null, sub = null) {
  return h(
    'div.page-head',
    {},
    h('div', {}, h('h1', {}, title), sub !== null && h('p.quiet-text', {}, sub)),
    extra !== null && h('div.page-actions', {}, extra),
  )
}

export const empty = (words, more = null) => h('div.empty', {}, h('p', {}, words), more !== null && h('p.quiet-text', {}, more))

export function card(title, ...body) {
  return h('section.card-box', {}, title !== null && h('h2', {}, title), body)
}

/** Name and value; nothing when there is no value. */
export function fact(name, value) {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return null
  return h('div.fact', {}, h('dt', {}, name), h('dd', {}, value))
}

export function button(words, press, kind = 'quiet', props = {}) {
  const made = h(`button.${kind}`, { type: 'button', ...props }, words)
  made.addEventListener('click', async () => {
    made.disabled = true
    try {
      await press()
    } finally {
      made.disabled = false
    }
  })
  return made
}

/** An input with its label above it. */
export function field(label, input, hint = null) {
  return h('label.field', {}, h('span', {}, label), input, hint !== null && h('small', {}, hint))
}

/** `telegram:42` → the platform's name. */
export function channelName(chat) {
  return t(`channel.${String(chat).split(':')[0]}`)
}

export const sourceLink = (document, passage) =>
  `#/source/${encodeURIComponent(document)}${passage ? `/${encodeURIComponent(passage)}` : ''}`
