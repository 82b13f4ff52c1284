import { expect, test } from 'vitest'
import { AppError } from '../../retrieval/base/errors.ts'
import { faultOf, type ServerFacts } from '../../retrieval/store/server.ts'
import { unavailable } from '../../retrieval/store/unavailable.ts'

const good: ServerFacts = { number: 180_006, name: '18.6', available: '0.8.7', installed: null }

test.each<[Partial<ServerFacts>, string | null]>([
  [{}, null],
  [{ number: 150_000, name: '15.0' }, null],
  [{ number: 140_020, name: '14.20' }, 'database_too_old'],
  [{ available: null }, 'vector_missing'],
  [{ available: '0.7.4' }, 'vector_too_old'],
  [{ available: '0.8.0' }, null],
  [{ available: '0.10.0' }, null],
  [{ available: '1.0.0' }, null],
  [{ available: '0.8.7', installed: '0.5.1' }, 'vector_too_old'], // the package is new, the database still has the old one
  [{ available: null, installed: '0.8.1' }, null],
])('a server with %j is judged %s', (change, code) => {
  const fault = faultOf({ ...good, ...change })
  expect(fault?.code ?? null).toBe(code)
  if (fault !== null) expect(fault.hint).toMatch(/\S/)
})

test.each([
  ['28P01', false],
  ['3D000', false],
  ['ENOTFOUND', false],
  ['53300', true],
  ['57P03', true],
  ['ECONNREFUSED', true],
  ['ETIMEDOUT', true],
  ['EAI_AGAIN', true],
])('a connection that fails with %s can be tried again: %s', (code, retry) => {
  const cause = Object.assign(new Error('postgres://app:secret@host/app'), { code })
  const error = unavailable('server', cause)
  expect(error).toMatchObject({ code: 'database_unavailable', retry, cause })
  expect(`${error.message} ${error.hint}`).not.toContain('secret')
})

test('an error that is clear already stays as it is', () => {
  const clear = new AppError('database_in_use', 'in use')
  expect(unavailable('embedded', clear)).toBe(clear)
})
