import type { Texts } from '../prompts/load.ts'
import { passedDays } from './answer/passed.ts'
import type { Answered, Citation } from './answer.ts'
import type { Block, Button, Moment, Outgoing } from './channels/outgoing.ts'
import type { Draft } from './draft.ts'

const paragraph = (text: string): Block => ({ type: 'paragraph', spans: [text] })
const small = (text: string): Block => ({ type: 'small', spans: [text] })

/** @returns plain text as a message */
export function said(text: string, buttons?: readonly (readonly Button[])[]): Outgoing {
  return { kind: 'text', blocks: text.split('\n').map(paragraph), ...(buttons === undefined ? {} : { buttons }) }
}

/** @returns the same, sent at a moment for which some platforms allow one more message; see Moment */
export function saidAt(moment: Moment['moment'], body: Outgoing): Outgoing {
  return body.kind === 'text' ? { ...body, at: { moment, code: null } } : body
}

/** @returns the same, dropped where it cannot be sent at once */
export function courtesy(body: Outgoing): Outgoing {
  return body.kind === 'text' ? { ...body, courtesy: true } : body
}

/** Pure: an answer as the person reads it, with its sources inside the chat. */
export function renderAnswer(answered: Answered, texts: Texts, answerId: string | null): Outgoing {
  const { draft } = answered
  if (draft === null) throw new Error('only an answer with a draft can be rendered')
  const label = texts(draft.generated ? 'ai_label' : draft.agenda === undefined ? 'quote_label' : 'agenda_label')
  return {
    kind: 'text',
    blocks: [
      small(`【${label}】`),
      ...(answered.past ? [paragraph(texts('as_of_note', { day: answered.asOf }))] : []),
      ...draft.text.split('\n').map(paragraph),
      ...(draft.agenda === undefined ? overNote(draft.text, answered.asOf, texts) : []),
      ...answered.citations.map((each) => small(citationLine(each, texts, answered.asOf))),
    ],
    ...(answerId === null ? {} : { buttons: [...joinButtons(draft, texts), ...answerButtons(texts, answerId)] }),
  }
}

/** With those of an answer they fill one card of WeCom's. */
const mostToJoin = 3

/** A button for each of the first events that one can sign up for, named by its place in the list. */
function joinButtons({ agenda = [] }: Draft, texts: Texts): Button[][] {
  const row = agenda.flatMap(({ event, open }, index) =>
    open
      ? [{ label: agenda.length === 1 ? texts('button_join_one') : texts('button_join', { n: index + 1 }), data: `e:${event}` }]
      : [],
  )
  return row.length === 0 ? [] : [row.slice(0, mostToJoin)]
}

/** A rule stays in force when a deadline in it has passed; whoever reads it has to know. */
function overNote(text: string, today: string, texts: Texts): Block[] {
  const days = passedDays(text, today)
  return days.length === 0 ? [] : [paragraph(texts('passed_note', { days: days.join('、') }))]
}

/** Pure: one question back, with the options as buttons. */
export function renderClarify(answered: Answered, texts: Texts, answerId: string | null): Outgoing {
  const choices = answered.asks === null && answered.options.length < 2 ? [] : answered.options
  const buttons = choices.map((title, index) => [{ label: shorten(title, 30), data: `c:${answerId ?? ''}:${index}` }])
  return {
    kind: 'text',
    blocks: [
      paragraph(answered.asks?.words ?? askedBack(answered.options, texts)),
      ...(answered.asks === null && answered.options.length > 1 ? answered.options : []).map(
        (title): Block => ({ type: 'list_item', spans: [title] }),
      ),
    ],
    ...(answerId === null ? {} : { buttons: [...buttons, [{ label: texts('button_human'), data: 'human' }]] }),
  }
}

function askedBack([only, ...others]: readonly string[], texts: Texts): string {
  return only !== undefined && others.length === 0 ? texts('clarify_topic', { title: only }) : texts('clarify')
}

/** Pure: why a person takes over, what was found that no longer counts, and what happens next. */
export function renderHandOff(answered: Answered, next: string, texts: Texts, about: readonly string[] = []): Outgoing {
  const why = paragraph(texts(`why_${answered.reason ?? 'low_confidence'}`))
  const blocks = about.length === 0 ? [why] : [paragraph(texts('hand_off_about', { questions: about.join('；') })), why]
  if (answered.notInForce !== null) {
    const { title, docNo } = answered.notInForce
    blocks.push(
      paragraph(
        texts(answered.past ? 'not_in_force_then' : 'not_in_force', {
          day: answered.asOf,
          title,
          doc_no: docNo ?? '',
          status: statusText(
            {
              ...answered.notInForce,
              effective_from: answered.notInForce.effectiveFrom,
              effective_to: answered.notInForce.effectiveTo,
            },
            texts,
          ),
        }),
      ),
    )
  }
  return { kind: 'text', blocks: [...blocks, paragraph(next)] }
}

function answerButtons(texts: Texts, answerId: string): Button[][] {
  return [
    [
      { label: texts('button_helpful'), data: `f:${answerId}:helpful` },
      { label: texts('button_not_helpful'), data: `f:${answerId}:not_helpful` },
    ],
    [{ label: texts('button_human'), data: 'human' }],
  ]
}

/** Pure: the clauses themselves, each with what is known of its document. */
export function renderSource(citations: readonly Citation[], texts: Texts, checked: string): Outgoing {
  const blocks = citations.flatMap((each) => [
    ...each.quote.split('\n').map(paragraph),
    small(citationLine(each, texts, checked)),
    ...(each.effective_from === null ? [] : [small(texts('source_from', { from: each.effective_from }))]),
  ])
  return { kind: 'text', blocks: [small(`【${texts('quote_label')}】`), ...blocks] }
}

/** @returns `[1] 《标题》文号 第六条 · 有效，至 2028-03-31，2026-11-24 核验` */
export function citationLine(citation: Citation, texts: Texts, checked: string): string {
  return texts('citation', {
    n: citation.n,
    title: citation.title,
    doc_no: citation.doc_no ?? '',
    clause: citation.clause ?? '',
    status: statusText(citation, texts),
    checked,
  }).replace(/ {2,}/g, ' ')
}

function statusText(of: Pick<Citation, 'kind' | 'status' | 'effective_from' | 'effective_to'>, texts: Texts): string {
  if (of.kind !== 'policy') return texts('status_record')
  const until = of.effective_to ?? '—'
  if (of.status === 'effective' && of.effective_to !== null) return texts('status_until', { until })
  if (of.status === 'unknown' && of.effective_to !== null) return texts('status_unknown_until', { until })
  if (of.status === 'expiring' || of.status === 'expired') return texts(`status_${of.status}`, { until })
  if (of.status === 'scheduled') return texts('status_scheduled', { from: of.effective_from ?? '—' })
  return texts(`status_${of.status}`)
}

/** @returns at most `length` characters, cut with an ellipsis */
export function shorten(text: string, length: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`
}
