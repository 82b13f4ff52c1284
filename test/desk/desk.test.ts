import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { hasBrowser, openBrowser } from '../fakes/browser.ts'
import { type DeskWorld, openDeskWorld } from '../fakes/desk-world.ts'
import { type KfServer, kfServer } from '../fakes/kf-server.ts'
import { kfEnv } from '../fakes/kf-world.ts'
import { type TelegramServer, telegramServer } from '../fakes/telegram-server.ts'
import { chainSuite } from './suites/chain.ts'
import { doorSuite } from './suites/doors.ts'
import { frameSuite } from './suites/frame.ts'
import { kfSuite } from './suites/kf.ts'
import { pageSuite } from './suites/page.ts'
import { stringSuite } from './suites/strings.ts'
import { uploadSuite } from './suites/uploads.ts'

// One service and one browser for all suites: opening them takes longer than most tests.
let telegram: TelegramServer
let kf: KfServer
let world: DeskWorld
let browser: Browser

beforeAll(async () => {
  telegram = await telegramServer()
  kf = await kfServer()
  world = await openDeskWorld({ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root, ...kfEnv(kf) })
  kf.callback = `${world.service.url}wecom/callback`
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await world.close()
  await telegram.close()
  await kf.close()
})

/** A page left open would draw whatever happens in the suites after its own. */
function closingPages(suite: () => void): () => void {
  return () => {
    suite()
    afterAll(() => Promise.all(browser.contexts().map((each) => each.close())))
  }
}

describe('the doors of the web desk', () => doorSuite(() => world))
describe.runIf(hasBrowser)(
  'the web desk, in a browser',
  closingPages(() => pageSuite(() => ({ world, browser, telegram }))),
)
describe.runIf(hasBrowser)('微信客服 on the web desk', () => kfSuite(() => ({ world, browser, kf })))
describe.runIf(hasBrowser)(
  'whatever somebody writes is text on the desk',
  closingPages(() => stringSuite(() => ({ world, browser }))),
)
describe.runIf(hasBrowser)('the frame of the web desk', () => frameSuite(() => ({ world, browser })))
describe('files given to the desk', () => uploadSuite(() => ({ world, browser: hasBrowser ? browser : null })))
describe('demands and achievements on the desk', () =>
  chainSuite(() => ({ world, telegram, browser: hasBrowser ? browser : null })))
