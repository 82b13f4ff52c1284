import fc from 'fast-check'
import type { TicketAction } from '../../bot/handoff/desk/action.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { answers, openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** What may happen at any moment of a conversation; `think` begins an answer that stays unfinished until `finish`. */
export const moments = [
  'write',
  'human',
  'claim',
  'reply',
  'transfer',
  'return',
  'close',
  'reopen',
  'work',
  'think',
  'finish',
] as const
type Moment = (typeof moments)[number]

export type InterleavingFigures = {
  readonly runs: number
  readonly words: number
  readonly replies: number
  readonly lost: number
  /** The shortest run that broke a promise, and which promise. */
  readonly broken: string | null
}

/**
 * A person writes at every possible moment of a hand-off, with two workers of which one may be composing an answer. Whatever the order:
 * every word is either answered by the bot or reaches the desk, exactly once; order is kept; the bot is silent while a human has the turn;
 * every accepted reply arrives once.
 */
export async function runInterleavings(plan: { runs: number; seed: number }): Promise<InterleavingFigures> {
  const desk = await openTestDesk()
  const brokers = [await desk.broker('王工'), await desk.broker('李工', { role: 'lead' })] as const
  const figures = { runs: 0, words: 0, replies: 0 }
  try {
    const result = await fc.check(
      fc.asyncProperty(fc.array(fc.constantFrom(...moments), { minLength: 6, maxLength: 26 }), async (order) => {
        const told = await runOnce(desk, brokers, order, figures.runs)
        figures.runs += 1
        figures.words += told.words
        figures.replies += told.replies
        if (told.broken.length > 0) throw new Error(told.broken.join('; '))
      }),
      { numRuns: plan.runs, seed: plan.seed, endOnFailure: plan.runs < 100 },
    )
    const broken = result.failed ? `${JSON.stringify(result.counterexample)}: ${String(result.errorInstance)}` : null
    return { ...figures, lost: result.failed ? 1 : 0, broken }
  } finally {
    await desk.close()
  }
}

type Run = {
  readonly desk: TestDesk
  readonly brokers: readonly [Person, Person]
  readonly chat: string
  words: string[]
  replies: { text: string; key: string }[]
  actions: number
  thinking: { finish: () => void; done: Promise<boolean> } | null
}

async function runOnce(
  desk: TestDesk,
  brokers: readonly [Person, Person],
  order: readonly Moment[],
  number: number,
): Promise<{ words: number; replies: number; broken: string[] }> {
  const run: Run = {
    desk,
    brokers,
    chat: `web:i${number}-${Math.floor(performance.now())}`,
    words: [],
    replies: [],
    actions: 0,
    thinking: null,
  }
  // Somebody has had a human before the first moment, so there is something to reopen.
  await desk.write(run.chat, '转人工')
  await work(run)
  for (const moment of order) await happen(run, moment)
  run.thinking?.finish()
  await run.thinking?.done
  await work(run)
  return { words: run.words.length, replies: run.replies.length, broken: await check(run) }
}

async function happen(run: Run, moment: Moment): Promise<void> {
  switch (moment) {
    case 'write': {
      const word = `第${run.words.length + 1}件事的补贴标准是多少？`
      run.words.push(word)
      return run.desk.write(run.chat, word)
    }
    case 'human':
      return run.desk.write(run.chat, '转人工')
    case 'work':
      return run.thinking === null ? work(run) : undefined
    case 'think':
      return think(run)
    case 'finish':
      run.thinking?.finish()
      await run.thinking?.done
      run.thinking = null
      return
    case 'reply':
      return act(run, { do: 'reply', text: `人工第${run.replies.length + 1}次答复` })
    case 'transfer':
      return act(run, { do: 'transfer', to: run.brokers[1].id })
    default:
      return act(run, { do: moment })
  }
}

/** Works off what is due, with the bot answering at once. */
async function work(run: Run): Promise<void> {
  const step = run.desk.worker(async (asking) => answers(asking))
  while (await step());
}

