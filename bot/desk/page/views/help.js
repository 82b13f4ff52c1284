import { h } from '../dom.js'
import { t } from '../words.js'

const lines = ['j', 'k', 'Enter', 'c', 'r', 'n', 't', 'x', 'u', '1', 'Esc', '?']

/** What the keys do. */
export function helpDialog() {
  if (document.querySelector('dialog[open]') !== null) return
  const dialog = h(
    'dialog.ask',
    { aria: { label: t('help') }, onclose: () => dialog.remove() },
    h('h2', {}, t('help')),
    h(
      'dl.keys',
      {},
      lines.flatMap((key) => [h('dt', {}, h('kbd', {}, key === '1' ? '1 2 3' : key)), h('dd', {}, t(`key.${key}`))]),
    ),
    h('div.ask-buttons', {}, h('button.primary', { type: 'button', autofocus: true, onclick: () => dialog.close() }, t('ok'))),
  )
  document.body.append(dialog)
  dialog.showModal()
}
