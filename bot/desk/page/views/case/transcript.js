import { h } from '../../dom.js'
import { t, time } from '../../words.js'
import { sourceLink } from '../parts.js'

const verdicts = ['right', 'wrong', 'should_have_asked']

/** The transcript, oldest first; later lines are appended, nothing is drawn twice. */
export function transcript(shown, { judge }) {
  const answers = new Map(shown.answers.map((each) => [each.id, each]))
  const list = h('ol.lines', { role: 'log', tabindex: '0', aria: { label: t('case.talk'), live: 'polite' } })
  const drawn = new Set()
  let last = '0'

  function add(lines) {
    const near = list.scrollHeight - list.scrollTop - list.clientHeight < 120
    for (const line of lines) {
      if (drawn.has(line.id)) continue
      drawn.add(line.id)
      last = line.id
      list.append(lineOf(line, answers.get(line.answer), judge))
    }
    if (near) list.scrollTop = list.scrollHeight
  }

  add(shown.transcript)
  return {
    node: list,
    add,
    last: () => last,
    toEnd: () => {
      list.scrollTop = list.scrollHeight
    },
  }
}

function lineOf(line, answer, judge) {
  const name = line.author === 'person' || line.author === 'bot' ? null : line.authorName
  return h(
    `li.line.${line.author}`,
    { data: { line: line.id } },
    h(
      'p.line-head',
      {},
      h('strong', {}, t(`author.${line.author}`), name !== null && ` · ${name}`),
      h('time', { datetime: line.at }, time(line.at)),
    ),
    h('div.bubble', {}, said(line)),
    answer !== undefined && h('div.line-foot', {}, sources(answer), verdict(answer, judge)),
  )
}

/** The mark before a broker's words is shown in the head of the line here. */
function said({ author, text }) {
  return author === 'broker' ? text.replace(/^【[^】\n]*】\n/, '') : text
}

function sources(answer) {
  if (answer.citations.length === 0) return null
  return h(
    'p.sources',
    {},
    answer.citations.map((each) =>
      h('a.source', { href: sourceLink(each.document_id, each.passage_id) }, `《${each.title}》${each.clause ?? ''}`),
    ),
  )
}

/** One tap: was the bot right? The verdict feeds calibration. */
function verdict(answer, judge) {
  const buttons = verdicts.map((value) => {
    const made = h(
      'button.chip',
      {
        type: 'button',
        aria: { pressed: String(answer.verdict === value) },
        onclick: async () => {
          if (!(await judge(answer.id, value))) return
          answer.verdict = value
          for (const [index, each] of buttons.entries()) each.setAttribute('aria-pressed', String(verdicts[index] === value))
        },
      },
      t(`verdict.${value}`),
    )
    return made
  })
  return h(
    'div.verdicts',
    { role: 'group', aria: { label: t('verdict.ask') } },
    h('span.quiet-text', {}, t('verdict.ask')),
    buttons,
  )
}
