import { accountName } from '../../retrieval/base/account.ts'
import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { control, isAction, Misused } from '../control/control.ts'
import { openPark, readEnv } from '../open.ts'

const how = `npm run control -- …
  topic list | topic off 词… | topic on 词…           机器人不谈的话题 a topic the bot does not speak of
  wrong PASSAGE | right PASSAGE                      把条款标为有误、取消标记 a clause marked wrong, or right again
  withdraw DOCUMENT                                  立即撤下一份资料 a document out of search at once
  recall list | recall show ID | recall confirm ID [--wording 话] | recall dismiss ID
                                                     更正通知：查看、确认、不必通知 answers that no longer hold
  faq list | faq approve ID [--question 问 --answer 答] | faq dismiss ID
                                                     经纪人的答复留作常见问答 a broker's answer, kept
  gaps [--days 7]                                    答不了的问题，按内容归类 what could not be answered, by what it is about
  verify ACCOUNT NAME | unverify ACCOUNT | verified  核验过的企业，可看限定资料 enterprises that may see what is for verified ones
  erase CHAT                                         按本人要求清除数据 a person's data, on request`

const options = {
  json: { type: 'boolean' },
  wording: { type: 'string' },
  question: { type: 'string' },
  answer: { type: 'string' },
  days: { type: 'string' },
} as const

async function run(): Promise<void> {
  const { values, positionals } = parsed({ options, allowPositionals: true }, how)
  const [name = ''] = positionals
  if (!isAction(name))
    throw usage(name === '' ? '要写做什么 · What is to be done?' : `没有“${name}”这个命令 · There is no “${name}”.`, how)
  const park = await openPark(readEnv(), { holder: 'npm run control', exclusive: false, log: silentLog })
  try {
    print(await control(park, positionals, values, `os:${accountName()}`), values.json === true)
  } catch (error) {
    throw error instanceof Misused ? usage(error.message, how) : error
  } finally {
    await park.close()
  }
}

/** A line per row, with the row's own figures. */
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
