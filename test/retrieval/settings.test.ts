import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { faultsOf, parseSettings } from '../../retrieval/base/env.ts'
import { loadEnvFile, slipsIn } from '../../retrieval/base/env-file.ts'
import { appliesIn, regionNames } from '../../retrieval/filter.ts'
import { rerankerOf } from '../../retrieval/rerankers/index.ts'
import { demoRegions, regionsOf, retrievalSettings } from '../../retrieval/settings.ts'

test('no setting is required', () => {
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
  expect(regionNames('苏州')).toEqual(expect.arrayContaining(['苏州', '苏州市']))
  expect(regionNames('内蒙古')).toEqual(expect.arrayContaining(['内蒙古', '内蒙古自治区']))
  for (const whole of ['云汀科技园', '青禾园', '临江新城']) expect(regionNames(whole)).toEqual([whole])
})

test.each([
  ['云汀高新区', '云汀高新技术产业开发区'],
  ['云汀高新技术产业开发区', '云汀高新区'],
  ['云汀市高新区', '云汀国家高新技术产业开发区'],
  ['云汀国家高新技术产业开发区', '云汀高新区'],
  ['云汀经开区', '云汀市经济技术开发区'],
  ['云江自贸区', '云江自由贸易试验区'],
])('%s is also known as %s', (region, name) => {
  expect(regionNames(region)[0]).toBe(region)
  expect(regionNames(region)).toContain(name)
})

test.each<[string, (text: string) => Uint8Array]>([
  ['plain', (text) => Buffer.from(text)],
  ['with the mark of a Windows editor', (text) => Buffer.from(`\ufeff${text}`)],
  ['as UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['as GBK', () => Buffer.from('YQ_TEST_PARK=\xc7\xe0\xba\xcc\r\nYQ_TEST_OTHER=2\r\n', 'latin1')],
])('.env %s is read from its first line on, beneath what is set outside', (_, write) => {
  const file = join(mkdtempSync(join(tmpdir(), 'yuanqiao-env-')), '.env')
  writeFileSync(file, write('YQ_TEST_PARK=青禾\r\nYQ_TEST_OTHER=2\r\n'))
  process.env['YQ_TEST_OTHER'] = '1'
  try {
    expect(loadEnvFile(file).names.toSorted()).toEqual(['YQ_TEST_OTHER', 'YQ_TEST_PARK'])
    expect([process.env['YQ_TEST_PARK'], process.env['YQ_TEST_OTHER']]).toEqual(['青禾', '1'])
  } finally {
    delete process.env['YQ_TEST_PARK']
    delete process.env['YQ_TEST_OTHER']
  }
})

test('a name that is nearly a setting is a slip; names of others are not', () => {
  const known = ['PARK_NAME', 'PARK_REGION', 'ERROR_BUDGET', 'HOST', 'PORT']
  const slips = slipsIn(['PARK_REGION', 'PARK_REGIONS', 'ERROR_BUDGT', 'park_name', 'HOME', 'POST', 'MY_OWN_THING'], known)
  expect(slips).toEqual([
    { name: 'PARK_REGIONS', meant: 'PARK_REGION' },
    { name: 'ERROR_BUDGT', meant: 'ERROR_BUDGET' },
    { name: 'park_name', meant: 'PARK_NAME' },
  ])
})

test.each([
  [['苏州市'], ['苏州工业园区', '苏州'], true],
  [['苏州'], ['苏州工业园区', '苏州市'], true],
  [['澜湖市'], ['云汀市'], false],
  [['澜湖市', '云汀市'], ['云汀市'], true],
  [[], ['云汀市'], true],
  [['澜湖市'], '*', true],
] as const)('a document of %j in a park of %j may be quoted: %s', (regions, park, may) => {
  expect(appliesIn(regions, park)).toBe(may)
})
