import { faqs } from '../learn/faq.ts'
import { gapsBetween } from '../learn/gaps.ts'
import type { Park } from '../open.ts'
import { recalls } from '../recall/recalls.ts'
import { requestErasure } from './erase.ts'
import { topics } from './topics.ts'
import { verifiedAccounts } from './verified.ts'

export type Flags = {
  readonly json?: boolean
  readonly wording?: string
  readonly question?: string
  readonly answer?: string
  readonly days?: string
}

/** The words of a command cannot be understood; the command then prints its usage. */
export class Misused extends Error {}

/** One action; returns what is printed: rows of a list, or a confirmation. */
type Action = (park: Park, rest: readonly string[], flags: Flags, by: string) => Promise<readonly object[] | string>

const actions: Readonly<Record<string, Action>> = {
  async topic({ database }, [what, ...words], _, by) {
    const book = topics(database.pool)
    if (what === 'list') return book.list()
    if (what === 'off')
      return book.close(words.join(' '), by).then(() => '已停用：相关提问由人工答复 off: people who ask get a person')
    if (what === 'on') return (await book.open(words.join(' '), by)) ? '已恢复 on' : '没有停用过这个话题 it was not off'
    throw new Misused('topic 后面写 list、off 或 on · topic needs list, off or on.')
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
    if (what !== 'confirm') throw new Misused('recall 后面写 list、show、confirm 或 dismiss · recall needs one of them.')
    const count = await book.confirm(needed(id), by, wording ?? null)
    return `已确认，将告知 ${count} 个对话 confirmed, ${count} chats will be told`
  },
  async faq({ database, library, clock }, [what, id], { question, answer }, by) {
    const book = faqs(database.pool, { documents: library.documents, clock })
    if (what === 'list') return book.list()
    if (what === 'dismiss') return book.dismiss(needed(id), by).then(() => '已忽略 dismissed')
    if (what !== 'approve') throw new Misused('faq 后面写 list、approve 或 dismiss · faq needs one of them.')
    const change = { ...(question === undefined ? {} : { question }), ...(answer === undefined ? {} : { answer }) }
    const { document } = await book.approve(needed(id), by, change)
    return `已入库 approved as document ${document ?? ''}`
  },
  async gaps({ database, clock }, _, { days }) {
    const span = Number(days ?? 7)
    if (!(span > 0)) throw new Misused('--days 是天数，例如 7 · --days is a number of days.')
    const to = clock()
    return gapsBetween(database.pool, new Date(to.getTime() - span * 86_400_000), new Date(to.getTime() + 1))
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
  if (word === undefined || word === '')
    throw new Misused('后面还缺编号、账号或对话，照下面的写法补上 · Something is missing: see below how it is written.')
  return word
}

/** @returns whether `control` knows this action */
export const isAction = (name: string) => Object.hasOwn(actions, name)

/**
 * Performs `npm run control -- …`, also on a park that is running.
 * @param words e.g. `topic off 租金`
 * @param by for the audit
 * @throws Misused, or the error of the part that refuses
 */
export async function control(
  park: Park,
  words: readonly string[],
  flags: Flags,
  by: string,
): Promise<readonly object[] | string> {
  const [name = '', ...rest] = words
  const action = isAction(name) ? actions[name] : undefined
  if (action === undefined) throw new Misused(`没有“${name}”这个命令 · There is no “${name}”.`)
  return action(park, rest, flags, by)
}
