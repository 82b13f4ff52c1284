import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { silentLog } from '../../retrieval/base/log.ts'
import { requestErasure } from '../control/erase.ts'
import { topics } from '../control/topics.ts'
import { verifiedAccounts } from '../control/verified.ts'
import { faqs } from '../learn/faq.ts'
import { cluster, openQuestions } from '../learn/gaps.ts'
import { openPark, type Park, readEnv } from '../open.ts'
import { recalls } from '../recall/recalls.ts'
import { fail, usage } from './fail.ts'

const how = `npm run control -- …
  topic list | topic off 词… | topic on 词…           a topic the bot does not speak of
  wrong PASSAGE | right PASSAGE                      a clause marked wrong, or right again
  withdraw DOCUMENT                                  a document out of search at once
  recall list | recall show ID | recall confirm ID [--wording 话] | recall dismiss ID
  faq list | faq approve ID [--question 问 --answer 答] | faq dismiss ID
  gaps [--days 7]                                    what could not be answered, by what it is about
  verify ACCOUNT NAME | unverify ACCOUNT | verified  enterprises that may see what is for verified ones
  erase CHAT                                         a person's data, on request`

const options = {
  json: { type: 'boolean' },
  wording: { type: 'string' },
  question: { type: 'string' },
  answer: { type: 'string' },
  days: { type: 'string' },
} as const
type Flags = { json?: boolean; wording?: string; question?: string; answer?: string; days?: string }

/** One thing done, as what is printed: rows of a list, or a word that it is done. */
type Doing = (park: Park, rest: readonly string[], flags: Flags, by: string) => Promise<readonly object[] | string>

const commands: Readonly<Record<string, Doing>> = {
  async topic({ database }, [what, ...words], _, by) {
    const book = topics(database.pool)
    if (what === 'list') return book.list()
    if (what === 'off')
      return book.close(words.join(' '), by).then(() => '已停用：相关提问由人工答复 off: people who ask get a person')
    if (what === 'on') return (await book.open(words.join(' '), by)) ? '已恢复 on' : '没有停用过这个话题 it was not off'
    throw usage('topic needs list, off or on.', how)
  },
  wrong: ({ library }, [id], _, by) => library.reviews.markWrong(needed(id), true, by).then(() => '已标记有误 marked wrong'),
  right: ({ library }, [id], _, by) => library.reviews.markWrong(needed(id), false, by).then(() => '已取消标记 marked right'),
  withdraw: ({ library }, [id], _, by) => library.reviews.withdraw(needed(id), by).then(() => '已撤下 withdrawn'),
  async recall({ database, clock }, [what, id], { wording }, by) {
    const book = recalls(database.pool, { clock })
    await book.look()
    if (what === 'list') return book.list()
    if (what === 'show') return book.recipients(needed(id))
    if (what === 'dismiss') return book.dismiss(needed(id), by).then(() => '已忽略 dismissed')
    if (what !== 'confirm') throw usage('recall needs list, show, confirm or dismiss.', how)
    const count = await book.confirm(needed(id), by, wording ?? null)
    return `已确认，将告知 ${count} 个对话 confirmed, ${count} chats will be told`
  },
  async faq({ database, library, clock }, [what, id], { question, answer }, by) {
    const book = faqs(database.pool, { documents: library.documents, clock })
    if (what === 'list') return book.list()
    if (what === 'dismiss') return book.dismiss(needed(id), by).then(() => '已忽略 dismissed')
    if (what !== 'approve') throw usage('faq needs list, approve or dismiss.', how)
    const change = { ...(question === undefined ? {} : { question }), ...(answer === undefined ? {} : { answer }) }
    const { document } = await book.approve(needed(id), by, change)
    return `已入库 approved as document ${document ?? ''}`
  },
  async gaps({ database, clock }, _, { days }) {
    const span = Number(days ?? 7)
    if (!(span > 0)) throw usage('--days is a number of days.', how)
    const to = clock()
    return cluster(await openQuestions(database.pool, new Date(to.getTime() - span * 86_400_000), new Date(to.getTime() + 1)))
  },
  verify: ({ database }, [account, ...name], _, by) =>
    verifiedAccounts(database.pool)
      .verify(needed(account), name.join(' '), by)
      .then(() => '已核验 verified'),
  unverify: async ({ database }, [account], _, by) =>
    (await verifiedAccounts(database.pool).revoke(needed(account), by)) ? '已取消 revoked' : '没有核验过 it was not verified',
  verified: ({ database }) => verifiedAccounts(database.pool).list(),
  erase: ({ database }, [chat], _, by) =>
    requestErasure(database.pool, needed(chat), by).then(() => '已登记，机器人运行时立即清除 the running bot erases it now'),
}

function needed(word: string | undefined): string {
  if (word === undefined || word === '') throw usage('Something is missing.', how)
  return word
}

async function run(): Promise<void> {
  const { values, positionals } = parse()
  const [name = '', ...rest] = positionals
  const doing = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (doing === undefined) throw usage(name === '' ? 'What is to be done?' : `There is no “${name}”.`, how)
  const park = await openPark(readEnv(), { holder: 'npm run control', exclusive: false, log: silentLog })
  try {
    print(await doing(park, rest, values, `os:${userInfo().username}`), values.json === true)
  } finally {
    await park.close()
  }
}

function parse(): { values: Flags; positionals: string[] } {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), how)
  }
}

/** A line for each; every figure is one of the row's own. */
function print(result: readonly object[] | string, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(typeof result === 'string' ? { done: true } : result)}\n`)
  else if (typeof result === 'string') process.stdout.write(`${result}\n`)
  else if (result.length === 0) process.stdout.write('没有 nothing\n')
  else for (const row of result) process.stdout.write(`${lineOf(row)}\n`)
}

function lineOf(row: object): string {
  return Object.entries(row)
    .filter(([, value]) => value !== null && !Array.isArray(value))
    .map(([name, value]) => `${name} ${value instanceof Date ? value.toISOString() : String(value)}`)
    .join('  ')
}

await run().then(() => process.exit(0), fail)
