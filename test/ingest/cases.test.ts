import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { caseOf } from '../cases/case.ts'

const folder = fileURLToPath(new URL('../cases/files/', import.meta.url))

test.each(readdirSync(folder))('case %s is read as a person reads it', async (name) => {
  const source = readdirSync(`${folder}${name}`).find((file) => file.startsWith('source.')) ?? ''
  const expected: unknown = JSON.parse(readFileSync(`${folder}${name}/expected.json`, 'utf8'))
  expect(await caseOf(new Uint8Array(readFileSync(`${folder}${name}/${source}`)), source)).toEqual(expected)
})
