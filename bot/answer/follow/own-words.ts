import { normalize } from '../../../retrieval/text/normalize.ts'
import type { Asking, PastExchange } from '../../answer.ts'
import { answerTypeOf, holds } from '../../compose/answer-type.ts'
import type { Draft } from '../../draft.ts'
import { coveredCharacters, runsOf } from '../../judge/characters.ts'
import type { Considered } from '../consider.ts'
import { choiceOf } from '../references.ts'

const thing = /^(?:那么?|还有|另外|换成|如果是|要是)?\s*(.{1,20}?)(?:的话)?呢[?？。！!]*$/
const pointing =
  /还有|另外|那么?|呢|吗|它|这个|那个|这项|那项|该|上面|上述|刚才|前面|其他|其它|别的|第[一二三四五\d][个项条种篇份]?|[前后]一个|[前后]者|政策|办法|细则|文件|规定|成果|项目/g
const howMuch = /多少|几(?!乎)|how much|how many/i
/** Taken in all year long is a date, too. */
const always = /长期|常年|全年|随时|即日|always|any time|all year/i
/** 3000元 is no year. */
const counted = /\d+(?![\d\s年月日\-/.:：点时])/g
const leastSaid = 0.5

/**
 * Pure: a follow-up is searched and judged with the last question in front of it, so what was found may fit that one alone. Whether the words
 * of a draft lack what the follow-up itself asks for: a time (什么时候截止), the thing that takes the place of the last one (那商标呢), or, when
 * it names neither, anything that was not said already (还有吗).
 */
export function lacksOwn(question: string, last: PastExchange, draft: Draft): boolean {
  const cited = draft.cited[0]?.passage
  if (cited === undefined) return false
  const said = draft.generated ? draft.text : draft.quotes.join('\n')
  const kind = answerTypeOf(question)
  if (kind === 'date') return !holds('date', said.replace(counted, '')) && !always.test(said)
  if (kind !== 'any') return !holds(kind, said)
  if (howMuch.test(question)) return !holds('count', said)
  const named = runsOf((thing.exec(question.trim())?.[1] ?? '').replace(pointing, ' '))
  if (named.length > 0) {
    const about = normalize(`${said} ${cited.heading ?? ''} ${cited.title}`)
    // A record takes the place of a record, a rule that of a rule.
    const sameKind = last.things?.[0] === undefined || (last.things[0].record === null) === (cited.kind !== 'achievement')
    return !sameKind || coveredCharacters(named, about).share < leastSaid
  }
  if (choiceOf(question) !== null || !isRepeated(draft.text, last.answer)) return false
  // One record says many things: of what was shown already another line may be asked.
  const asked = runsOf(question.replace(pointing, ' '))
  return asked.length === 0 || coveredCharacters(asked, normalize(said)).share < leastSaid
}

function isRepeated(text: string, before: string | null): boolean {
  const plain = (each: string) => normalize(each).replace(/\[\d+\]|[\s\p{P}]/gu, '')
  return before !== null && plain(before).includes(plain(text))
}

/** What was decided, unless a follow-up would be answered with what fits the question before it. */
export function heeding({ question, history }: Asking, standalone: string, considered: Considered): Considered {
  const last = history.at(-1)
  const { draft, decision } = considered
  if (decision.do !== 'answer' || draft === null || last === undefined || standalone === question) return considered
  if (!lacksOwn(question, last, draft)) return considered
  return { ...considered, decision: { do: 'hand_off', because: 'missing_fact' } }
}
