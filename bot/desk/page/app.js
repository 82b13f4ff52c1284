import { Refused, read, send } from './api.js'
import { announce, fill, h, toast } from './dom.js'
import { listen, setKeys } from './keys.js'
import { drawMenu, drawShell, drawSignedOut } from './shell.js'
import { eventView } from './views/agenda/event.js'
import { agendaView } from './views/agenda/list.js'
import { callsView } from './views/calls.js'
import { caseView } from './views/case/case.js'
import { casesView } from './views/cases.js'
import { achievementsView, achievementView } from './views/chain/achievements.js'
import { demandView } from './views/chain/demand.js'
import { demandsView } from './views/chain/demands.js'
import { controlsView } from './views/controls.js'
import { helpDialog } from './views/help.js'
import { faqView, gapsView } from './views/knowledge.js'
import { libraryView } from './views/library.js'
import { peopleView } from './views/people.js'
import { recallsView } from './views/recalls.js'
import { reviewView } from './views/review.js'
import { reviewListView } from './views/review-list.js'
import { sourceView } from './views/source.js'
import { setNow, switchLanguage, t } from './words.js'

/** Page → who sees it in the menu, and what shows it. The server decides what anybody really gets. */
const pages = {
  queue: { menu: ['broker', 'lead'], count: 'queue', view: casesView('queue') },
  mine: { menu: ['broker', 'lead'], count: 'mine', view: casesView('mine') },
  others: { menu: ['lead'], count: 'others', view: casesView('others') },
  calls: { menu: ['broker', 'lead'], count: 'calls', view: callsView },
  closed: { menu: ['broker', 'lead'], view: casesView('closed') },
  demands: { menu: ['broker', 'lead', 'staff'], count: 'demands', view: demandsView },
  demand: { view: demandView, under: 'demands' },
  achievements: { menu: ['broker', 'lead', 'staff'], view: achievementsView },
  achievement: { view: achievementView, under: 'achievements' },
  case: { view: caseView, under: 'mine' },
  source: { view: sourceView, under: 'library' },
  review: {
    menu: ['lead', 'staff'],
    count: 'review',
    view: (place, arg, context) => (arg[0] ? reviewView : reviewListView)(place, arg, context),
  },
  agenda: { menu: ['broker', 'lead', 'staff'], view: agendaView },
  event: { view: eventView, under: 'agenda' },
  library: { menu: ['broker', 'lead', 'staff'], view: libraryView },
  faq: { menu: ['lead', 'staff'], count: 'faq', view: faqView },
  recalls: { menu: ['broker', 'lead'], count: 'recalls', view: recallsView },
  gaps: { menu: ['broker', 'lead', 'staff'], view: gapsView },
  controls: { menu: ['lead', 'staff'], view: controlsView },
  people: { menu: ['lead'], view: peopleView },
}

const state = { me: null, counts: {}, shown: null, stream: null, turn: 0 }

function route() {
  const [name = '', ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decode)
  const start = state.me.role === 'staff' ? 'review' : 'queue'
  return Object.hasOwn(pages, name) ? { name, rest } : { name: start, rest: [] }
}

