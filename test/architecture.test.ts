import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const sources = files.filter((file) => /^(?:bot|retrieval|ingest|prompts)\/.*\.(?:ts|mjs|js)$/.test(file))
const tests = files.filter((file) => /^test\/.*\.ts$/.test(file))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean }

/** Bare imports, re-exports and dynamic imports count; a path is resolved to a file of ours, a package keeps its name. */
function importsOf(file: string): Import[] {
  const text = read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return [...text.matchAll(/(import|export)(\s+type)?[^'"`;]*?(?:from\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g)]
    .map((match) => ({ spec: match[3] ?? match[4] ?? '', typeOnly: match[2] !== undefined }))
    .filter(({ spec }) => spec.startsWith('.') || /^[@a-z]/.test(spec))
    .map(({ spec, typeOnly }) => ({
      from: file,
      typeOnly,
      to: spec.startsWith('.') ? normalize(join(dirname(file), spec)) : spec,
    }))
}

const imports = sources.flatMap(importsOf)

test('the imports were read', () => {
  expect(imports.length).toBeGreaterThan(150)
})

const top = (file: string) => file.split('/')[0] ?? ''

test('imports point one way: bot → retrieval, prompts; ingest → retrieval; prompts → retrieval/base; nothing → bot, test', () => {
  const entries = /^bot\/(?:main|service)\.ts$|^bot\/commands\//
  const allowed = ({ from, to }: Import) => {
    if (!/^(?:bot|retrieval|ingest|prompts|test)\//.test(to) || top(from) === top(to)) return true
    if (top(from) === 'prompts') return to.startsWith('retrieval/base/')
    if (top(from) === 'ingest') return top(to) === 'retrieval'
    if (top(from) === 'bot')
      return top(to) === 'retrieval' || top(to) === 'prompts' || (top(to) === 'ingest' && entries.test(from))
    return false
  }
  expect(imports.filter((each) => !allowed(each)).map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test('no two files import each other in a circle', () => {
  const graph = new Map<string, string[]>()
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly && sources.includes(to)) graph.set(from, [...(graph.get(from) ?? []), to])
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (path.includes(file) || done.has(file)) return
    for (const next of graph.get(file) ?? []) walk(next, [...path, file])
    done.add(file)
  }
  for (const file of sources) walk(file, [])
  expect(circles).toEqual([])
})

/** A vendor's package is imported in one place, so that replacing it is one change. */
const homes: readonly (readonly [RegExp, RegExp])[] = [
  [/^telegraf$/, /^bot\/channels\/telegram/],
  [/^(?:axios|ws)$/, /^bot\/channels\/wecom/],
  [/^fastify$/, /^bot\/(?:http\.ts|channels\/|desk\/)/],
  [/^openai(?:\/|$)/, /^retrieval\/embedders\/openai\.ts$/],
  [/^(?:langchain|@langchain\/(?:openai|core))(?:\/|$)/, /^bot\/models\//],
  [/^@langchain\/textsplitters$/, /^ingest\/chunk\.ts$/],
  [/^@electric-sql\//, /^retrieval\/store\/embedded\//],
  [/^pgvector(?:\/|$)/, /^retrieval\//],
  [/^pdfjs-dist(?!\/package\.json)/, /^ingest\/formats\/pdf\/library\.ts$/],
  [/^@e965\/xlsx$/, /^ingest\/formats\/sheet\.ts$/],
  [/^(?:linkedom|@mozilla\/readability)$/, /^ingest\/formats\/html/],
  [/^yauzl$/, /^ingest\/formats\/base\/zip\.ts$/],
  [/^saxes$/, /^ingest\/formats\/base\/xml\.ts$|^bot\/channels\/wecom\/xml\.ts$/],
]

test('each package has one home', () => {
  const strays = imports.filter(({ from, to }) => homes.some(([name, home]) => name.test(to) && !home.test(from)))
  const pg = imports.filter(({ from, to, typeOnly }) => to === 'pg' && !typeOnly && !from.startsWith('retrieval/store/'))
  expect([...strays, ...pg].map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test('each table has one writer, the one its comment names', () => {
  const schema = files
    .filter((file) => file.startsWith('retrieval/store/migrations/'))
    .map(read)
    .join('\n')
  const tables = [...schema.matchAll(/create table (\w+)/g)].map((match) => match[1] ?? '')
  const named = new Map(
    [...schema.matchAll(/comment on table (\w+) is '(?:[^']|'')*?Writers?: ([^']+)'/g)].map((match) => [
      match[1],
      match[2] ?? '',
    ]),
  )
  const wrong = tables.flatMap((table) => {
    const home = named.get(table)
    if (home === undefined) return [`${table} names no writer`]
    const writes = new RegExp(`(?:insert into|update|delete from|truncate|copy)\\s+${table}\\b`, 'i')
    return sources
      .filter((file) => writes.test(read(file)) && !home.includes(file))
      .map((file) => `${file} writes ${table}, whose writer is ${home}`)
  })
  expect(tables.length).toBeGreaterThan(5)
  expect(wrong).toEqual([])
})

test('files stay under 250 lines and folders under 15 files', () => {
  const lines = (file: string) => read(file).split('\n').length - 1
  const long = [...sources.filter((file) => lines(file) > 250), ...tests.filter((file) => lines(file) > 450)]
  const folders = new Map<string, number>()
  for (const file of sources) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1)
  const full = [...folders]
    .filter(([folder, count]) => count > 14 && !folder.startsWith('ingest/demo'))
    .map(([folder, count]) => `${folder}: ${count}`)
  expect([...long, ...full]).toEqual([])
})

test('tests use no doubles and leave nothing out or alone', () => {
  const banned = new RegExp(['vi\\.(?:mock|stubGlobal|spyOn)\\(', '\\b(?:test|it|describe)\\.(?:only|skip)\\('].join('|'))
  expect(tests.filter((file) => file !== 'test/architecture.test.ts' && banned.test(read(file)))).toEqual([])
})

test('nothing names a package registry or a path of one machine', () => {
  const hosts = new RegExp(['registry\\.np', 'mjs\\.org|deb\\.debi', 'an\\.org|pypi\\.o', 'rg|/wor', 'k/main'].join(''))
  const texts = files.filter(
    (file) => /\.(?:ts|mjs|js|json|md|yaml|yml|sh|example)$|^\.|Dockerfile/.test(file) && file !== 'test/architecture.test.ts',
  )
  expect(texts.filter((file) => hosts.test(read(file))).map((file) => relative('.', file))).toEqual([])
})

test('any is not used', () => {
  expect(
    [...sources, ...tests].filter((file) =>
      /(?::|as|<)\s*any\b(?!\w)/.test(read(file).replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1|\/\/.*|\/\*[\s\S]*?\*\//g, '')),
    ),
  ).toEqual([])
})
