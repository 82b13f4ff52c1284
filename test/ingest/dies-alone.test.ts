import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Incoming, ingest } from '../../ingest/ingest.ts'
import { openReader } from '../../ingest/reader.ts'
import { codeOf } from '../../retrieval/base/errors.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { childrenOf } from '../bench/documents/children.ts'
import { openTestLibrary, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
afterAll(() => library.close())

const program = new URL('../fakes/dying-child.ts', import.meta.url)
/** Long enough for a busy machine, so that memory, not time, ends what takes memory. */
const limits = { program, patienceMs: 30_000, memoryBytes: 400 * 1024 * 1024 }
const text = (number: number) =>
  `# 测试园区第${number}类项目补助办法\n\n测园管〔2025〕${number}号\n\n第一条 对第${number}类项目按投入的${number}%给予补助，最高${number}0万元，由第${number}科受理。\n\n第二条 本办法自2025年2月1日起施行。\n\n测试园区管理委员会\n\n2025年1月1日\n`
const file = (name: string, number: number): Incoming => ({
  source: `dies/${number}-${name}`,
  name,
  bytes: async () => new TextEncoder().encode(text(number)),
})

/** How reading ends each of these files, and the code of its refusal. */
const deaths = { kill: 'damaged', heap: 'too_much_memory', buffers: 'too_much_memory', exit: 'damaged', throw: 'damaged' }
const slow = { loop: 'too_slow' }

/** Takes in a file of each name, with a good one after it. @returns name, outcome, code and hint */
async function outcomesOf(names: readonly string[], from: number, reading: typeof limits & { lanes: number }) {
  const files = names.flatMap((name, at) => [file(`${name}.md`, from + at * 2), file(`after-${name}.md`, from + at * 2 + 1)])
  const found: (readonly [string, string, string | null, string | null])[] = []
  const reader = openReader(reading)
  for await (const { path, outcome, error } of ingest(files, { library, log: silentLog, uploadedBy: 'os:test', reader }))
    found.push([path.replace(/^dies\/\d+-|\.md$/g, ''), outcome, error?.code ?? null, error?.hint ?? null])
  reader.close()
  return found
}

const expected = (codes: Readonly<Record<string, string>>) =>
  Object.entries(codes).flatMap(([name, code]) => [
    [name, 'refused', code, expect.stringContaining('Nothing else was affected')],
    [`after-${name}`, 'added', null, null],
  ])

test.skipIf(process.platform !== 'linux')(
  'whatever ends the reading child, that file gets an outcome with a reason, and the files after it are read',
  async () => {
    expect(await outcomesOf(Object.keys(deaths), 1, { ...limits, lanes: 2 })).toEqual(expected(deaths))
    expect(await outcomesOf(Object.keys(slow), 101, { ...limits, patienceMs: 1_500, lanes: 1 })).toEqual(expected(slow))
    expect((await library.documents.list()).length).toBe(Object.keys({ ...deaths, ...slow }).length)
  },
)

test.skipIf(process.platform !== 'linux')('killed from outside, mid-file or between two files, it is replaced', async () => {
  const before = new Set(childrenOf(process.pid))
  const reader = openReader({ ...limits, lanes: 1 })
  const child = () => childrenOf(process.pid).find((pid) => !before.has(pid)) ?? 0
  const good = () => reader.read(new TextEncoder().encode(text(1)), 'good.md')
  try {
    const looping = reader.read(new TextEncoder().encode(text(1)), 'loop.md')
    const next = good()
    while (child() === 0) await wait(5)
    process.kill(child(), 'SIGKILL')
    expect(await looping.catch(codeOf)).toBe('damaged')
    expect((await next).kind).toBe('text')
    process.kill(child(), 'SIGKILL')
    while (child() !== 0) await wait(5)
    expect((await good()).kind).toBe('text')
    expect((await good()).kind).toBe('text')
  } finally {
    reader.close()
  }
})
