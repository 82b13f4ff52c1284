import { errorFields, type Log } from '../../../../retrieval/base/log.ts'
import { ChannelError } from '../../channel.ts'
import type { WecomClient } from '../client.ts'
import { errcodeOf } from '../errcodes.ts'

/** WeCom's error for an app without a menu. */
const noMenu = 46003

const menu = {
  button: [
    { type: 'click', name: '使用说明', key: '/help' },
    { type: 'click', name: '转人工', key: '/human' },
  ],
}

/** Asks for the app once, so that a wrong id, secret or address shows at start, and gives it a menu when it has none. */
export async function offerMenu(client: Pick<WecomClient, 'get' | 'post'>, agentId: number, log: Log): Promise<void> {
  const agentid = String(agentId)
  await client.get('agent/get', { agentid })
  // The menu is a convenience: the app works without it.
  await client.get('menu/get', { agentid }).catch(async (error: unknown) => {
    if (errcodeOf(error) === noMenu) await client.post(`menu/create?agentid=${agentid}`, menu).catch(unoffered)
    else unoffered(error)
  })

  function unoffered(error: unknown): void {
    if (!(error instanceof ChannelError)) throw error
    log('wecom_menu_not_set', errorFields(error))
  }
}
