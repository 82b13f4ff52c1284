import type { Visibility } from '../../retrieval/evidence.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import { rememberListed } from '../agenda/chat/remembered.ts'
import type { Company } from '../answer/company.ts'
import { thingsOf } from '../answer/follow/references.ts'
import { type Asked, questionsOf } from '../answer/questions.ts'
import type { Answered } from '../answer.ts'
import type { IncomingMessage } from '../channels/message.ts'
import { beginInterview, remindOfInterview } from '../demand/interview.ts'
import { handOff } from '../handoff/handoff.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { isLeanedOn } from '../records/answers.ts'
import { recordAudit } from '../records/audit.ts'
import { renderAnswer, renderClarify, said } from '../render.ts'
import { asksOwnMatter, wishesDeal } from './aside/deals.ts'
import { companyInWords, hearCompany, memoryOf, rememberWaiting } from './company.ts'
import { piecesOf } from './pieces.ts'
import { readWith } from './quoting.ts'
import { asksSource, sourceShown } from './source.ts'
import { enterpriseOf, hear, say, textsOf, type Work } from './work.ts'

/** Answers a message question by question. What a person has to answer waits until the others are answered. */
export async function reply(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  const heard = hearCompany(work, message.text)
  if (heard.kind === 'noted') return confirmCompany(work, row, heard.company)
  // What only verified enterprises may read is not shown in a group that one of them is in.
  const visibility = !message.group && (await enterpriseOf(work)) !== null ? 2 : 1
  const read = readWith(message.quoted, piecesOf(message.text).asked, work.history)
  work.history = read.history
  const questions = heard.kind === 'answered' ? [heard.question] : await questionsIn(work, read.question, visibility)
  if (questions === 'demand') return beginInterview(work, row, message.text)
  const { text: words } = message
  if (wishesDeal(words) || asksOwnMatter(words))
    return handOff(work, row, { reason: 'asked_for_a_person', answered: null, words, need: words })
  if (questions === 'human') return handOff(work, row, { reason: 'asked_for_a_person', answered: null, words })
  const left: Answered[] = []
  for (const question of questions) {
    const answered = await answerOne(work, row, { question, words: message.text, visibility, later: questions.length > 1 })
    if (answered !== null) left.push(answered)
    if (work.turn !== 'bot') break
  }
  const [first] = left
  if (first !== undefined) await act(work, row, first, message.text, visibility, left)
  remindOfInterview(work, row)
}

type One = { readonly question: string; readonly words: string; readonly visibility: Visibility; readonly later?: boolean }

/** @returns what a person has to answer, when that may wait (`later`) for the other questions of the message */
async function answerOne(work: Work, row: InboxRow, { question, words, visibility, later }: One): Promise<Answered | null> {
  const answered = await answerShown(work, row, question, visibility)
  if (answered.decision !== 'answer' && asksSource(question) !== null && (await sourceShown(work, row))) return null
  if (later === true && answered.decision === 'hand_off' && unsure.has(answered.reason)) return answered
  await act(work, row, answered, words, visibility)
  if (answered.asks !== null) rememberWaiting(work, { question: answered.asks.question, fact: answered.asks.fact })
  if (answered.draft?.agenda !== undefined)
    rememberListed(
      work,
      answered.draft.agenda.map((each) => each.event),
    )
  if (!isLeanedOn(answered)) return null
  work.history = [
    ...work.history.slice(-4),
    {
      question,
      standalone: answered.standalone,
      answer: answered.draft?.text ?? null,
      ...thingsOf(answered.citations),
      options: answered.options,
      protected: visibility > 1,
    },
  ]
  return null
}

/** A wish for a person or a complaint is granted where it stands. */
const unsure: ReadonlySet<Answered['reason']> = new Set([
  'low_confidence',
  'nothing_found',
  'missing_fact',
  'conflicting_evidence',
])

/** The message only told us about the enterprise. */
function confirmCompany(work: Work, row: InboxRow, company: Company): void {
  const texts = textsOf(work)
  say(work, row, said(texts('company_noted', { facts: companyInWords(company, texts, work.language) })))
  work.outcomes.push('company_noted')
}

/** Answers the last question again, in the language that was switched to. */
export async function askAgain(work: Work, row: InboxRow): Promise<void> {
  const last = work.history.at(-1)
  if (last === undefined || work.turn !== 'bot') return say(work, row, () => said(textsOf(work)('language_set')))
  await answerOne(work, row, { question: last.standalone, words: last.question, visibility: 1 })
}

