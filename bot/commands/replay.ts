import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { replayed, replayInWords } from '../observe/replay.ts'
import { openPark, readEnv } from '../open.ts'
import { answers } from '../records/answers.ts'

const how = 'npm run replay -- [--last 50] [--model NAME] [--prompts FOLDER] [--json]'

/** Asks stored questions again, with today's or other prompts, models and documents, and shows what changed. */
async function replay(): Promise<void> {
  const { last, json, model, prompts } = readArguments()
  const env = { ...readEnv(), ...(model === undefined ? {} : { CHAT_MODEL: model }) }
  const opening = { holder: 'npm run replay', exclusive: false, log: silentLog }
  const park = await openPark(env, { ...opening, ...(prompts === undefined ? {} : { prompts }) })
  try {
    const all = await replayed(answers(park.database.pool), park.answer, last)
    process.stdout.write(json ? `${JSON.stringify(all)}\n` : `${replayInWords(all)}\n`)
  } finally {
    await park.close()
  }
}

const options = {
  last: { type: 'string' },
  json: { type: 'boolean' },
  model: { type: 'string' },
  prompts: { type: 'string' },
} as const

function readArguments() {
  const { values } = parsed({ options }, how)
  const last = Number(values.last ?? 50)
  if (!Number.isInteger(last) || last < 1) throw usage(`--last：“${values.last}”不是个数 · it is not a number of questions.`, how)
  return { last, json: values.json === true, model: values.model, prompts: values.prompts }
}

await replay().then(() => process.exit(0), fail)
