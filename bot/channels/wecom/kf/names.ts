import { errorFields, type Log } from '../../../../retrieval/base/log.ts'
import { list, object, text } from '../../base/loose.ts'
import type { WecomClient } from '../client.ts'
import type { Item } from './items.ts'

/** The most `kf/customer/batchget` takes at once. */
const mostAtOnce = 100
const mostKnown = 20_000
const withinMs = 3_000

/** Adds customers' WeChat names to their messages, so that a broker need not call anybody `wmAJ2G…`. */
export type Names = (items: readonly Item[]) => Promise<readonly Item[]>

/** Each customer is looked up once per process; a name that cannot be fetched delays nothing. */
export function namesOf(needs: { readonly client: Pick<WecomClient, 'post'>; readonly log: Log }): Names {
  const known = new Map<string, string | null>()

  async function learn(users: readonly string[]): Promise<void> {
    if (known.size > mostKnown) known.clear()
    const body = { external_userid_list: users, need_enter_session_context: 0 }
    const answer = await needs.client.post('kf/customer/batchget', body, { withinMs }).catch((error: unknown) => {
      needs.log('kf_names_unknown', errorFields(error))
      return null
    })
    if (answer === null) return
    for (const user of users) known.set(user, null)
    for (const each of list(answer['customer_list'])) {
      const user = text(object(each)?.['external_userid'])
      const name = text(object(each)?.['nickname'])?.trim() ?? ''
      if (user !== null && name !== '') known.set(user, name.slice(0, 64))
    }
  }

  return async (items) => {
    const users = [...new Set(items.flatMap(({ heard }) => heard?.user ?? []))].filter((user) => !known.has(user))
    for (let at = 0; at < users.length; at += mostAtOnce) await learn(users.slice(at, at + mostAtOnce))
    return items.map((item) => {
      const name = item.heard === null ? null : (known.get(item.heard.user) ?? null)
      return name === null ? item : { ...item, message: { ...item.message, from: { ...item.message.from, name } } }
    })
  }
}
