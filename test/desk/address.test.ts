import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addressOf, tellAddress } from '../../bot/desk/address.ts'
import { silentLog } from '../../retrieval/base/log.ts'

const url = 'http://127.0.0.1:8080/'

test('commands read where the service of their home listens, until it ends', () => {
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-address-'))
  const takeBack = tellAddress(home, url, silentLog)
  expect(addressOf(home)).toBe(url)
  takeBack()
  expect(addressOf(home)).toBeNull()
  rmSync(home, { recursive: true })
})

test('a home that cannot be written keeps nobody from running', () => {
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-address-'))
  writeFileSync(join(home, 'file'), '') // a folder beneath a file cannot be made, whoever we are
  const events: string[] = []
  const takeBack = tellAddress(join(home, 'file', 'beneath'), url, (event) => void events.push(event))
  expect(events).toEqual(['address_not_told'])
  expect(takeBack).not.toThrow()
  rmSync(home, { recursive: true })
})
