import { h } from '../../dom.js'
import { t, time } from '../../words.js'
import { stageBadge } from '../chain/steps.js'
import { badge, card, channelName, fact, sourceLink, statusBadge } from '../parts.js'

/** The content of a case whose words were erased at the person's request. */
const nothing = { summary: '', facts: [], risks: [], cited: [], candidates: [], suggested: [] }

function demandOf(each) {
  return h(
    'li',
    {},
    h('a', { href: `#/demand/${each.id}` }, `D${each.id}`),
    ' ',
    stageBadge(each.stage),
    each.offered && badge(t('case.offered'), 'info'),
    h('p', {}, each.need.split('\n')[0]),
  )
}

/** What a broker should know before writing: need, reason, facts with their source, risks, promises, candidates, sources. */
export function caseAside({ ticket, packet: kept, answers, demands = [] }) {
  const packet = { ...nothing, ...kept }
  return [
    card(
      t('packet.need'),
      packet.summary && h('p', {}, packet.summary),
      h(
        'dl.facts',
        {},
        fact(t('packet.reason'), t(`reason.${ticket.reason}`)),
        fact(t('packet.from'), `${ticket.personName ?? t('nameless')} · ${channelName(ticket.chat)}`),
        fact(t('packet.language'), ticket.language === null ? null : t(`language.${ticket.language}`)),
        packet.facts.map((each) =>
          fact(each.name, [each.value, ' ', badge(t(`source.${each.source}`), each.source === 'verified' ? 'ok' : 'plain')]),
        ),
      ),
    ),
    demands.length > 0 && card(t('case.demands'), h('ul.plain-list', {}, demands.map(demandOf))),
    packet.risks.length > 0 &&
      card(
        t('packet.risks'),
        h(
          'ul.plain-list.risks',
          {},
          packet.risks.map((each) => h('li', {}, each)),
        ),
      ),
    card(
      t('packet.promises'),
      h(
        'dl.facts',
        {},
        fact(t('packet.opened'), time(ticket.openedAt)),
        fact(t('packet.first'), ticket.promisedAt === null ? t('packet.none_promised') : time(ticket.promisedAt)),
        fact(t('packet.replied'), ticket.firstReplyAt && time(ticket.firstReplyAt)),
        fact(t('packet.follow_up'), ticket.followUpAt && time(ticket.followUpAt)),
        fact(t('packet.escalated'), ticket.escalatedAt && time(ticket.escalatedAt)),
        fact(t('packet.closed'), ticket.closedAt && time(ticket.closedAt)),
        fact(t('packet.outcome'), ticket.outcome && t(`outcome.${ticket.outcome}`)),
        fact(t('packet.satisfaction'), ticket.satisfaction && t('satisfaction', { n: ticket.satisfaction })),
        fact(t('packet.suggested'), packet.suggested.join('、')),
      ),
    ),
    packet.candidates.length > 0 &&
      card(
        t('packet.candidates'),
        h(
          'ol.candidates',
          {},
          packet.candidates.map((each) => candidate(typeof each === 'string' ? { label: each } : each)),
        ),
      ),
    cited(packet, answers),
  ]
}

function candidate(each) {
  const title = each.label ?? `《${each.title}》${each.clause ?? ''}`
  return h(
    'li',
    {},
    each.document_id ? h('a.source', { href: sourceLink(each.document_id, each.passage_id) }, title) : h('span', {}, title),
    each.status && statusBadge(each.status),
    (each.why ?? []).length > 0 &&
      h(
        'ul.plain-list.why',
        {},
        each.why.map((reason) => h('li', {}, reason)),
      ),
    (each.missing ?? []).length > 0 && h('p.missing', {}, t('packet.missing', { what: each.missing.join('、') })),
  )
}

/** Every clause this person was shown, once; opens at the clause. */
function cited(packet, answers) {
  const seen = new Map()
  for (const citation of answers.flatMap((each) => each.citations)) seen.set(citation.passage_id, citation)
  if (seen.size === 0) {
    if (packet.cited.length === 0) return null
    return card(
      t('packet.cited'),
      h(
        'ul.plain-list',
        {},
        packet.cited.map((each) => h('li', {}, each)),
      ),
    )
  }
  return card(
    t('packet.cited'),
    h(
      'ul.plain-list.cited',
      {},
      [...seen.values()].map((each) =>
        h(
          'li',
          {},
          h('a.source', { href: sourceLink(each.document_id, each.passage_id) }, `《${each.title}》${each.clause ?? ''}`),
          each.status && statusBadge(each.status),
          each.quote && h('blockquote', {}, each.quote),
        ),
      ),
    ),
  )
}
