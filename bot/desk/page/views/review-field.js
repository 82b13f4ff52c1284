import { fill, h } from '../dom.js'
import { has, t } from '../words.js'
import { badge } from './parts.js'

/** What made a document doubtful, in words where there are some. */
export const doubtWords = (doubt) => (has(`doubt.${doubt.code}`) ? t(`doubt.${doubt.code}`) : doubt.code)

const shownAs = (field) => {
  if (field.value === null || field.value === '') return ''
  if (Array.isArray(field.value)) return field.value.join('；')
  return typeof field.value === 'boolean' ? String(field.value) : field.value
}

/** One field as it was understood, with its phrase and its doubts; turns into a form to be corrected. */
export function fieldOf(field, save) {
  const value = shownAs(field)
  const row = h('div.review-field', { data: { field: field.name } })
  const show = () =>
    fill(
      row,
      h(
        'div.review-field-head',
        {},
        h('span.field-name', {}, t(`field.${field.name}`)),
        field.confirmed ? badge(t('review.confirmed'), 'ok') : field.proposal && badge(t('review.proposal'), 'warn'),
        h(
          'button.chip.edit',
          { type: 'button', onclick: edit, aria: { label: t('review.edit', { field: t(`field.${field.name}`) }) } },
          t('edit'),
        ),
      ),
      h(
        `p.field-value${value === '' ? '.none' : ''}`,
        {},
        value === '' ? t('none') : field.kind === 'flag' ? t(`flag.${value}`) : value,
      ),
      field.phrase !== null && h('q', {}, field.phrase),
      field.doubts.map((doubt) =>
        h('p.doubt', {}, doubtWords(doubt), doubt.phrase !== null && doubt.phrase !== field.phrase && h('q', {}, doubt.phrase)),
      ),
    )

  function edit() {
    const input = inputFor(field, value)
    const form = h(
      'form.edit-form',
      {
        onsubmit: (event) => {
          event.preventDefault()
          void save(field, input.value)
        },
        onkeydown: (event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          show()
          row.querySelector('.edit').focus()
        },
      },
      h(
        'label.field',
        {},
        h('span', {}, t(`field.${field.name}`)),
        input,
        field.kind === 'list' && h('small', {}, t('review.list_hint')),
      ),
      h(
        'div.ask-buttons',
        {},
        h('button.quiet.small', { type: 'button', onclick: show }, t('cancel')),
        h('button.primary.small', { type: 'submit' }, t('save')),
      ),
    )
    fill(row, form)
    input.focus()
  }
  show()
  return row
}

function inputFor(field, value) {
  if (field.kind === 'flag')
    return h(
      'select',
      { value },
      ['true', 'false'].map((each) => h('option', { value: each, selected: each === value }, t(`flag.${each}`))),
    )
  if (field.kind === 'day') return h('input', { type: 'date', value })
  return h(value.length > 30 || field.kind === 'list' ? 'textarea' : 'input', {
    value,
    ...(value.length > 30 ? { rows: '3' } : {}),
  })
}
