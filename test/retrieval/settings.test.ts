import { expect, test } from 'vitest'
import { faultsOf, parseSettings } from '../../retrieval/base/env.ts'
import { regionNames } from '../../retrieval/filter.ts'
import { rerankerOf } from '../../retrieval/rerankers/index.ts'
import { demoRegions, regionsOf, retrievalSettings } from '../../retrieval/settings.ts'

test('nothing need be set', () => {
  const settings = parseSettings(retrievalSettings, {})
  expect(settings).toEqual({ YUANQIAO_HOME: './.yuanqiao', PARK_REGION: demoRegions })
  expect(regionsOf(settings.PARK_REGION)).toEqual(['云汀科技园', '云汀市', '云江省'])
  expect(rerankerOf(settings)).toBeNull()
})

test.each([
  [{ EMBEDDING_MODEL: 'm' }, 'OPENAI_BASE_URL'],
  [{ EMBEDDING_DIMENSIONS: '64' }, 'EMBEDDING_MODEL'],
  [{ RERANK_MODEL: 'm' }, 'RERANK_URL'],
  [{ DATABASE_URL: 'mysql://user:secret@host/db' }, 'DATABASE_URL'],
  [{ EMBEDDING_MODEL: 'm', OPENAI_API_KEY: 'secret', EMBEDDING_DIMENSIONS: 'many' }, 'EMBEDDING_DIMENSIONS'],
  [{ OPENAI_BASE_URL: 'secret' }, 'OPENAI_BASE_URL'],
])('%j is a fault of %s, said without its value', (env, name) => {
  const faults = faultsOf(retrievalSettings, env)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(name)
  expect(faults[0]).not.toContain('secret')
})

test('regions are separated by any comma; * lifts the filter', () => {
  expect(regionsOf('苏州工业园区， 苏州市,江苏省,苏州市')).toEqual(['苏州工业园区', '苏州市', '江苏省'])
  expect(regionsOf('苏州市,*')).toBe('*')
})

test('a region is also known by its short name', () => {
  expect(regionNames('苏州市')).toEqual(['苏州市', '苏州'])
  expect(regionNames('内蒙古自治区')).toEqual(['内蒙古自治区', '内蒙古'])
  expect(regionNames('云汀科技园')).toEqual(['云汀科技园'])
})
