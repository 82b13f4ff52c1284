import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { callbackCrypto } from '../../bot/channels/wecom/crypto.ts'
import { chatServer } from '../fakes/chat-server.ts'
import { openEmptyServerDatabase } from '../fakes/database.ts'
import { wecomServer } from '../fakes/wecom-server.ts'
import { wecomEnv, wecomKeys } from '../fakes/wecom-world.ts'

/** WeCom ends the connection after this, and calls again. */
const platformLimitMs = 5_000
const root = new URL('../../', import.meta.url).pathname
const policies = join(root, 'ingest/demo/policies')

type Load = { readonly rate: number; readonly seconds: number; readonly quiet: boolean }

type Figures = {
  database: 'embedded' | 'server'
  sent: number
  perSecond: number
  p50: number
  p99: number
  max: number
  overLimit: number
  refused: number
  documentsMeanwhile: number
  stored: number
}

/**
 * `npm run bench -- callbacks [--rate 200] [--seconds 20] [--quiet]`: how long WeCom waits for its 200, while documents are ingested and
 * every answer waits for a slow model. Open loop: a late answer delays no other call, and is timed from when it should have been sent. With
 * TEST_DATABASE_URL also on a server. `--quiet`: nothing is ingested.
 */
export async function run(args: readonly string[]): Promise<Figures[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '20' },
      quiet: { type: 'boolean', default: false },
    },
  })
  const load: Load = { rate: Number(values.rate), seconds: Number(values.seconds), quiet: values.quiet }
  const figures = [await measure(load, null)]
  if (process.env['TEST_DATABASE_URL'] !== undefined) {
    const database = await openEmptyServerDatabase()
    figures.push(await measure(load, database.url).finally(() => database.close()))
  }
  return figures
}

async function measure(load: Load, databaseUrl: string | null): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-bench-'))
  const [wecom, model] = [await wecomServer(), await chatServer()]
  model.script('hang')
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...wecomEnv(wecom),
    YUANQIAO_HOME: join(home, 'data'),
    PORT: '0',
    DEMO: '1',
    OPENAI_BASE_URL: model.baseUrl,
    CHAT_MODEL: 'slow',
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  }
  const service = spawn(process.execPath, ['bot/main.ts'], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  const url = await started(service.stderr)
  service.stderr.resume()
  const ingest = load.quiet ? { stop: async () => 0 } : ingesting(join(home, 'documents'), env)
  const times = await calls(url, wecom.corpId, load)
  const documents = await ingest.stop()
  service.kill('SIGKILL')
  await new Promise((resolve) => service.once('exit', resolve))
  await wecom.close()
  await model.close()
  rmSync(home, { recursive: true, force: true })
  const sorted = times.map((each) => each.ms).toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return {
    database: databaseUrl === null ? 'embedded' : 'server',
    sent: times.length,
    perSecond: load.rate,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    overLimit: sorted.filter((each) => each > platformLimitMs).length,
    refused: times.filter((each) => each.status !== 200).length,
    documentsMeanwhile: documents,
    stored: times.filter((each) => each.status === 200).length,
  }
}

/** @returns where the service listens, once it does */
async function started(log: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: log })
  for await (const line of lines) {
    const event = parsed(line)
    if (event?.event === 'started' && event.url !== undefined) return event.url.replace(/\/$/, '')
  }
  throw new Error('the service did not start')
}

function parsed(line: string): { event?: string; url?: string } | null {
  try {
    return JSON.parse(line) as { event?: string; url?: string } // our own log
  } catch {
    return null
  }
}

type Call = { readonly ms: number; readonly status: number }

/** Members ask one question each, at even intervals. */
async function calls(url: string, corpId: string, { rate, seconds }: Load): Promise<Call[]> {
  const crypto = callbackCrypto({ token: wecomKeys.WECOM_TOKEN, aesKey: wecomKeys.WECOM_AES_KEY, receiveId: corpId })
  const requests = Array.from({ length: rate * seconds }, (_, index) => {
    const sealed = crypto.seal(
      `<xml><ToUserName>${corpId}</ToUserName><FromUserName>member${index % 500}</FromUserName><CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content><![CDATA[第${index}家企业问：研发费用补助怎么申请？]]></Content><MsgId>${8_000_000_000 + index}</MsgId><AgentID>1000002</AgentID></xml>`,
    )
    const signed = { timestamp: '1700000000', nonce: `n${index}` }
    const msg_signature = crypto.signatureOf(signed.timestamp, signed.nonce, sealed)
    return {
      query: new URLSearchParams({ msg_signature, ...signed }).toString(),
      body: `<xml><ToUserName>${corpId}</ToUserName><AgentID>1000002</AgentID><Encrypt>${sealed}</Encrypt></xml>`,
    }
  })
  const begin = performance.now() + 200
  return Promise.all(
    requests.map(async ({ query, body }, index) => {
      const due = begin + (index * 1000) / rate
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
      const status = await fetch(`${url}/wecom/callback?${query}`, { method: 'POST', body }).then(
        async (answer) => {
          await answer.arrayBuffer()
          return answer.status
        },
        () => 0,
      )
      return { ms: performance.now() - due, status }
    }),
  )
}

/** A rule of 600 articles, as a code of law has them. */
function largeRule(round: number): string {
  const character = (at: number) => String.fromCodePoint(0x4e00 + ((at * 7919 + round) % 2_000))
  const article = (n: number) =>
    `第${n}条 ${Array.from({ length: 120 }, (_, index) => character(n * 131 + index * (n + 3))).join('')}。`
  const articles = Array.from({ length: 600 }, (_, index) => article(index + 1))
  return `# 第${round}轮大型条例\n\n${articles.join('\n\n')}\n`
}

/** Ingests copies of the demo park's documents, over and over, until it is stopped. @returns how many were read meanwhile */
function ingesting(folder: string, env: NodeJS.ProcessEnv): { stop(): Promise<number> } {
  let stopped = false
  let read = 0
  const rounds = (async () => {
    for (let round = 0; !stopped; round += 1) {
      const into = join(folder, String(round))
      mkdirSync(into, { recursive: true })
      for (const name of readdirSync(policies)) cpSync(join(policies, name), join(into, `${round}-${name}`))
      writeFileSync(join(into, `${round}.md`), `# 第${round}轮试行办法\n\n第一条 本办法自2026年1月1日起施行。\n`)
      writeFileSync(join(into, `0-${round}-large.md`), largeRule(round))
      const child = spawn(process.execPath, ['ingest/main.ts', into, '--json', '--publish'], {
        cwd: root,
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const lines = createInterface({ input: child.stdout })
      lines.on('line', () => {
        read += 1
        if (stopped) child.kill('SIGKILL')
      })
      await new Promise((resolve) => child.once('exit', resolve))
    }
  })()
  return {
    async stop() {
      const count = read
      stopped = true
      await rounds
      return count
    },
  }
}
