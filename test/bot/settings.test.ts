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
