import { read } from '../../api.js'
import { ask, h, toast } from '../../dom.js'
import { yuanIn } from '../../money.js'
import { t } from '../../words.js'
import { button, field } from '../parts.js'

const wordy = new Set(['reg_no', 'round'])

/** Transfer, return, close with outcome, reopen: each asks only for what it needs. */
export function caseActions({ id, act, ticket }) {
  async function transfer() {
    const { people } = await read('colleagues')
    const others = people.filter((each) => each.id !== ticket().owner)
    if (others.length === 0) return toast(t('transfer.nobody'), 'bad')
    const choice = h(
      'select',
      { name: 'to', autofocus: true },
      others.map((each) =>
        h(
          'option',
          { value: each.id },
          `${each.name} · ${t(each.onDuty ? 'on_duty' : 'off_duty')} · ${t('load', { n: each.load, of: each.capacity })}`,
        ),
      ),
    )
    const to = await ask(t('transfer.title', { id }), field(t('transfer.to'), choice), {
      submit: t('transfer'),
      cancel: t('cancel'),
      read: () => choice.value,
    })
    if (to !== null && (await act({ do: 'transfer', to })) !== null) {
      toast(t('transfer.done', { id }))
      location.hash = '#/mine'
    }
  }

  async function giveBack() {
    const conflict = h('input', { type: 'checkbox', name: 'conflict' })
    const body = [h('p', {}, t('return.what')), h('label.check', {}, conflict, h('span', {}, t('return.conflict')))]
    const given = await ask(t('return.title', { id }), body, {
      submit: t('return'),
      cancel: t('cancel'),
      read: () => ({ conflict: conflict.checked }),
    })
    if (given === null) return
    if ((await act({ do: 'return', ...(given.conflict ? { conflict: true } : {}) })) !== null) {
      toast(t('return.done', { id }))
      location.hash = '#/queue'
    }
  }

  async function close() {
    const form = outcomeForm(await read('outcomes'))
    /** @returns why it was not closed, which the form stays open for; null when it was */
    const closed = async (given) => {
      const none = Object.entries(given.detail ?? {}).find(([, value]) => value === null)
      let why = none === undefined ? null : t('error.bad_field', { field: t(`figure.${none[0]}`) })
      if (why === null) await act({ do: 'close', ...given }, (words) => (why = words))
      return why
    }
    const options = { submit: t('close'), cancel: t('cancel'), read: form.read, act: closed }
    if ((await ask(t('close.title', { id }), form.node, options)) === null) return
    toast(t('close.done', { id }))
    location.hash = '#/mine'
  }

  return {
    transfer,
    close,
    reopen: () => act({ do: 'reopen' }),
    buttons: (more) => [
      more,
      button(t('transfer'), transfer, 'quiet', { title: 't' }),
      button(t('return'), giveBack),
      button(t('close'), close, 'primary', { title: 'x' }),
    ],
  }
}

/** The outcome, from the server's closed list; amounts only for outcomes that have them. */
function outcomeForm({ groups, figures }) {
  const group = (name, list) =>
    h(
      'optgroup',
      { label: t(`outcome_group.${name}`) },
      list.map((each) => h('option', { value: each }, t(`outcome.${each}`))),
    )
  const outcome = h(
    'select',
    { name: 'outcome', required: true, autofocus: true },
    Object.entries(groups).map(([name, list]) => group(name, list)),
  )
  const more = h('div.figures')
  const note = h('input', { name: 'note', maxlength: '500' })
  const draw = () => {
    more.replaceChildren(
      ...(figures[outcome.value] ?? []).map((name) =>
        field(
          t(`figure.${name}`),
          h('input', {
            name,
            ...(wordy.has(name) ? { maxlength: '40' } : { maxlength: '30', placeholder: t('step.amount_hint') }),
          }),
        ),
      ),
    )
  }
  outcome.addEventListener('change', draw)
  draw()
  return {
    node: [field(t('close.outcome'), outcome), more, field(t('close.note'), note, t('close.note_hint'))],
    read() {
      const detail = {}
      for (const input of more.querySelectorAll('input')) {
        if (input.value.trim() === '') continue
        detail[input.name] = wordy.has(input.name) ? input.value : yuanIn(input.value)
      }
      if (note.value.trim() !== '') detail.note = note.value.trim()
      return { outcome: outcome.value, ...(Object.keys(detail).length > 0 ? { detail } : {}) }
    },
  }
}
