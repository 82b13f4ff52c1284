import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import inChinese from '../../retrieval/base/errors.zh.json' with { type: 'json' }

/** Never shown to a person who could mend them: they are retried, or answered with a status of HTTP. */
const internal = new Set(
  'help unexpected lease_lost state_moved transaction_lost no_rule kf_cursor_stuck wecom_bad_xml wecom_not_ours'.split(' '),
)

const sources = ['bot', 'ingest', 'retrieval'].flatMap((folder) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8')),
)

test('whoever can mend an error reads it in Chinese too, and no sentence is left over', () => {
  const thrown = sources.flatMap((text) =>
    [...text.matchAll(/(?:new (?:App|Format|Embedder)Error|super)\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
  )
  const known: Readonly<Record<string, string>> = inChinese
  expect(thrown.length).toBeGreaterThan(50)
  expect([...new Set(thrown)].filter((code) => known[code] === undefined && !internal.has(code))).toEqual([])
  const all = sources.join('\n')
  expect(Object.keys(known).filter((code) => !all.includes(`'${code}'`))).toEqual([])
  expect(Object.values(known).filter((sentence) => !/[^\p{Script=Han}]*\p{Script=Han}/u.test(sentence))).toEqual([])
})

test('what is wrong with a command is said in Chinese first', () => {
  const said = sources.flatMap((text) =>
    [...text.matchAll(/(?:\busage|new Misused)\((?!message|error|inBoth)([^'`]*)(['`])([^\n]*?)\2[,)]/g)].map(
      (match) => match[3] ?? '',
    ),
  )
  expect(said.length).toBeGreaterThan(30)
  expect(said.filter((message) => !/^[^\p{Script=Han}]*\p{Script=Han}.* · /u.test(message))).toEqual([])
})
