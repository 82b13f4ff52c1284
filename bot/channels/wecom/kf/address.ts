import { createHash, randomUUID } from 'node:crypto'
import { ChannelError } from '../../channel.ts'

export type Customer = { readonly account: string; readonly user: string }

export const channelName = 'kf'

/** @returns `kf:wk…:wm…` */
export function chatOf({ account, user }: Customer): string {
  return `${channelName}:${account}:${user}`
}

/** @throws ChannelError `refused` for anything that is not an address of ours */
export function customerOf(chat: string): Customer {
  const [, account, user] = /^kf:([\w-]{1,64}):([\w-]{1,64})$/.exec(chat) ?? []
  if (account === undefined || user === undefined) throw new ChannelError('refused', 'Not an address in 微信客服')
  return { account, user }
}

/** The platform drops a second message with the same id: 1 to 32 of `[0-9a-zA-Z_-]`; an empty one is refused. */
export function msgidOf(key: string | undefined): string {
  return createHash('sha256')
    .update(key ?? randomUUID())
    .digest('base64url')
    .slice(0, 32)
}
