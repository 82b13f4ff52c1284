import type { Answer } from '../answer.ts'
import { languageOf } from '../converse/language.ts'
import type { Answers, StoredAnswer } from '../records/answers.ts'

type Side = {
  readonly decision: string
  readonly reason: string | null
  readonly confidence: number | null
  readonly text: string | null
  readonly citations: readonly string[]
  readonly prompt: string | null
  readonly model: string | null
}
export type Replayed = {
  readonly id: string
  readonly question: string
  readonly changed: readonly string[]
  readonly before: Side
  readonly now: Side
}

/** Asks the last stored questions again, with the current prompts, models and documents; stores and sends nothing. @returns newest first */
export async function replayed(answers: Answers, answer: Answer, last: number): Promise<Replayed[]> {
  const all: Replayed[] = []
  for (const each of await answers.stored(last)) all.push(await again(each, answer))
  return all
}

async function again(stored: StoredAnswer, ask: Answer): Promise<Replayed> {
  const answered = await ask({
    question: stored.standalone,
    history: [],
    language: languageOf(stored.question, 'zh'),
    // Answers that rested on non-public text are quoted again, and no model reads it.
    visibility: stored.protected ? 2 : 1,
    // Nothing is asked back here: nobody would answer.
    clarified: 0,
  })
  const before: Side = { ...stored, citations: stored.citations.map(source) }
  const { draft, decision, reason, confidence } = answered
  const now = {
    decision,
    reason,
    confidence,
    text: draft?.text ?? null,
    citations: answered.citations.map(source),
    prompt: draft?.prompt ?? null,
    model: draft?.model ?? null,
  }
  return { id: stored.id, question: stored.standalone, changed: differences(before, now), before: side(before), now }
}

function side({ decision, reason, confidence, text, citations, prompt, model }: Side): Side {
  return { decision, reason, confidence, text, citations, prompt, model }
}

function source({ doc_no, title, clause }: { doc_no: string | null; title: string; clause: string | null }): string {
  return `${doc_no ?? title} ${clause ?? ''}`.trim()
}

/** Pure: the names of what differs; a confidence that moved by less than a hundredth counts as equal. */
function differences(before: Side, now: Side): string[] {
  const moved = Math.abs((before.confidence ?? 0) - (now.confidence ?? 0)) >= 0.01
  return [
    ...(before.decision !== now.decision || before.reason !== now.reason ? ['decision'] : []),
    ...(before.text !== now.text ? ['text'] : []),
    ...(before.citations.join() !== now.citations.join() ? ['citations'] : []),
    ...(before.prompt !== now.prompt ? ['prompt'] : []),
    ...(before.model !== now.model ? ['model'] : []),
    ...(moved ? ['confidence'] : []),
  ]
}

/** Pure. */
export function replayInWords(replayed: readonly Replayed[]): string {
  const changed = replayed.filter((each) => each.changed.length > 0)
  const lines = changed.flatMap(({ question, changed: what, before, now }) => [
    `≠ ${question}  (${what.join(', ')})`,
    `  - ${shown(before)}`,
    `  + ${shown(now)}`,
  ])
  return [`${replayed.length} questions: ${replayed.length - changed.length} the same, ${changed.length} changed`, ...lines].join(
    '\n',
  )
}

function shown({ decision, reason, confidence, text, citations, prompt, model }: Side): string {
  const by = [model, prompt].filter((each) => each !== null).join(' ')
  return `${decision}${reason === null ? '' : `:${reason}`} ${confidence?.toFixed(2) ?? '—'} ${citations.join('; ')} ${by} ${(text ?? '').replaceAll('\n', ' ').slice(0, 160)}`
}
