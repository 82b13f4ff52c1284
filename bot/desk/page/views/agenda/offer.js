import { send } from '../../api.js'
import { h, toast } from '../../dom.js'
import { t } from '../../words.js'
import { button } from '../parts.js'

/** A document that announces one event: what would be registered, and one click to do so. */
export function eventOffer(document, event) {
  if (event === null) return null
  const take = async () => {
    await send(`documents/${encodeURIComponent(document)}/event`)
    toast(t('event.taken'))
  }
  const cells = Object.entries(event).map(([label, cell]) => `${label}：${cell}`)
  return h(
    'div.note-box',
    {},
    h('p', {}, t('event.noticed')),
    h('p.row-text', {}, cells.join('\n')),
    button(t('event.take'), take, 'primary'),
  )
}
