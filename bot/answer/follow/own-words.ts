import { type Found, isRecord, type Passage } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import type { PastExchange, Road } from '../../answer.ts'
import { type AnswerType, answerTypeOf, holds } from '../../compose/answer-type.ts'
import type { Draft } from '../../draft.ts'
import { coveredCharacters, runsOf } from '../../judge/characters.ts'
import { asksPapers, materialsAbsent } from '../../judge/materials.ts'
import { type Considered, consider } from '../consider.ts'
import type { SearchAgain } from '../search.ts'
import { choiceOf } from './references.ts'

const thing =
  /^(?:那么?|还有|另外|换成|如果是|要是)?\s*(.{1,20}?)(?:的话)?呢[?？。！!]*$|^(?:and|what about|how about) (?:for |with |in )?(?:the |an? )?([a-z][\w -]{2,40}?)\s*[?.!]*$/i
const pointing =
  /还有|另外|那么?|呢|吗|它|这个|那个|这项|那项|该|上面|上述|刚才|前面|其他|其它|别的|第[一二三四五\d][个项条种篇份]?|[前后]一个|[前后]者|政策|办法|细则|文件|规定|成果|项目/g
const howMuch = /多少|几(?!乎)|how much|how many/i
/** “All year round” is a date as well. */
const always = /长期|常年|全年|随时|即日|always|any time|all year/i
/** 3000元 is not a year. */
const counted = /\d+(?![\d\s年月日\-/.:：点时])/g
const leastSaid = 0.5
/** Words for any part of a rule. */
const general = /要求|标准|规定|条件|材料|资料|时间|情况|方面|具体/g

/**
 * Pure: a follow-up is searched and judged with the last question in front, so what was found may fit that one only. Tells whether the
 * words of a draft lack what the follow-up itself asks for: a time (什么时候截止), the thing that replaces the last one (那商标呢), or, when it names
 * neither, anything not said already (还有吗).
 */
export function lacksOwn(question: string, last: PastExchange, draft: Draft): boolean {
  const cited = draft.cited[0]?.passage
  if (cited === undefined) return false
  const said = draft.generated ? draft.text : draft.quotes.join('\n')
  // Documents to submit that were already shown are shown again; a clause without any would not help.
  if (asksPapers(question)) return materialsAbsent(question, said)
  const kind = answerTypeOf(question)
  if (kind !== 'any') return !saysOf(kind, question, said) || isOpening(draft, question, said)
  if (howMuch.test(question)) return !holds('count', said)
  const replaced = lacksThing(question, last, cited, said)
  if (replaced !== null) return replaced
  // 年龄要求 is not told by words that have 要求 and nothing of 年龄.
  const own = runsOf(question.replace(pointing, ' ').replace(general, ' ')).filter((each) => [...each].length > 1)
  const heard = normalize(`${said} ${cited.heading ?? ''}`)
  if (own.length > 0 && /\p{Script=Han}/u.test(question) && coveredCharacters(own, heard).share === 0) return true
  if (choiceOf(question) !== null || !isRepeated(draft.text, last.answer)) return false
  // One record says many things, so another line of the same record may be asked for.
  const asked = runsOf(question.replace(pointing, ' '))
  return asked.length === 0 || coveredCharacters(asked, normalize(said)).share < leastSaid
}

/** Whether the thing that takes the place of the last one (那商标呢, and for startups?) is missing; null when none does. */
function lacksThing(question: string, last: PastExchange, cited: Passage, said: string): boolean | null {
  const [, replaced = '', inEnglish = ''] = thing.exec(question.trim()) ?? []
  const named = runsOf(`${replaced}${inEnglish}`.replace(pointing, ' '))
  if (named.length === 0) return null
  const about = normalize(`${said} ${cited.heading ?? ''} ${cited.title}`)
  // A record replaces a record, a rule replaces a rule.
  if (last.things?.[0] !== undefined && (last.things[0].record === null) !== !isRecord(cited.kind)) return true
  // Every English text holds the same letters, so English is compared word by word.
  return inEnglish === ''
    ? coveredCharacters(named, about).share < leastSaid
    : !words(inEnglish).every((each) => about.includes(each))
}

