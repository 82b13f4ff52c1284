import { read, send } from '../api.js'
import { fill, h, toast } from '../dom.js'
import { t, time } from '../words.js'
import { button, card, field, head } from './parts.js'

/** Topics closed for the bot, and which accounts are verified for which enterprise. Both take effect with the next question. */
export async function controlsView(place, _, { alive }) {
  async function refresh() {
    const said = await read('controls')
    if (alive()) draw(said)
  }

  async function change(path, body, words) {
    await send(path, body)
    toast(words)
    await refresh()
  }

  const draw = ({ topics, verified }) =>
    fill(
      place,
      head(t('menu.controls'), null, t('controls.sub')),
      topicsCard(topics, change),
      verifiedCard(verified, change),
      elsewhere(),
    )
  draw(await read('controls'))
  return {}
}

function topicsCard(topics, change) {
  const words = h('input', { name: 'words', required: true, minlength: '2', maxlength: '60', placeholder: t('topics.example') })
  return card(
    t('topics.title'),
    h('p.quiet-text', {}, t('topics.what')),
    h(
      'ul.plain-list.settings',
      {},
      topics.map((each) =>
        h(
          'li',
          {},
          h('strong', {}, each.words),
          h('span.quiet-text', {}, t('topics.since', { at: time(each.closedAt) })),
          button(
            t('topics.open'),
            () => change('topics', { words: each.words, closed: false }, t('topics.opened', { words: each.words })),
            'quiet',
          ),
        ),
      ),
    ),
    formOf([field(t('topics.words'), words, t('topics.hint'))], t('topics.close'), () =>
      change('topics', { words: words.value.trim(), closed: true }, t('topics.closed', { words: words.value.trim() })),
    ),
  )
}

function verifiedCard(verified, change) {
  const account = h('input', { name: 'account', required: true, maxlength: '220', placeholder: 'telegram:42' })
  const enterprise = h('input', { name: 'enterprise', required: true, minlength: '2', maxlength: '80' })
  return card(
    t('verified.title'),
    h('p.quiet-text', {}, t('verified.what')),
    h(
      'ul.plain-list.settings',
      {},
      verified.map((each) =>
        h(
          'li',
          {},
          h('strong', {}, each.enterprise),
          h('span.quiet-text', {}, `${each.account} · ${time(each.verifiedAt)}`),
          button(
            t('verified.revoke'),
            () => change('verified/revoke', { account: each.account }, t('verified.revoked')),
            'quiet',
          ),
        ),
      ),
    ),
    formOf([field(t('verified.account'), account), field(t('verified.enterprise'), enterprise)], t('verified.add'), () =>
      change('verified', { account: account.value.trim(), enterprise: enterprise.value.trim() }, t('verified.added')),
    ),
  )
}

function elsewhere() {
  return card(
    t('controls.documents'),
    h('p', {}, t('controls.documents_what')),
    h('p', {}, h('a', { href: '#/library' }, t('menu.library'))),
  )
}

function formOf(fields, words, submit) {
  return h(
    'form.inline-form',
    {
      onsubmit: (event) => {
        event.preventDefault()
        void submit()
      },
    },
    fields,
    h('button.primary', { type: 'submit' }, words),
  )
}