function decode(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

/** Shows the page in the address. A slow page that was left meanwhile is not shown any more. */
async function show() {
  state.turn += 1
  const turn = state.turn
  const { name, rest } = route()
  const main = document.getElementById('main')
  main.setAttribute('aria-busy', 'true')
  setKeys({})
  const place = h('div.view', { data: { page: name } })
  const alive = () => turn === state.turn
  try {
    state.shown?.leave?.()
    state.shown = null
    const shown = (await pages[name].view(place, rest, { me: state.me, alive, again: show })) ?? {}
    if (!alive()) return shown.leave?.()
    state.shown = shown
    setKeys(shown.keys ?? {})
  } catch (error) {
    if (!alive()) return
    fill(place, problem(error))
  }
  main.removeAttribute('aria-busy')
  fill(main, place)
  state.shown?.shown?.()
  const title = place.querySelector('h1')?.textContent ?? t('title')
  document.title = `${title} · ${t('brand')}`
  menu()
  announce(title)
}

function problem(error) {
  if (error instanceof Refused && error.status === 401) return void signedOut()
  if (!(error instanceof Refused)) reportError(error)
  const words = t(`error.${error instanceof Refused ? error.code : 'failed'}`)
  return h('div.empty', {}, h('h1', {}, words), h('p', {}, h('a', { href: '#/' }, t('back_to_start'))))
}

function menu() {
  const { name } = route()
  const links = Object.entries(pages).filter(([, page]) => page.menu?.includes(state.me.role))
  drawMenu(
    links.map(([key, page]) => ({
      key,
      count: state.counts[page.count] ?? 0,
      current: key === name || pages[name]?.under === key,
    })),
  )
}

function other() {
  switchLanguage()
  drawShell(state.me, { other, signOut, duty })
  void show()
}

/** Keeps what is being read or written. */
async function duty() {
  const { present } = await send('duty', { present: !state.me.present })
  state.me.present = present
  const button = document.querySelector('.who-buttons [aria-pressed]')
  button.setAttribute('aria-pressed', String(present))
  button.textContent = t(present ? 'duty.on' : 'duty.off')
  toast(t(present ? 'duty.now_on' : 'duty.now_off'))
}

async function signOut() {
  await send('sign-out').catch(() => undefined)
  signedOut()
}

function signedOut() {
  state.stream?.close()
  state.turn += 1
  drawSignedOut()
}

async function refreshCounts() {
  const said = await read('counts').catch(() => null)
  if (said === null) return
  state.counts = said
  menu()
}

/** Receives events; the browser reconnects by itself and states the last id it saw. */
function connect() {
  const stream = new EventSource('/desk/api/events')
  state.stream = stream
  stream.addEventListener('open', () => {
    document.getElementById('offline').hidden = true
    void changed({ topic: 'all' })
  })
  stream.addEventListener('change', (event) => void changed(JSON.parse(event.data)))
  stream.addEventListener('reset', () => void changed({ topic: 'all' }))
  stream.addEventListener('error', () => {
    document.getElementById('offline').hidden = false
    if (stream.readyState === EventSource.CLOSED) setTimeout(restart, 3000)
  })
}

/** The server closed the stream for good: signed out, or too many pages are open. */
async function restart() {
  const me = await read('me').catch((error) => error)
  if (me instanceof Refused && me.status === 401) return signedOut()
  connect()
}

let waiting = null
/** Events of one moment are handled together. */
function changed(change) {
  if (waiting !== null) {
    waiting.push(change)
    return
  }
  waiting = [change]
  setTimeout(async () => {
    const changes = waiting
    waiting = null
    await refreshCounts()
    await Promise.resolve(state.shown?.changed?.(changes)).catch(complain)
  }, 120)
}

function complain(error) {
  if (!(error instanceof Refused)) throw error
  if (error.status === 401) signedOut()
  else if (error.status !== 0) toast(t(`error.${error.code}`), 'bad')
}

async function start() {
  try {
    state.me = await read('me')
  } catch (error) {
    if (error instanceof Refused && error.status === 0) return setTimeout(start, 2000)
    return signedOut()
  }
  setNow(state.me.now)
  drawShell(state.me, { other, signOut, duty })
  listen({
    '?': helpDialog,
    u: () => history.back(),
    1: () => (location.hash = '#/queue'),
    2: () => (location.hash = '#/mine'),
    3: () => (location.hash = '#/review'),
  })
  addEventListener('hashchange', () => void show())
  addEventListener('unhandledrejection', (event) => {
    if (event.reason instanceof Refused) {
      event.preventDefault()
      complain(event.reason)
    }
  })
  await show()
  connect()
}

void start()
