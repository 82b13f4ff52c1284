import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { reliability, riskCoverage } from '../../bot/eval/charts.ts'
import { readDataset } from '../../bot/eval/dataset.ts'
import { auroc, coverageAt, curve, ece, holdsGold, type Judged, ranking } from '../../bot/eval/metrics.ts'

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'yuanqiao-data-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

test('a folder as it comes: no titles, numbers and nested lists as answers, blank lines, carriage returns, no unanswerable file', () => {
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

test('figures of a worked example', () => {
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