/** Splits a message into questions. The words of somebody who may read protected passages could repeat them, so no model reads those. */
async function questionsIn(work: Work, text: string, visibility: Visibility): Promise<Asked> {
  if (visibility > 1) return questionsOf(text)
  const { conversation } = work.lane
  return work.deps.questions(text, { language: work.language, person: conversation.person ?? conversation.chat })
}

/** While a model writes, the person sees the sentences that passed the checks; the finished answer then replaces them. */
async function answerShown(work: Work, row: InboxRow, question: string, visibility: Visibility): Promise<Answered> {
  const { conversation } = work.lane
  const stream = work.deps.streamOf(conversation.chat, `inbox:${row.id}:${work.parts}`)
  const label = textsOf(work)('ai_label')
  try {
    return await work.deps.answer({
      question,
      history: work.history,
      language: work.language,
      visibility,
      signal: work.signal,
      clarified: work.clarified,
      company: memoryOf(work).company ?? {},
      ...(work.lane.known === null ? {} : { closedTopics: work.lane.known.closedTopics }),
      person: conversation.person ?? conversation.chat,
      ...(stream === null
        ? {}
        : { onSentence: (text) => (work.signal.aborted ? undefined : stream.show(`【${label}】\n${text}`)) }),
    })
  } finally {
    work.preview = (await stream?.end()) ?? null
  }
}

/** Carries out the decision: one outgoing message and one stored answer. */
async function act(
  work: Work,
  row: InboxRow,
  answered: Answered,
  words: string,
  visibility: Visibility,
  left: readonly Answered[] = [],
): Promise<void> {
  const answer = work.answerIds.shift() ?? (await work.deps.answers.nextId())
  work.effects.push({ answers: [{ id: answer, conversation: work.lane.conversation.id, inbox: row.id, answered }] })
  if (visibility > 1) auditProtected(work, answered)
  const texts = textsOf(work)
  work.outcomes.push(answered.reason === null ? answered.decision : `${answered.decision}:${answered.reason}`)
  logWide(work, answered)
  switch (answered.decision) {
    case 'answer':
      work.clarified = 0
      return say(work, row, renderAnswer(answered, texts, answer), { answer, restsOn: validCitations(answered) })
    case 'clarify':
      work.clarified += 1
      return say(work, row, renderClarify(answered, texts, answer), { answer })
    case 'decline':
      return say(work, row, said(texts('decline', { park: work.deps.park })), { answer })
    case 'hand_off':
      return handOff(work, row, {
        ...{ reason: answered.reason ?? 'low_confidence', answered, words },
        ...(left.length === 0 ? {} : { about: left.map((each) => each.question) }),
        ...(left.length < 2 ? {} : { need: left.map((each) => each.question).join('；') }),
      })
  }
}

/**
 * Passages quoted as valid must still be so at the moment of sending. Those shown with another status, or as of an earlier day, make no
 * such claim.
 */
function validCitations({ citations, past }: Answered): string[] {
  if (past) return []
  return citations.flatMap((each) => (mayAnswer(each.status) ? [each.passage_id] : []))
}

/** Records what a verified enterprise was shown, whether or not it was public. */
function auditProtected(work: Work, answered: Answered): void {
  if (answered.citations.length === 0) return
  const { conversation } = work.lane
  const passages = answered.citations.map((each) => each.passage_id)
  work.effects.push((tx) =>
    recordAudit(tx, {
      actor: conversation.person ?? conversation.chat,
      action: 'answered_as_verified',
      about: `conversation:${conversation.id}`,
      detail: { passages },
    }),
  )
}

/** One wide log event per question: ids and figures, no words. */
function logWide(work: Work, answered: Answered): void {
  work.deps.log(answered.decision === 'hand_off' ? 'question_handed_off' : 'question_answered', {
    conversation: work.lane.conversation.id,
    decision: answered.decision,
    reason: answered.reason,
    confidence: answered.confidence,
    threshold: answered.threshold,
    citations: answered.citations.length,
    found: answered.evidence.length,
    model: answered.draft?.model ?? null,
    prompt: answered.draft?.prompt ?? null,
    embed_ms: answered.ms.embed,
    search_ms: answered.ms.search,
    compose_ms: answered.ms.compose,
    total_ms: answered.ms.total,
    model_calls: answered.calls.length,
    input_tokens: answered.calls.reduce((sum, call) => sum + call.input, 0),
    output_tokens: answered.calls.reduce((sum, call) => sum + call.output, 0),
    channel: work.lane.conversation.chat.split(':', 1)[0],
    language: answered.language,
  })
}
