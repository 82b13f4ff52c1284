import { expect, test } from 'vitest'
import { channels } from '../../bot/channels/index.ts'
import { switchedOn } from '../../retrieval/base/plugin.ts'

const on = (env: Readonly<Record<string, string>>) => switchedOn(channels, env).map((each) => each.name)
const token = '123456:AAH-secret_of_a_bot'

test('without its settings the channel is off; with a token it is on', () => {
  expect(on({ TELEGRAM_BOT_TOKEN: '  ' })).toEqual([])
  expect(on({ TELEGRAM_BOT_TOKEN: token })).toEqual(['telegram'])
})

test('half-set is an error that names what is missing', () => {
  expect(() => on({ TELEGRAM_DESK_CHAT: '-100123' })).toThrow(/TELEGRAM_BOT_TOKEN: .*is missing/)
})

test('every fault is named at once, and no value is printed', () => {
  const wrong = {
    TELEGRAM_BOT_TOKEN: `${token}/getMe`,
    TELEGRAM_API_ROOT: 'ftp://files.example',
    TELEGRAM_WEBHOOK_SECRET: 'a secret',
    TELEGRAM_DESK_CHAT: '@desk',
  }
  const message = (() => {
    try {
      return String(on(wrong))
    } catch (error) {
      return String(error)
    }
  })()
  for (const name of Object.keys(wrong)) expect(message).toContain(`${name}: `)
  for (const value of Object.values(wrong)) expect(message).not.toContain(value)
})
