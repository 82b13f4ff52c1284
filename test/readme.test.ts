import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { orderIn } from '../bot/chain/orders/orders.ts'
import { envExample, settingsList } from '../bot/commands/settings-list.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const papers = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md']
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> } // our own file

test.each(papers)('%s names only scripts that exist', (paper) => {
  const named = [...read(paper).matchAll(/npm (?:--silent )?(?:run (?:-s )?)?([a-z][\w-]*)/g)].map((match) => match[1] ?? '')
  const known = new Set([...Object.keys(scripts), 'install', 'ci'])
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((name) => !known.has(name) && name !== 'and')).toEqual([])
})

test.each(papers)('%s names only files that exist', (paper) => {
  const text = read(paper)
  const linked = [...text.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '').filter((path) => !path.startsWith('http'))
  const coded = [...text.matchAll(/`((?:bot|retrieval|ingest|prompts|test|\.ci)\/[\w./-]+)`/g)].map((match) => match[1] ?? '')
  expect(
    [...linked, ...coded].filter((path) => !existsSync(`${root}${path.replace(/\/\*$/, '')}`) && !path.includes('<')),
  ).toEqual([])
})

test('every setting the papers name exists', () => {
  const known = new Set(settingsList().flatMap((part) => part.settings.map((setting) => setting.name)))
  const others = new Set(['TEST_DATABASE_URL', 'YUANQIAO_SCREENSHOTS', 'DATABASE_PASSWORD'])
  const named = papers.flatMap((paper) =>
    [...read(paper).matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)/g)].map((match) => match[1] ?? ''),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !known.has(name) && !others.has(name))).toEqual([])
})

test('.env.example is what the settings say (npm run env-example writes it)', () => {
  expect(read('.env.example')).toBe(envExample())
})

test('the two READMEs have the same headings, commands and transcript', () => {
  const shape = (paper: string) => [...read(paper).matchAll(/^#+ /gm)].map((match) => match[0])
  const blocks = (paper: string) => [...read(paper).matchAll(/```[\s\S]*?```/g)].map((match) => match[0])
  expect(shape('README.zh-CN.md')).toEqual(shape('README.md'))
  expect(blocks('README.zh-CN.md')).toEqual(blocks('README.md'))
})

test('the orders that README shows are understood', () => {
  const shown = /```text\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
  const orders = shown.split('\n').filter((line) => / [DA]\d/.test(line))
  expect(orders.length).toBeGreaterThan(2)
  expect(orders.filter((line) => orderIn(line) === null)).toEqual([])
})

test('the compose file names a pgvector image, a health check and a volume that lasts', () => {
  const compose = read('compose.yaml')
  expect(compose).toMatch(/image: pgvector\/pgvector:0\.8\.\d+-pg\d+/)
  expect(compose).toContain('pg_isready')
  expect(compose).toContain('/var/lib/postgresql')
  const docker = hasDocker()
  if (docker)
    execFileSync('docker', ['compose', '--file', 'compose.yaml', 'config', '--quiet'], {
      cwd: root,
      env: { ...process.env, DATABASE_PASSWORD: 'x' },
    })
})

function hasDocker(): boolean {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
