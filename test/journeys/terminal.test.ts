import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCommand, startCommand } from '../fakes/command.ts'

const home = mkdtempSync(join(tmpdir(), 'yuanqiao-terminal-'))
let started: ChildProcess | undefined
let address = ''
afterAll(async () => {
  started?.stdin?.end()
  if (started !== undefined) await once(started, 'close')
  rmSync(home, { recursive: true, force: true })
})

/** With nothing set but where its data goes. */
const env = { YUANQIAO_HOME: home, PORT: '0' }
const run = (entry: string, args: readonly string[], input?: string) => runCommand(entry, args, env, input)

/** `npm start` is running: the commands work through it, as for most users. */
async function start(): Promise<void> {
  const child = startCommand('bot/main.ts', [], env)
  started = child
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (data) => {
      address = /"event":"started","url":"([^"]+)"/.exec(String(data))?.[1] ?? address
      if (address !== '') resolve()
    })
  })
}

test('piped questions get one line each, in order, and a clean end', async () => {
  const { code, out } = await run('bot/main.ts', [], '小微企业技术合同登记最多奖多少?\n今天苏州天气怎么样\n转人工\n')
  const lines = out.trim().split('\n')
  expect(code).toBe(0)
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/30万元.*云园管〔2025〕3号 第六条/)
  expect(lines[1]).toContain('不在我能帮到的范围内')
  expect(lines[2]).toMatch(/转给技术经纪人.*编号 \d+.*月\d+日（周.）\d\d:\d\d 前答复您/)
})

test('ask prints the object of the contract, opens no ticket, and knows when a rule began', async () => {
  await start()
  const { code, out } = await run('bot/commands/ask.ts', ['小微企业技术合同登记最多奖多少？', '--json'])
  expect(code).toBe(0)
  const answered = JSON.parse(out)
  expect(Object.keys(answered)).toEqual([
    'question',
    'standalone',
    'as_of',
    'decision',
    'reason',
    'confidence',
    'threshold',
    'answer',
    'language',
    'citations',
    'ticket',
    'ms',
  ])
  expect(answered).toMatchObject({ decision: 'answer', reason: null, ticket: null, language: 'zh' })
  expect(answered.citations[0]).toMatchObject({
    n: 1,
    kind: 'policy',
    doc_no: '云园管〔2025〕3号',
    clause: '第六条',
    status: 'effective',
  })
  const before = JSON.parse(
    (await run('bot/commands/ask.ts', ['小微企业技术合同登记最多奖多少？', '--json', '--as-of', '2024-01-01'])).out,
  )
  expect(JSON.stringify(before.citations)).not.toContain('云园管〔2025〕3号')
  const human = JSON.parse((await run('bot/commands/ask.ts', ['这个专利的底价能不能再便宜点', '--json'])).out)
  expect(human).toMatchObject({ decision: 'hand_off', reason: 'sensitive', ticket: { id: null, dry: true } })
  const who = JSON.parse((await run('bot/commands/ask.ts', ['你是机器人吗', '--json'])).out)
  expect(who).toMatchObject({ decision: 'decline', reason: 'off_topic', confidence: null, citations: [] })
})

test('drafts, superseded, expired and future rules and the neighbour’s never support an answer', async () => {
  const traps = [
    '企业购买公共数据产品补助多少？',
    '中小企业租金减免几个月？',
    '促成技术交易的中介机构每项奖励2000元吗？',
    '作价入股最高200万元的奖励怎么申请？',
    '澜湖市小微企业技术合同登记奖多少？',
  ]
  for (const question of traps) {
    const { citations } = JSON.parse((await run('bot/commands/ask.ts', [question, '--json'])).out)
    for (const { status, title } of citations) {
      expect(['effective', 'expiring']).toContain(status)
      expect(title).not.toMatch(/征求意见|暂行办法|减免|数据要素|澜湖/)
    }
  }
})

test('what the operator takes out of search answers nobody from the next question on, while the bot runs', async () => {
  const question = '小微企业技术合同登记最多奖多少？'
  const { citations } = JSON.parse((await run('bot/commands/ask.ts', [question, '--json'])).out)
  const { code, out } = await run('bot/commands/control.ts', ['withdraw', citations[0].document_id])
  expect([code, out]).toEqual([0, '已撤下 withdrawn\n'])
  const now = JSON.parse((await run('bot/commands/ask.ts', [question, '--json'])).out)
  expect(now.citations.map((each: { document_id: string }) => each.document_id)).not.toContain(citations[0].document_id)
})

test('wrong usage ends with 2 and says how', async () => {
  for (const [entry, args] of [
    ['bot/commands/ask.ts', []],
    ['bot/commands/ask.ts', ['问题', '--as-of', '2025-02-30']],
    ['bot/commands/ask.ts', ['问题', '--as-of', '2025-13-45']],
    ['bot/commands/people.ts', ['add', '--role', 'king', '--name', 'x']],
    ['bot/commands/people.ts', ['add', '--role', 'broker', '--name', 'x', '--hours', '9-5']],
    ['bot/commands/demo.ts', []],
    ['ingest/main.ts', []],
    ['ingest/main.ts', ['/nowhere/at/all']],
  ] as const) {
    const { code, err, out } = await run(entry, args)
    expect({ entry, code, out }).toEqual({ entry, code: 2, out: '' })
    expect(err).toContain('→')
  }
})

test('asked for help a command says how it is used, and nothing went wrong', async () => {
  const { code, out, err } = await run('bot/commands/report.ts', ['--help'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('npm run report -- ')
})

test('people are added, listed and removed; without an account they get a one-time invitation', async () => {
  const added = await run('bot/commands/people.ts', [
    'add',
    '--role',
    'broker',
    '--name',
    '王工',
    '--hours',
    '1-5 09:00-17:30',
    '--json',
  ])
  const person = JSON.parse(added.out)
  expect(person).toMatchObject({ role: 'broker', name: '王工' })
  expect(person.invitation).toMatch(/^\/start inv_[\w-]{30,}$/)
  expect((await run('bot/commands/people.ts', ['list'])).out).toContain('王工')
  expect(person.desk).toContain(`${address}desk/sign-in/`) // PORT is 0: the running service alone knows where it listens
  expect((await run('bot/commands/people.ts', ['remove', person.id])).code).toBe(0)
  expect((await run('bot/commands/people.ts', ['remove', person.id])).code).toBe(1)
})

test('the first document of one’s own retires the demo park, and the command says so', async () => {
  const file = join(home, '充电.txt')
  const text = [
    '园区夜间充电补贴办法',
    '云园管〔2026〕77号',
    '第一条 按电费的20%给予补贴，最高5万元。',
    '第二条 本办法自2026年5月1日起施行。',
  ]
  writeFileSync(file, `${text.join('\n')}\n云汀科技园管理委员会\n2026年4月1日\n`)
  const { code, out, err } = await run('ingest/main.ts', [file])
  expect([code, out.trim().split('\n').at(-1)]).toEqual([0, '1 file, 1 added'])
  expect(err).toContain('示范园区已退出')
})
