import { read, send } from '../api.js'
import { ask, fill, h, toast } from '../dom.js'
import { t } from '../words.js'
import { badge, button, field, head } from './parts.js'

const roles = ['broker', 'lead', 'staff']

/** Who is registered, who is on duty, and the one-time links that let somebody in. */
export async function peopleView(place, _, { me, alive }) {
  const { people } = await read('people')

  async function refresh() {
    const now = await read('people')
    if (alive()) draw(now.people)
  }

  async function add() {
    const form = personForm()
    const given = await ask(t('people.add'), form.node, { submit: t('people.add'), cancel: t('cancel'), read: form.read })
    if (given === null) return
    const added = await send('people', given)
    await refresh()
    await showLink(t('people.link_for', { name: added.person.name }), added)
  }

  const acts = { refresh, isMe: (each) => each.id === me.id }
  const draw = (list) =>
    fill(
      place,
      head(t('menu.people'), button(t('people.add'), add, 'primary'), t('people.sub')),
      h(
        'ol.rows',
        {},
        list.map((each) => row(each, acts)),
      ),
    )
  draw(people)
  return {}
}

async function link(each) {
  await showLink(t('people.link_for', { name: each.name }), await send(`people/${each.id}/link`))
}

async function remove(each) {
  const sure = await ask(t('people.remove_title', { name: each.name }), h('p', {}, t('people.remove_what')), {
    submit: t('people.remove'),
    cancel: t('cancel'),
    danger: true,
  })
  if (sure === null) return
  await send(`people/${each.id}/remove`)
  toast(t('people.removed', { name: each.name }))
}

function row(each, { refresh, isMe }) {
  const talks = each.role !== 'staff'
  const duty = () => send(`people/${each.id}/duty`, { present: !each.present }).then(refresh)
  return h(
    'li.row',
    {},
    h(
      'div.row-main',
      { data: { row: each.id }, tabindex: '0' },
      h(
        'span.row-top',
        {},
        badge(t(`role.${each.role}`), 'info'),
        talks &&
          badge(t(each.onDuty ? 'on_duty' : each.present === false ? 'off_duty' : 'outside_hours'), each.onDuty ? 'ok' : 'plain'),
        each.demo && badge(t('people.demo')),
      ),
      h('span.row-title', {}, each.name),
      h(
        'span.row-sub',
        {},
        talks && h('span', {}, t('load', { n: each.load, of: each.capacity })),
        talks && h('span', {}, each.hours ?? t('people.always')),
        each.fields.length > 0 && h('span', {}, each.fields.join('、')),
        h('span', {}, accounts(each)),
      ),
    ),
    h(
      'div.row-side.buttons',
      {},
      button(t('people.link'), () => link(each)),
      each.present !== undefined && talks && button(t(each.present ? 'people.go_off' : 'people.go_on'), duty),
      !isMe(each) && button(t('people.remove'), () => remove(each).then(refresh)),
    ),
  )
}

function accounts({ telegram, wecom }) {
  const bound = [telegram && 'Telegram', wecom && 'WeCom'].filter(Boolean)
  return bound.length > 0 ? bound.join(' · ') : t('people.no_account')
}

async function showLink(title, { link, invitation }) {
  const shown = (label, value) =>
    value ? field(label, h('input', { readonly: true, value, onfocus: (event) => event.target.select() })) : null
  await ask(
    title,
    [h('p', {}, t('people.link_once')), shown(t('people.link_desk'), link), shown(t('people.link_chat'), invitation)],
    {
      submit: t('ok'),
      cancel: t('cancel'),
    },
  )
}

function personForm() {
  const name = h('input', { name: 'name', required: true, maxlength: '40', autofocus: true })
  const role = h(
    'select',
    { name: 'role' },
    roles.map((each) => h('option', { value: each }, t(`role.${each}`))),
  )
  const fields = h('input', { name: 'fields', maxlength: '200', placeholder: '新材料，环保' })
  const hours = h('input', { name: 'hours', maxlength: '100', placeholder: '1-5 09:00-17:30' })
  const capacity = h('input', { name: 'capacity', type: 'number', min: '1', max: '99', value: '5' })
  return {
    node: [
      field(t('people.name'), name),
      field(t('people.role'), role),
      field(t('people.fields'), fields, t('people.fields_hint')),
      field(t('people.hours'), hours, t('people.hours_hint')),
      field(t('people.capacity'), capacity),
    ],
    read: () => ({
      name: name.value.trim(),
      role: role.value,
      fields: fields.value
        .split(/[,，、]/)
        .map((each) => each.trim())
        .filter(Boolean),
      hours: hours.value.trim() === '' ? null : hours.value.trim(),
      capacity: Number(capacity.value),
    }),
  }
}
