import { midnightInChina } from '../../retrieval/base/clock.ts'
import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import type { Answered, Trace } from '../answer.ts'
import { saidBy } from '../channels/plain.ts'
import { languageOf } from '../converse/language.ts'
import { explained } from '../explain/explain.ts'
import { openPark, type Park, readEnv } from '../open.ts'
import { renderAnswer, renderClarify, renderHandOff, said } from '../render.ts'
import { seed } from './seed.ts'

const how = 'npm run ask -- "问题" [--json] [--explain] [--as-of 2025-03-01] [--lang zh]'

/** One question, one answer, no channel; opens no ticket and stores nothing. */
async function ask(): Promise<void> {
  const { question, json, explain, asOf, lang } = readArguments()
  let trace: Trace | null = null
  const env = readEnv()
  const park = await openPark(env, { holder: 'npm run ask', exclusive: false, log: silentLog })
  try {
    await seed(park, env, silentLog)
    const language = lang ?? languageOf(question, 'zh')
    const answered = await park.answer({
      question,
      history: [],
      language,
      visibility: 1,
      clarified: 0,
      ...(asOf === undefined ? {} : { asOf }),
      watch: (each) => {
        trace = each
      },
    })
    // With --json the explanation goes to stderr: stdout holds one JSON value and nothing else.
    if (explain && trace !== null) (json ? process.stderr : process.stdout).write(`${explained(trace, park.texts[language])}\n\n`)
    process.stdout.write(json ? `${JSON.stringify(asJson(answered))}\n` : `${inWords(answered, park)}\n`)
  } finally {
    await park.close()
  }
}

function readArguments(): {
  question: string
  json: boolean
  explain: boolean
  asOf: string | undefined
  lang: 'zh' | 'en' | undefined
} {
  const options = {
    json: { type: 'boolean' },
    explain: { type: 'boolean' },
    'as-of': { type: 'string' },
    lang: { type: 'string' },
  } as const
  const { values, positionals } = parsed({ options, allowPositionals: true }, how)
  const question = positionals.join(' ').trim()
  if (question === '') throw usage('请写上问题 · Ask needs a question.', how)
  const asOf = values['as-of']
  if (asOf !== undefined && midnightInChina(asOf) === null)
    throw usage(`--as-of：“${asOf}”不是日期，请写成 2026-01-31 · it is not a day.`, how)
  const { lang } = values
  if (lang !== undefined && lang !== 'zh' && lang !== 'en')
    throw usage(`--lang 只能是 zh、en · “${lang}” is not a language this assistant speaks.`, how)
  return { question, json: values.json === true, explain: values.explain === true, asOf, lang }
}

/** The object of the contract: key names and order are fixed. */
function asJson(answered: Answered): Record<string, unknown> {
  return {
    question: answered.question,
    standalone: answered.standalone,
    as_of: answered.asOf,
    decision: answered.decision,
    reason: answered.reason,
    confidence: answered.confidence,
    threshold: answered.threshold,
    answer: answered.draft?.text ?? null,
    language: answered.language,
    citations: answered.citations,
    ticket: answered.decision === 'hand_off' ? { id: null, dry: true } : null,
    ms: answered.ms,
  }
}

function inWords(answered: Answered, park: Pick<Park, 'texts' | 'settings'>): string {
  const texts = park.texts[answered.language]
  switch (answered.decision) {
    case 'answer':
      return saidBy(renderAnswer(answered, texts, null))
    case 'clarify':
      return saidBy(renderClarify(answered, texts, null))
    case 'decline':
      return saidBy(said(texts('decline', { park: park.settings.PARK_NAME })))
    case 'hand_off':
      return saidBy(renderHandOff(answered, texts('hand_off_dry'), texts))
  }
}

await ask().then(() => process.exit(0), fail)
