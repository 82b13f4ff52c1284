import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { reliability, riskCoverage } from '../../bot/eval/charts.ts'
import { readDataset } from '../../bot/eval/dataset.ts'
import { auroc, coverageAt, curve, ece, holdsGold, type Judged, ranking } from '../../bot/eval/metrics.ts'
import { writableFolder } from '../../bot/eval/places.ts'

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'yuanqiao-data-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

test('a folder is read as it comes: no titles, numbers and nested lists as answers, blank lines, carriage returns, no unanswerable file', () => {
  const data = readDataset(
    folder({
      'corpus.jsonl': '{"id": 7, "text": "甲"}\r\n\n{"id":"b","title":null,"text":"乙","doc":"d"}\n',
      'queries.jsonl': '{"id":"q","text":"问","answers":[3,["三",[4.5]],null]}\n{"id":"r","text":"问"}',
      'qrels.tsv': 'q\t7\t1\r\nq\tb\t0\n',
    }),
  )
  expect(data.corpus).toEqual([
    { id: '7', text: '甲' },
    { id: 'b', text: '乙', doc: 'd' },
  ])
  expect(data.queries.map(({ answers }) => answers)).toEqual([['3', '三', '4.5'], []])
  expect([...(data.relevant.get('q') ?? [])]).toEqual(['7'])
  expect(data.unanswerable).toEqual([])
})

const passages = '{"id":"a","text":"甲"}\n{"id":"b","text":"乙"}\n'
const asked = '{"id":"q","text":"问"}\n'

test.each([
  ['a byte order mark', '\uFEFFq\ta\t1\r\n'],
  ['a header', 'query-id\tcorpus-id\tscore\nq\ta\t1\n'],
  ['no grade', 'q\ta\n'],
  ['TREC', 'q\t0\ta\t1\nq\t0\tb\t0\n'],
  ['TREC with blanks', 'q Q0 a 2\nq Q0 b 0\n'],
])('qrels with %s name the same passage', (_, qrels) => {
  const data = readDataset(
    folder({ 'corpus.jsonl': `\uFEFF${passages}`, 'queries.jsonl': `\uFEFF\r\n${asked}`, 'qrels.tsv': qrels }),
  )
  expect([...data.relevant].map(([query, of]) => [query, ...of])).toEqual([['q', 'a']])
  expect(data.notices).toEqual([])
})