/** Words without the plural s. */
const words = (text: string) => (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map((each) => each.replace(/s$/, ''))

const ofForce = /施行|实施|生效|有效期|失效|到期|废止|印发|发布|force|valid|expire|issued/i
/** A department, a service window or a person by name; in other places any enterprise is a “who”. */
const whoNamed =
  /(?:局|处|科|厅|部|办公室|服务中心|受理中心|委员会|管委会|窗口|服务站)(?=[（(，,。；;、：:受负审组统会\s]|$)|联系人|\p{Script=Han}(?:老师|先生|女士|小姐|工)(?![作程业])|电话|\b(?:office|department|bureau|contact|centre|center)\b/iu

/** Pure: whether a text says something of the asked kind; start and end of a rule count only when asked for. */
function saysOf(kind: AnswerType, question: string, text: string): boolean {
  if (kind === 'who') return whoNamed.test(text)
  if (kind !== 'date') return holds(kind, text)
  const told = ofForce.test(question) ? text : text.replace(/[^。；;\n]*(?:起施行|有效期|同时废止|印发)[^。；;\n]*/g, '')
  return holds('date', told.replace(counted, '')) || always.test(told)
}

/** Opening and closing articles have dates: they answer only questions about what they say. */
function isOpening(draft: Draft, question: string, said: string): boolean {
  if (draft.cited[0]?.passage.clause != null) return false
  const asked = runsOf(question.replace(pointing, ' '))
  return asked.length > 0 && coveredCharacters(asked, normalize(said)).share < leastSaid
}

function isRepeated(text: string, before: string | null): boolean {
  const plain = (each: string) => normalize(each).replace(/\[\d+\]|[\s\p{P}]/gu, '')
  return before !== null && plain(before).includes(plain(text))
}

/**
 * Keeps a decision, unless it would answer a follow-up with what fits the question before it. Then the cited document is searched for the
 * follow-up's own words, which are judged alone. If nothing is found there, a person answers.
 */
export async function heeding(road: Road, standalone: string, considered: Considered, look: SearchAgain): Promise<Considered> {
  const { question, history } = road.asking
  const last = history.at(-1)
  const { draft, decision } = considered
  if (draft === null || last === undefined || standalone === question) return considered
  if (decision.do !== 'answer') return (await alone(road, considered, look)) ?? considered
  if (!lacksOwn(question, last, draft)) return considered
  const missing = { ...considered, decision: { do: 'hand_off', because: 'missing_fact' } as const }
  const title = last.titles[choiceOf(question) ?? 0]
  const within = title === undefined ? null : saidWithin(draft, question, await look({ text: `《${title}》${question}` }))
  if (within === null) return missing
  const again = await consider({ ...road, question }, within)
  if (again.decision.do !== 'answer') return { ...again, decision: { do: 'hand_off', because: 'low_confidence' } }
  return again.draft === null || lacksOwn(question, last, again.draft) ? missing : again
}

const ofItself: ReadonlySet<AnswerType> = new Set(['phone', 'link', 'date', 'place'])

/** The last question in front may be in the way of a number or a day: then the follow-up's own words are judged, if they ask for one. */
async function alone(road: Road, { draft, decision }: Considered, look: SearchAgain): Promise<Considered | null> {
  const { question, history } = road.asking
  const last = history.at(-1)
  const title = last?.titles[0]
  const unsure = decision.do === 'hand_off' && (decision.because === 'missing_fact' || decision.because === 'low_confidence')
  if (!unsure || draft === null || last === undefined || title === undefined || !ofItself.has(answerTypeOf(question))) return null
  const within = saidWithin(draft, question, await look({ text: `《${title}》${question}` }), true)
  const again = within && (await consider({ ...road, question }, within))
  return again?.decision.do === 'answer' && again.draft !== null && !lacksOwn(question, last, again.draft) ? again : null
}

/** @param own whether the clause of the draft counts too
 * @returns the part of the document of the asked kind, or null when there is none */
function saidWithin(draft: Draft, question: string, found: Found, own = false): Found | null {
  const kind = answerTypeOf(question)
  const evidence = found.evidence.filter(
    ({ passage }) =>
      passage.documentId === draft.cited[0]?.passage.documentId &&
      (own || passage.id !== draft.cited[0]?.passage.id) &&
      saysOf(kind, question, passage.text),
  )
  // The opening and closing parts have dates and names of their own.
  const clauses = evidence.filter(({ passage }) => passage.clause !== null)
  const best = clauses.length > 0 ? clauses : evidence
  return best.length === 0 ? null : { ...found, evidence: best }
}
