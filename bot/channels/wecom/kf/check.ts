import { list, object, text } from '../../base/loose.ts'
import type { ChannelCheck, ChannelState } from '../../channel.ts'
import { addressCheck, bad, callbackCheck, checked, good, membersCheck, sendingCheck } from '../check.ts'
import type { WecomClient } from '../client.ts'
import type { CallbackKeys } from '../crypto.ts'

type Needs = {
  readonly client: WecomClient
  readonly accounts: readonly string[]
  readonly state: ChannelState
  readonly publicUrl: string | null
  readonly keys: CallbackKeys
}

const mostAccounts = 100

/** Accounts, who receives in them, refused sends, and the callback. When the first check fails, those that depend on it are skipped. */
export async function checks({ client, accounts, state, publicUrl, keys }: Needs): Promise<ChannelCheck[]> {
  const first = await checked('kf accounts', () => accountsCheck(client, accounts))
  const people = async () => (first.ok ? Promise.all(accounts.map((each) => servicersCheck(client, each))) : [])
  return [
    first,
    ...(await people()),
    ...(first.ok ? [await sendingCheck('kf sending', client)] : []),
    await callbackCheck('kf callback', state),
    await addressCheck('kf address', publicUrl, keys),
  ]
}

async function accountsCheck(client: WecomClient, accounts: readonly string[]): Promise<ChannelCheck> {
  const answer = await client.post('kf/account/list', { offset: 0, limit: mostAccounts })
  const known = list(answer['account_list']).map((each) => object(each))
  const ids = known.map((each) => text(each?.['open_kfid']))
  const missing = accounts.filter((each) => !ids.includes(each))
  if (missing.length > 0)
    return bad(
      'kf accounts',
      'unknown_account',
      `not known to this app: ${missing.join(', ')}`,
      `Check WECOM_KF_IDS (this app may call: ${ids.join(', ') || 'none'}), and 微信客服 → 可调用接口的应用.`,
    )
  const theirs = known.filter((each) => accounts.includes(text(each?.['open_kfid']) ?? ''))
  if (theirs.some((each) => each?.['manage_privilege'] === false))
    return bad(
      'kf accounts',
      'not_managed',
      'the app may not manage every account',
      'Hand the account to the interface: 微信客服 → 通过API管理微信客服帐号.',
    )
  return good('kf accounts', theirs.map((each) => text(each?.['name']) ?? text(each?.['open_kfid'])).join(', '))
}

/** Somebody must be able to take over a chat, and must be visible to the app. */
async function servicersCheck(client: WecomClient, account: string): Promise<ChannelCheck> {
  const name = 'kf servicers'
  return checked(name, async () => {
    const entries = list((await client.get('kf/servicer/list', { open_kfid: account }))['servicer_list']).map((each) =>
      object(each),
    )
    const userids = entries.flatMap((each) => text(each?.['userid']) ?? [])
    if (entries.length === 0)
      return bad(name, 'no_servicer', `${account}: nobody receives`, 'Add servicers: 微信客服 → the account → 接待人员.')
    const seen = await membersCheck(name, client, userids)
    return seen.ok ? good(name, `${account}: ${userids.length} people, all within the app’s visible range`) : seen
  })
}
