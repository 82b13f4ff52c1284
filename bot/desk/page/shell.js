import { fill, h } from './dom.js'
import { helpDialog } from './views/help.js'
import { language, t } from './words.js'

/** The frame around every page: skip link, menu, who is signed in. */
export function drawShell(me, { other, signOut, duty }) {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  const app = document.getElementById('app')
  app.className = 'shell'
  app.removeAttribute('aria-busy')
  fill(
    app,
    h('a.skip', { href: '#main', onclick: toMain }, t('skip')),
    h(
      'header.side',
      {},
      h(
        'a.brand',
        { href: '#/', aria: { label: t('brand') } },
        h('img', { src: '/desk/page/icon.svg', alt: '', width: 28, height: 28 }),
        h('span', {}, t('brand')),
      ),
      h('nav', { id: 'menu', aria: { label: t('menu') }, onscroll: markMore }),
      h(
        'div.who',
        {},
        h('div', {}, h('strong', {}, me.name), h('span.quiet-text', {}, t(`role.${me.role}`))),
        h(
          'div.who-buttons',
          {},
          me.present !== null && dutyButton(me, duty),
          h(
            'button.quiet.small',
            { type: 'button', onclick: other, lang: language === 'zh' ? 'en' : 'zh-CN' },
            t('other_language'),
          ),
          h('button.quiet.small', { type: 'button', onclick: helpDialog, aria: { label: t('help') } }, '?'),
          h('button.quiet.small', { type: 'button', onclick: signOut }, t('sign_out')),
        ),
      ),
    ),
    h('main', { id: 'main', tabindex: '-1' }),
    h('p.offline', { id: 'offline', role: 'status', hidden: true }, t('lost')),
  )
}

/** Switches duty on or off; going off returns to the queue the cases in which somebody waits. */
function dutyButton(me, duty) {
  return h(
    'button.quiet.small',
    { type: 'button', onclick: duty, aria: { pressed: String(me.present) }, title: t('duty.what') },
    t(me.present ? 'duty.on' : 'duty.off'),
  )
}

function toMain(event) {
  event.preventDefault()
  document.getElementById('main').focus()
}

/** @param {{ key: string, count: number, current: boolean }[]} links */
export function drawMenu(links) {
  fill(
    document.getElementById('menu'),
    links.map(({ key, count, current }) =>
      h(
        'a.menu-link',
        { href: `#/${key}`, aria: current ? { current: 'page' } : {} },
        h('span', {}, t(`menu.${key}`)),
        count > 0 && h(`span.count${key === 'queue' ? '.hot' : ''}`, { aria: { label: t('count', { n: count }) } }, count),
      ),
    ),
  )
  // On a narrow page the menu is a strip; the current page stays in view.
  document.querySelector('.menu-link[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  markMore()
}

/** On a telephone the strip shows no scroll bar, so each end says whether more lies beyond it. */
function markMore() {
  const strip = document.getElementById('menu')
  strip.dataset.before = String(strip.scrollLeft > 6)
  strip.dataset.after = String(strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 6)
}

/** What signed-out people see: how to get a link. */
export function drawSignedOut() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.body.className = 'door'
  const app = document.getElementById('app')
  app.className = ''
  app.removeAttribute('aria-busy')
  fill(
    app,
    h(
      'main.card',
      {},
      h('img', { src: '/desk/page/icon.svg', alt: '', width: 48, height: 48 }),
      h('h1', {}, t('signed_out.title')),
      h('p', {}, t('signed_out.how')),
      h('p', {}, t('signed_out.chat')),
      h('p', {}, h('code', {}, 'npm run people -- link ID')),
      h('p.quiet-text', {}, t('signed_out.once')),
    ),
  )
}
