import { newKey, Refused, send } from '../../api.js'
import { ask, h, toast } from '../../dom.js'
import { yuanIn } from '../../money.js'
import { has, t, time } from '../../words.js'
import { badge, button, card, field } from '../parts.js'

const kinds = {
  rejected: 'bad',
  failed: 'bad',
  withdrawn: 'bad',
  registered: 'ok',
  redeemed: 'ok',
  transferred: 'ok',
  published: 'info',
}
export const stageBadge = (stage) => (stage === null ? null : badge(t(`stage.${stage}`), kinds[stage] ?? 'plain'))

/** What happened, oldest first; what stands can be taken back with a reason. */
export function history(steps, undo) {
  return card(
    t('demand.history'),
    h(
      'ol.plain-list.steps',
      {},
      steps.map((each) => line(each, undo)),
    ),
  )
}

function line(each, undo) {
  const gone = each.takenBackAt !== null
  const who = each.personName ?? t(['enterprise', 'erasure'].includes(each.actor) ? 'step.by_enterprise' : 'step.by_rule')
  const mayUndo = !gone && each.stage !== 'collected' && each.source !== 'rule'
  return h(
    gone ? 'li.step.gone' : 'li.step',
    {},
    h('span.step-top', {}, h('strong', {}, t(`stage.${each.stage}`)), h('span.quiet-text', {}, `${time(each.at)} · ${who}`)),
    shown(each.evidence).map((words) => h('span.row-text', {}, words)),
    gone && h('span.quiet-text', {}, t('step.taken_back', { why: why(each.takenBackWhy ?? '—') })),
    mayUndo && button(t('step.undo'), () => undo(each.stage), 'quiet.small'),
  )
}

/** A person's own words, or those for a code. */
const why = (words) => (has(words.replace(':', '.')) ? t(words.replace(':', '.')) : words)

function shown(evidence) {
  const money = ['amount', 'technology_amount', 'received'].flatMap((name) =>
    evidence[name] === undefined ? [] : [`${t(`step.${name}`)} ${Number(evidence[name]).toLocaleString('en-US')}`],
  )
  const words = ['reg_no', 'round', 'with', 'demand', 'policy', 'note'].flatMap((name) =>
    evidence[name] ? [evidence[name]] : [],
  )
  const coded = [
    evidence.form && t(`publish.${evidence.form}`),
    evidence.kind && t(`step.kind.${evidence.kind}`),
    evidence.reason && t(`outcome.${evidence.reason}`),
  ]
  return [...coded, ...money, ...words].filter(Boolean)
}

/** A button per step that may be taken now. */
export function nextSteps(next, take) {
  return card(
    t('step.next'),
    next.length === 0
      ? h('p.quiet-text', {}, t('step.nothing_next'))
      : h(
          'div.next-steps',
          {},
          next.map((each, index) =>
            button(t(`take.${each.stage}`), () => take(each), index === 0 && !ends.includes(each.stage) ? 'primary' : 'quiet'),
          ),
        ),
  )
}

const ends = ['rejected', 'withdrawn', 'failed']
const money = {
  signed: ['amount', 'received'],
  registered: ['amount', 'technology_amount', 'received'],
  received: ['amount'],
  redeemed: ['amount'],
  financed: ['amount'],
  transferred: ['amount'],
}
const reasons = [
  ...['too_early', 'benefit_unclear', 'commercial_unclear', 'desc_unclear', 'price', 'ip_terms', 'no_response_supply'],
  ...['no_response_demand', 'bypassed', 'solved_elsewhere', 'not_real_demand', 'budget', 'export_control', 'out_of_scope'],
]

/** Asks for what shows that a step was taken, and records it. @returns whether it was */
export async function takeStep(path, { stage, needs }, publish = null) {
  const inputs = {}
  const input = (name, made, hint = null) => {
    inputs[name] = made
    return field(`${t(`step.${name}`)}${needs.includes(name) ? ' *' : ''}`, made, hint)
  }
  const choice = (names, words) =>
    h(
      'select',
      {},
      names.map((each) => h('option', { value: each }, t(words(each)))),
    )
  const body = [
    ...(money[stage] ?? []).map((name) => input(name, h('input', { maxlength: '30', placeholder: t('step.amount_hint') }))),
    stage === 'registered' && input('reg_no', h('input', { maxlength: '60' })),
    stage === 'financed' && input('round', h('input', { maxlength: '40' })),
    stage === 'agreed' &&
      input(
        'kind',
        choice(['intent', 'nda', 'trial'], (each) => `step.kind.${each}`),
      ),
    stage === 'failed' &&
      input(
        'reason',
        choice(reasons, (each) => `outcome.${each}`),
      ),
    ['introduced', 'registered'].includes(stage) && input('with', h('input', { maxlength: '20', placeholder: 'A12' })),
    publish?.body,
    publish === null && input('note', h('textarea', { rows: '2', maxlength: '500' })),
    publish === null && input('on', h('input', { type: 'date' }), t('step.on_hint')),
  ]
  const key = newKey()
  const read = () => {
    const given = Object.entries(inputs).flatMap(([name, each]) => (each.value.trim() === '' ? [] : [[name, each.value.trim()]]))
    const { on = null, ...words } = Object.fromEntries(given)
    for (const name of sums) if (name in words) words[name] = yuanIn(words[name])
    if ('with' in words) words.with = words.with.toUpperCase()
    return { key, stage, on, evidence: words, publish: publish?.read() ?? null }
  }
  const act = async (given) => {
    const wrong = sums.find((name) => given.evidence[name] === null)
    if (wrong !== undefined) return t('step.bad_amount', { field: t(`step.${wrong}`), value: inputs[wrong].value.trim() })
    return (await publish?.unseen()) ?? sent(`${path}/step`, given, 'step.done')
  }
  const options = { submit: t('step.take'), cancel: t('cancel'), danger: ends.includes(stage), read, act }
  return (await ask(t(`take.${stage}`), body, options)) !== null
}

const sums = ['amount', 'technology_amount', 'received']

export async function undoStep(path, stage) {
  const why = h('input', { maxlength: '500', required: true })
  const given = await ask(`${t('step.undo')}：${t(`stage.${stage}`)}`, field(t('step.undo_why'), why, t('step.undo_hint')), {
    submit: t('step.undo'),
    cancel: t('cancel'),
    danger: true,
    read: () => ({ stage, why: why.value.trim() }),
    act: (words) => sent(`${path}/undo`, words, 'step.undone'),
  })
  return given !== null
}

/** @returns null when it was done, else the words that say why not */
async function sent(path, given, words) {
  try {
    await send(path, given)
    toast(t(words))
    return null
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return refusedWords(error)
  }
}

/** Why it was refused, with the fields or steps it is about. */
export function refusedWords({ code, body }) {
  const fields = (body.fields ?? []).map((each) => each.split('.').at(-1))
  if (code === 'bad_request' && fields.length > 0) return t('error.bad_field', { field: named(fields) })
  const stages = [...(body.after ?? []), ...[body.by ?? []].flat()].map((each) => t(`stage.${each}`))
  const words = [...(body.words ?? []), ...stages].join('、')
  return t(`error.${code}`, { words, fields: named(body.lacks ?? []), text: body.text ?? '' })
}

const named = (names) => names.map((each) => t(has(`step.${each}`) ? `step.${each}` : `publish.${each}`)).join('、')
