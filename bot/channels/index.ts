import type { Plugin } from '../../retrieval/base/plugin.ts'
import type { Channel, ChannelDeps } from './channel.ts'
import { telegram } from './telegram.ts'
import { wecomAibot } from './wecom-aibot.ts'
import { wecomApp } from './wecom-app.ts'
import { wecomKf } from './wecom-kf.ts'

/** Add a channel: write one file beside this one, then name it here. */
export const channels: readonly Plugin<Channel, ChannelDeps>[] = [telegram, wecomApp, wecomKf, wecomAibot]