test('a passage that stands there twice counts once; what no database stores is taken out; other things are numbers too', () => {
  const data = readDataset(
    folder({
      'corpus.jsonl': `${passages}{"id":"a","text":"甲"}\n{"id":" c\\u0000","title":7,"doc":8,"text":"丙\\u0000\\ud800"}`,
      'queries.jsonl': asked,
      'qrels.tsv': 'q\ta\t1\n',
    }),
  )
  expect(data.corpus.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(data.corpus[2]).toEqual({ id: 'c', title: '7', doc: '8', text: '丙\uFFFD' })
})

test('labels that fit no passage are reported', () => {
  const data = readDataset(
    folder({
      'corpus.jsonl': passages,
      'queries.jsonl': `${asked}{"id":"r","text":"问","answers":["答"]}\n{"id":"s","text":"问"}`,
      'qrels.tsv': 'q\ta\t1\nq\tz\t1\nx\ta\t1\n',
    }),
  )
  expect(data.notices).toEqual([
    expect.stringContaining('corpus.jsonl does not hold: 1.'),
    expect.stringContaining('queries.jsonl does not hold: 1.'),
    expect.stringContaining('neither qrels nor answers: 1.'),
    expect.stringContaining('without qrels: 1.'),
  ])
})

test.each([
  [{ 'corpus.jsonl': `${passages}\n\n{"id":"x"\n` }, /corpus\.jsonl, line 5 cannot be read/],
  [{ 'corpus.jsonl': `${passages}{"id":"a","text":"丙"}` }, /corpus\.jsonl, line 3: another passage has the id “a” already/],
  [{ 'corpus.jsonl': '{"id":12345678901234567890,"text":"甲"}' }, /corpus\.jsonl, line 1 cannot be read/],
  [{ 'qrels.tsv': 'q\ta\t1\nq\tb\tyes\n' }, /qrels\.tsv, line 2 cannot be read/],
  [{ 'qrels.tsv': 'q\n' }, /qrels\.tsv, line 1 cannot be read/],
])('a line that could be misread is named: %j', (files, message) => {
  const sound = { 'corpus.jsonl': passages, 'queries.jsonl': asked, 'qrels.tsv': 'q\ta\t1\n' }
  expect(() => readDataset(folder({ ...sound, ...files }))).toThrow(message)
})

test('a file in another encoding is told from one with a slip', () => {
  const path = folder({ 'queries.jsonl': asked, 'qrels.tsv': '' })
  writeFileSync(join(path, 'corpus.jsonl'), Buffer.from([0x7b, 0xbc, 0xd7, 0x7d]))
  expect(() => readDataset(path)).toThrow(/corpus\.jsonl is not UTF-8/)
})

test.each([
  ['/proc/nowhere/at/all', 'not_writable'],
  [fileURLToPath(import.meta.url), 'not_writable'],
  [join(fileURLToPath(import.meta.url), 'below'), 'not_writable'],
  [join(tmpdir(), `yuanqiao-new-${process.pid}`, 'deep'), null],
])('where results cannot be written is told before anything is measured: %s', (path, code) => {
  const tried = () => writableFolder(path)
  if (code === null) expect(tried()).toBeUndefined()
  else expect(tried).toThrow(expect.objectContaining({ code }))
})

test.each([
  [{ 'corpus.jsonl': '' }, /is missing/],
  [{ 'corpus.jsonl': '{"id":1}', 'queries.jsonl': '', 'qrels.tsv': '' }, /corpus\.jsonl, line 1 cannot be read/],
  [{ 'corpus.jsonl': 'no json', 'queries.jsonl': '', 'qrels.tsv': '' }, /corpus\.jsonl, line 1 cannot be read/],
])('a folder that cannot be read says which line: %j', (files, message) => {
  expect(() => readDataset(folder(files))).toThrow(message)
})

test('questions of the park need no corpus', () => {
  expect(readDataset(folder({ 'queries.jsonl': '{"id":"q","text":"问","answers":["答"]}' }), 'questions').queries).toHaveLength(1)
})

test.each([
  ['奖励最高30万元。', '30万元', true],
  ['奖励最高３０ 万元。', '30万元', true],
  ['奖励最高60万元。', '30万元', false],
  ['甲', '甲', true],
  ['任何', '', false],
])('“%s” holds “%s”: %s', (shown, gold, holds) => {
  expect(holdsGold(shown, gold)).toBe(holds)
})

const judged = (confidence: number, right: boolean, answerable = true, mass = 1): Judged => ({
  confidence,
  right,
  answerable,
  mass,
  answered: true,
})
const four = [judged(0.9, true), judged(0.8, true), judged(0.6, false), judged(0.4, true, true), judged(0.2, false, false)]

test('the figures of a worked example are those worked out by hand', () => {
  expect(auroc(four)).toBeCloseTo(5 / 6)
  expect(curve(four).map(({ risk }) => Number(risk.toFixed(3)))).toEqual([0, 0, 0.333, 0.25, 0.4])
  expect(coverageAt(curve(four), 0.05)).toBe(0.5)
  expect(coverageAt(curve(four), 0.3)).toBe(1)
  expect(ece([judged(1, true), judged(0.5, true), judged(0.5, false)])).toBeCloseTo(0)
  const ranks = ranking([
    { ranks: [1, 3], relevant: 2 },
    { ranks: [], relevant: 1 },
  ])
  expect(ranks).toMatchObject({ hit1: 0.5, recall5: 0.5, recall10: 0.5, mrr10: 0.5 })
  expect(ranks.ndcg10).toBeCloseTo((1 + 0.5) / (1 + 1 / Math.log2(3)) / 2)
  expect(
    ranking([
      { ranks: [1], relevant: 1 },
      { ranks: [], relevant: 0 },
    ]),
  ).toMatchObject({ ndcg10: 1, recall5: 1 })
})

test('what a rule stands against is answered at no threshold, and what has no mass says nothing', () => {
  expect(coverageAt(curve([judged(0.9, true), judged(0, true)]), 0.05)).toBe(0.5)
  const weightless = [judged(0.9, false, false, 0), judged(0.8, true)]
  expect(curve(weightless)).toEqual([{ threshold: 0.8, coverage: 1, answerableCoverage: 1, risk: 0 }])
})

test('the chart says what the threshold does where it is not cut off, also when it answers nothing', () => {
  const words = /<text x="(\d+)" y="44">(threshold [^<]+)<\/text>/
  const [, from, told] = words.exec(riskCoverage('all', [judged(0.9, true)], 0.7)) ?? []
  expect([Number(from) < 100, told]).toEqual([true, 'threshold 0.7: 100.0 % answered, 0.0 % wrong'])
  expect(words.exec(riskCoverage('none', [judged(0.6, true)], 0.7))?.[2]).toBe('threshold 0.7: nothing answered')
})

test.each([
  ['risk–coverage', riskCoverage('a <b> & "c"', four, 0.7)],
  ['reliability', reliability('a <b> & "c"', four)],
  ['nothing asked', riskCoverage('none', [], 0.7)],
])('the picture of %s is well-formed and has no figure that is not a number', (_, svg) => {
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.write(svg).close()
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
})
