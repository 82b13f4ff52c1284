import { telegramWorld } from '../fakes/telegram-world.ts'
import { channelContract } from './channel.ts'

channelContract('telegram by polling', () => telegramWorld({ by: 'polling' }))
channelContract('telegram by webhook', () => telegramWorld({ by: 'webhook' }))
