import { expect, test } from 'vitest'
import { parkSettings, settingsFaults } from '../../bot/open.ts'
import { AppError } from '../../retrieval/base/errors.ts'
import { machineTrouble } from '../../retrieval/base/machine.ts'

test.each([
  [{}, '云汀科技园'],
  [{ PARK_REGION: '苏州工业园区,苏州市' }, '苏州工业园区'],
  [{ PARK_REGION: '苏州工业园区,苏州市', PARK_NAME: '独墅湖科教区' }, '独墅湖科教区'],
  [{ PARK_REGION: ' ' }, '云汀科技园'],
  [{ PARK_REGION: '*' }, '云汀科技园'],
])('%j is called %s: a park that says where it is never bears the name of the demo park', (env, name) => {
  expect(parkSettings(env).PARK_NAME).toBe(name)
})

test('the faults of every part are said at once, each in words', () => {
  const faults = settingsFaults({ PORT: 'abc', PUBLIC_URL: 'bot.example.cn', WECOM_CORP_ID: 'ww' })
  const of = (name: string) => faults.find((fault) => fault.startsWith(`${name}: `))
  expect(of('PORT')).toContain('is not a number')
  expect(of('PUBLIC_URL')).toContain('is not an address like https://')
  expect(of('WECOM_AGENT_ID')).toContain('is missing')
  expect(new Set(faults).size).toBe(faults.length)
})

test('a half-set pair, a clock and promises are told beside other faults, in Chinese too, and no value is printed', () => {
  const secret = 'sk-very-secret'
  const faults = settingsFaults({
    ...{ REVIEW: secret, EMBEDDING_MODEL: 'm', RERANK_MODEL: secret, YUANQIAO_CLOCK: secret, PROMISES: secret, DEMO: secret },
    ...{ ERROR_BUDGET: '2', RETENTION_DAYS: '0', EMBEDDING_DIMENSIONS: '1.5', PUBLIC_URL: 'https://bot.example.cn' },
    ...{ TELEGRAM_DESK_CHAT: '-100', WECOM_AIBOT_ID: 'x', WECOM_KF_IDS: 'wk1', WECOM_KF_TOKEN: 'a' },
  })
  const names = faults.map((fault) => fault.split(':')[0])
  for (const name of [
    ...['REVIEW', 'OPENAI_BASE_URL', 'RERANK_URL', 'YUANQIAO_CLOCK', 'PROMISES', 'DEMO', 'ERROR_BUDGET', 'RETENTION_DAYS'],
    ...['EMBEDDING_DIMENSIONS', 'TELEGRAM_BOT_TOKEN', 'WECOM_AIBOT_ID', 'WECOM_AIBOT_SECRET'],
    ...['WECOM_CORP_ID', 'WECOM_KF_SECRET', 'WECOM_KF_AES_KEY'],
  ])
    expect(names).toContain(name)
  expect(faults.join()).not.toContain(secret)
  expect(faults.filter((fault) => !/^\w+: \P{Script=Han}*\p{Script=Han}.* · /u.test(fault))).toEqual([])
})

test.each([
  [{ CHAT_MODEL: 'qwen-plus' }, true],
  [{ CHAT_MODEL: 'ollama:qwen3,qwen-plus' }, true],
  [{ CHAT_MODEL: 'ollama:qwen3' }, false],
  [{ CHAT_MODEL: 'qwen-plus', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, false],
  [{ CHAT_MODEL: 'gpt', OPENAI_API_KEY: 'k' }, false],
])('%j names no service to send questions to: %s', (env, fault) => {
  expect(settingsFaults(env).some((each) => each.startsWith('OPENAI_BASE_URL: '))).toBe(fault)
})

test.each([
  ['ENOSPC', 'disk_full'],
  ['53100', 'disk_full'],
  ['EROFS', 'read_only'],
  ['EMFILE', 'too_many_files'],
])('%s is told as %s with what to do, not as a stack', (code, named) => {
  const trouble = machineTrouble(Object.assign(new Error('no space left on device, write'), { code }))
  expect(trouble).toMatchObject({ code: named, retry: true })
  expect(trouble?.hint).toMatch(/\.$/)
})

test('what is known by itself, or by nobody, is left as it is', () => {
  expect(machineTrouble(new AppError('ENOSPC', 'ours'))).toBeNull()
  expect(machineTrouble(new Error('something else'))).toBeNull()
  expect(machineTrouble('text')).toBeNull()
})
