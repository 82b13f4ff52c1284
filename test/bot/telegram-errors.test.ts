import { TelegramError } from 'telegraf'
import { expect, test } from 'vitest'
import { ChannelError } from '../../bot/channels/channel.ts'
import { channelErrorOf } from '../../bot/channels/telegram/api.ts'

test.each([
  [429, 'Too Many Requests: retry after 35', { code: 'rate_limited', retry: true, retryAfterMs: 35_000 }, { retry_after: 35 }],
  [429, 'Too Many Requests', { code: 'rate_limited', retry: true, retryAfterMs: 1_000 }, undefined],
  [403, 'Forbidden: bot was blocked by the user', { code: 'chat_gone', retry: false }, undefined],
  [403, 'Forbidden: user is deactivated', { code: 'chat_gone', retry: false }, undefined],
  [403, 'Forbidden: bot was kicked from the supergroup chat', { code: 'chat_gone', retry: false }, undefined],
  [400, 'Bad Request: chat not found', { code: 'chat_gone', retry: false }, undefined],
  [400, 'Bad Request: message thread not found', { code: 'topic_gone', retry: false }, undefined],
  [400, 'Bad Request: message is too long', { code: 'refused', retry: false }, undefined],
  [400, 'Bad Request: BUTTON_DATA_INVALID', { code: 'refused', retry: false }, undefined],
  [400, 'Bad Request: not enough rights to create a topic', { code: 'misconfigured', retry: false }, undefined],
  [401, 'Unauthorized', { code: 'misconfigured', retry: false }, undefined],
  [404, 'Not Found', { code: 'misconfigured', retry: false }, undefined],
  [404, 'Not Found: method not found', { code: 'refused', retry: false }, undefined],
  [409, 'Conflict: terminated by other getUpdates request', { code: 'unavailable', retry: true }, undefined],
  [500, 'Internal Server Error', { code: 'unavailable', retry: true }, undefined],
])('%d %s', (status, description, expected, parameters) => {
  const response = { ok: false as const, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) }
  const error = channelErrorOf('sendMessage', new TelegramError(response), '1:secret')
  expect(error).toBeInstanceOf(ChannelError)
  expect(error).toMatchObject(expected)
})

test.each([
  [{ error: 'upstream overloaded' }],
  [{ ok: false }],
  [{ code: 500, message: 'gateway' }],
  [{ ok: false, error_code: 'busy', description: 'x' }],
])('%j, from something in between, is no refusal of Telegram: the message is tried again', (body) => {
  const error = channelErrorOf('sendMessage', new TelegramError(body as never), '1:secret') // what telegraf makes of any JSON
  expect(error).toMatchObject({ code: 'unavailable', retry: true })
})
