import { parseArgs } from 'node:util'
import { silentLog } from '../../retrieval/base/log.ts'
import type { Answered } from '../answer.ts'
import { languageOf } from '../converse/language.ts'
import { openPark, readEnv } from '../open.ts'
import { answers, type StoredAnswer } from '../records/answers.ts'
import { fail, usage } from './fail.ts'

const how = 'npm run replay -- [--last 50] [--json]'

type Side = {
  readonly decision: string
  readonly reason: string | null
  readonly confidence: number | null
  readonly text: string | null
  readonly citations: readonly string[]
  readonly prompt: string | null
  readonly model: string | null
}
type Replayed = {
  readonly id: string
  readonly question: string
  readonly changed: readonly string[]
  readonly before: Side
  readonly now: Side
}

/** Asks stored questions again, with today's prompts, models and documents, and shows what became different; stores and sends nothing. */
async function replay(): Promise<void> {
  const { last, json } = readArguments()
  const park = await openPark(readEnv(), { holder: 'npm run replay', exclusive: false, log: silentLog })
  try {
    const stored = await answers(park.database.pool).stored(last)
    const replayed: Replayed[] = []
    for (const each of stored) replayed.push(await again(each, park.answer))
    process.stdout.write(json ? `${JSON.stringify(replayed)}\n` : `${inWords(replayed)}\n`)
  } finally {
    await park.close()
  }
}

async function again(
  stored: StoredAnswer,
  ask: (asking: Parameters<Awaited<ReturnType<typeof openPark>>['answer']>[0]) => Promise<Answered>,
): Promise<Replayed> {
  const answered = await ask({
    question: stored.standalone,
    history: [],
    language: languageOf(stored.question, 'zh'),
    visibility: 1,
    // What was asked back then is not asked back again here: nobody answers.
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

/** @returns the names of what differs; a confidence that moved by less than a hundredth is the same. Pure. */
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

function inWords(replayed: readonly Replayed[]): string {
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

function readArguments(): { last: number; json: boolean } {
  const { values } = parseArgs({ options: { last: { type: 'string' }, json: { type: 'boolean' } } } as const)
  const last = Number(values.last ?? 50)
  if (!Number.isInteger(last) || last < 1) throw usage(`“${values.last}” is not a number of questions.`, how)
  return { last, json: values.json === true }
}

await replay().then(() => process.exit(0), fail)
