import { h } from '../dom.js'
import { t } from '../words.js'
import { badge } from './parts.js'

/** `，` and `,`, full and half width, spaces or none: the same words, however they were written on the way. */
function plain(text) {
  let letters = ''
  const places = []
  for (let at = 0; at < text.length; at += 1) {
    for (const letter of text[at].normalize('NFKC').toLowerCase()) {
      if (/\s/.test(letter)) continue
      letters += same[letter] ?? letter
      places.push(at)
    }
  }
  return { letters, places }
}

const same = {
  '、': ',',
  '，': ',',
  '。': '.',
  '；': ';',
  '：': ':',
  '“': '"',
  '”': '"',
  '〔': '[',
  '〕': ']',
  '【': '[',
  '】': ']',
}

/** @returns the text as nodes, with the phrases of fields and doubts marked */
export function marked(text, phrases) {
  const whole = plain(text)
  const spots = phrases
    .map((phrase) => plain(phrase).letters)
    .filter((letters) => letters.length > 1)
    .map((letters) => ({ first: whole.letters.indexOf(letters), length: letters.length }))
    .filter(({ first }) => first >= 0)
    .map(({ first, length }) => ({ from: whole.places[first], to: whole.places[first + length - 1] + 1 }))
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const parts = []
  let at = 0
  for (const { from, to } of spots) {
    if (from < at) continue
    parts.push(text.slice(at, from), h('mark', {}, text.slice(from, to)))
    at = to
  }
  return [...parts, text.slice(at)]
}

/** Whether a clause's text begins with its own label: 第六条 need not be shown twice. */
function startsWithLabel({ clause, text }) {
  return plain(text).letters.startsWith(plain(clause).letters)
}

/** What stands above a clause: label and heading, page, and anything special; nothing when there is nothing to say. */
export function clauseHead(each) {
  const parts = [
    each.clause !== null && !startsWithLabel(each) && h('strong', {}, each.clause),
    each.heading !== null && h('span.quiet-text', {}, each.heading),
    each.page !== null && h('span.quiet-text', {}, t('page_n', { n: each.page })),
    (each.kept ?? each.visibility) > 1 && badge(`L${each.kept ?? each.visibility}`, 'warn'),
    each.wrong && badge(t('wrong.marked'), 'bad'),
  ].filter(Boolean)
  return parts.length === 0 ? null : h('p.clause-head', {}, parts)
}
