import { aibotWorld } from '../fakes/aibot-world.ts'
import { kfWorld } from '../fakes/kf-world.ts'
import { telegramWorld } from '../fakes/telegram-world.ts'
import { wecomAppWorld } from '../fakes/wecom-world.ts'
import { channelContract, fileContract } from './channel.ts'

channelContract('telegram by polling', () => telegramWorld({ by: 'polling' }))
channelContract('telegram by webhook', () => telegramWorld({ by: 'webhook' }))
channelContract('wecom self-built app', wecomAppWorld)
channelContract('微信客服', () => kfWorld())
channelContract('wecom AI bot', aibotWorld)

fileContract('wecom self-built app', wecomAppWorld)
fileContract('微信客服', () => kfWorld())
fileContract('wecom AI bot', aibotWorld)