/** A worker begins and is still composing when the next things happen. */
async function think(run: Run): Promise<void> {
  if (run.thinking !== null) return
  const { promise: composed, resolve: finish } = Promise.withResolvers<void>()
  const { promise: begun, resolve: began } = Promise.withResolvers<void>()
  const step = run.desk.worker(async (asking) => {
    began()
    await composed
    return answers(asking)
  })
  const done = step()
  await Promise.race([begun, done])
  run.thinking = { finish, done }
}

async function act(run: Run, action: TicketAction): Promise<void> {
  const { pool } = run.desk.database
  const { rows } = await pool.query<{ id: string; conversation: string }>(
    'select t.id::text, t.conversation::text from ticket t join conversation c on c.id = t.conversation where c.chat = $1 order by t.id desc limit 1',
    [run.chat],
  )
  const ticket = rows[0]
  if (ticket === undefined) return
  run.actions += 1
  const key = `${run.chat}:${run.actions}`
  if (action.do === 'reply') run.replies.push({ text: action.text, key })
  const by = run.brokers[0].id
  await run.desk.deps.inbox.storeAction(ticket.conversation, {
    kind: 'desk_action',
    key,
    ticket: ticket.id,
    by,
    action,
    tell: null,
  })
}

/** Checks the promises by what both sides got to see. */
async function check(run: Run): Promise<string[]> {
  const { pool } = run.desk.database
  const { rows } = await pool.query<{ chat: string; body: string }>(
    `select o.chat, o.body::text as body from outbox o join conversation c on c.id = o.conversation where c.chat = $1 order by o.id`,
    [run.chat],
  )
  const toPerson = rows.filter((row) => row.chat === run.chat).map((row) => row.body)
  const toDesk = rows.filter((row) => row.chat !== run.chat).map((row) => row.body)
  const broken = wordsBroken(
    run,
    rows.map((row) => row.body),
    toPerson,
    toDesk,
  )
  if (talkedOver(toPerson)) broken.push('the bot spoke while a human had the turn')
  return [...broken, ...(await repliesBroken(run, toPerson))]
}

/** Every word of the person once, on one side, in order. */
function wordsBroken(run: Run, all: readonly string[], toPerson: readonly string[], toDesk: readonly string[]): string[] {
  const broken: string[] = []
  const places = run.words.map((word) => {
    const answered = toPerson.filter((body) => body.includes(`答：${word}`)).length
    const relayed = toDesk.filter((body) => body.includes(`企业：${word}`)).length
    if (answered + relayed !== 1) broken.push(`“${word}” was answered ${answered} times and relayed ${relayed} times`)
    return all.findIndex((body) => body.includes(`答：${word}`) || body.includes(`企业：${word}`))
  })
  if (places.some((place, index) => index > 0 && place <= (places[index - 1] ?? 0))) broken.push('order was not kept')
  return broken
}

/** Every accepted reply of the broker once, in order; a refused one never. */
async function repliesBroken(run: Run, toPerson: readonly string[]): Promise<string[]> {
  const broken: string[] = []
  let last = -1
  for (const { text, key } of run.replies) {
    const done = (await run.desk.deps.events.resultOf(key, 0))?.code === 'done'
    const seen = toPerson.flatMap((body, index) => (body.includes(text) ? [index] : []))
    if (seen.length !== (done ? 1 : 0))
      broken.push(`“${text}” was ${done ? 'accepted' : 'refused'} and seen ${seen.length} times`)
    if ((seen[0] ?? last) < last) broken.push('replies changed places')
    last = seen[0] ?? last
  }
  return broken
}

/** From “registered under number …” to “has ended” only humans speak. */
function talkedOver(toPerson: readonly string[]): boolean {
  let human = false
  for (const body of toPerson) {
    if (body.includes('为您登记') || body.includes('已转给值班') || body.includes('已接手')) human = true
    if (body.includes('已结束')) human = false
    if (human && body.includes('答：')) return true
  }
  return false
}
