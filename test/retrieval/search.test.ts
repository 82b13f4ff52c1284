import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { type Filter, filterOf } from '../../retrieval/filter.ts'
import { searcher } from '../../retrieval/search.ts'
import { signals } from '../../retrieval/signals/index.ts'
import { searchStatement } from '../../retrieval/statement.ts'
import type { NewPassage } from '../../retrieval/store/documents.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
beforeEach(() => library.empty())
afterAll(() => library.close())

const clause = (text: string, change: Partial<NewPassage> = {}): NewPassage => ({
  clause: '第一条',
  heading: null,
  text,
  ...change,
})
const add = (title: string, change: Parameters<typeof policy>[1] = {}) =>
  library.documents.replace(policy(title, { passages: [clause('技术合同登记的奖励')], ...change }))
const titles = async (request: Parameters<TestLibrary['ask']>[1] = {}, text = '技术合同登记奖励') =>
  (await library.ask(text, request)).evidence.map(({ passage }) => passage.title).toSorted()

describe('what may be found', () => {
  test('a park sees its own, its city’s and national policies, not another city’s; * lifts that', async () => {
    await add('国家办法')
    await add('园区办法', { regions: ['云汀科技园'] })
    await add('本市办法', { regions: ['云汀'] })
    await add('联合办法', { regions: ['他市', '云汀市'] })
    await add('他市办法', { regions: ['他市'] })
    expect(await titles({ regions: ['云汀科技园', '云汀市', '云江省'] })).toEqual(
      ['国家办法', '园区办法', '本市办法', '联合办法'].toSorted(),
    )
    expect(await titles({ regions: '*' })).toHaveLength(5)
    expect(await titles({ regions: [] })).toEqual(['国家办法'])
  })

  test('what is for verified enterprises or for both sides alone is not found in an open chat', async () => {
    await library.documents.replace(
      policy('成果', {
        kind: 'achievement',
        passages: ([1, 2, 3] as const).map((visibility) =>
          clause(`膜材料成果 ${visibility}`, { clause: `成果${visibility}`, visibility }),
        ),
      }),
    )
    expect(await library.clauses('膜材料')).toEqual(['成果#成果1'])
    expect((await library.clauses('膜材料', { visibility: 2 })).toSorted()).toEqual(['成果#成果1', '成果#成果2'])
    expect(await library.clauses('膜材料', { visibility: 3 })).toHaveLength(3)
    expect((await library.ask('膜材料')).searched).toBe(1)
  })

  test('drafts, expired, scheduled, ended and undated policies are found only when asked for, with their status', async () => {
    await add('有效')
    await add('草案', { binding: false })
    await add('过期', { effectiveTo: '2026-01-01' })
    await add('未施行', { effectiveFrom: '2027-01-01' })
    await add('无日期', { issuedOn: null, effectiveFrom: null })
    await add('旧', { effectiveFrom: '2020-01-01', issuedOn: null })
    await add('新', { supersedes: ['《旧》'] })
    expect(await titles()).toEqual(['新', '有效'])
    const found = await library.ask('技术合同登记奖励', { validity: 'any' })
    expect(Object.fromEntries(found.evidence.map(({ passage }) => [passage.title, passage.status]))).toEqual({
      ...{
        有效: 'effective',
        草案: 'draft',
        过期: 'expired',
        未施行: 'scheduled',
        无日期: 'unknown',
        旧: 'superseded',
        新: 'effective',
      },
    })
    expect(await titles({ asOf: '2027-06-01' })).toContain('未施行')
    expect(await titles({ asOf: '2024-06-01' })).toEqual(['旧'])
  })

  test('what was let through is remembered until a document changes, by whomever and however', async () => {
    await add('甲')
    const other = await add('乙')
    expect(await titles()).toEqual(['甲', '乙'].toSorted())
    await library.documents.withdraw(other.documentId)
    expect(await titles()).toEqual(['甲'])
    await library.database.pool.query(`update document set regions = '{他市}' where title = '甲'`)
    expect(await titles({ regions: ['本市'] })).toEqual([])
    expect(await titles({ regions: ['他市'] })).toEqual(['甲'])
    await add('丙', { regions: ['本市'] })
    expect(await titles({ regions: ['本市'] })).toEqual(['丙'])
    expect(await titles({ regions: ['本市'], asOf: '2020-01-01' })).toEqual([])
  })

  test('only passages of the kinds asked for are found', async () => {
    await add('办法')
    await add('成果', { kind: 'achievement' })
    expect(await titles({ kinds: ['achievement'] })).toEqual(['成果'])
    expect(await titles({ kinds: ['policy', 'achievement'] })).toHaveLength(2)
    expect(await titles({ kinds: [] })).toEqual([])
  })

  test('a clause marked wrong is gone at once and comes back when the mark is taken off', async () => {
    await library.documents.replace(policy('办法', { passages: ['奖励一', '奖励二'] }))
    const id = (await library.ask('奖励一')).evidence[0]?.passage.id ?? ''
    await library.reviews.markWrong(id, true, 'test')
    expect(await library.clauses('奖励一')).toEqual(['办法#第2条'])
    await library.reviews.markWrong(id, false, 'test')
    expect(await library.clauses('奖励一')).toEqual(['办法#第1条', '办法#第2条'])
    await expect(library.reviews.markWrong('no such', true, 'test')).rejects.toMatchObject({ code: 'no_such_passage' })
  })

  test('a filter that lets one in a hundred through still returns its ten', async () => {
    for (let document = 0; document < 10; document++) {
      const passages = Array.from({ length: 100 }, (_, index) => `技术合同登记奖励 ${document}-${index}`)
      await library.documents.replace(policy(`办法${document}`, { regions: ['他市'], passages }))
    }
    await library.documents.replace(
      policy('本地', { regions: ['本市'], passages: Array.from({ length: 10 }, (_, index) => `奖励 ${index}`) }),
    )
    const found = await library.ask('技术合同登记奖励', { regions: ['本市'] })
    expect(found.evidence).toHaveLength(10)
    expect(found.searched).toBe(10)
  })
})

describe('ranking', () => {
  test('evidence carries all that a citation needs', async () => {
    await library.documents.replace(
      policy('技术合同登记奖励办法', {
        ...{ docNo: '云园管〔2025〕3号', effectiveTo: '2028-03-31', regions: ['云汀市'], source: 'a/b.docx', genre: '办法' },
        passages: [{ clause: '第六条', heading: '第二章 奖励', text: '最高20万元。', fields: { rate: 0.02 } }],
      }),
    )
    const { evidence } = await library.ask('最高多少万元')
    expect(evidence).toEqual([
      {
        score: expect.any(Number),
        signals: { words: expect.any(Number) },
        passage: {
          ...{
            id: expect.stringMatching(/^[0-9a-f]{16}\.1$/),
            documentId: expect.stringMatching(/^[0-9a-f]{16}$/),
            kind: 'policy',
            title: '技术合同登记奖励办法',
          },
          ...{
            docNo: '云园管〔2025〕3号',
            genre: '办法',
            clause: '第六条',
            heading: '第二章 奖励',
            text: '最高20万元。',
            position: 0,
            status: 'effective',
          },
          ...{
            issuedOn: '2025-01-01',
            effectiveFrom: '2025-01-01',
            effectiveTo: '2028-03-31',
            regions: ['云汀市'],
            source: 'a/b.docx',
            fields: { rate: 0.02 },
          },
        },
      },
    ])
  })

  test('the score of the words is BM25, and the terms tell how rare they are', async () => {
    await library.documents.replace(policy('', { passages: ['膜', '膜膜', '水'].map((text) => clause(text, { clause: null })) }))
    const found = await library.ask('膜')
    // On average they have (1 + 3 + 1) / 3 terms, which rounds to 2.
    const bm25 = (count: number, length: number) => {
      const weighed = count / (0.1 + (0.9 * length) / 2)
      return (Math.log(1 + 1.5 / 2.5) * weighed * 1.7) / (weighed + 0.7)
    }
    expect(found.evidence.map((each) => each.signals['words'])).toEqual([
      expect.closeTo(bm25(1, 1), 5),
      expect.closeTo(bm25(2, 3), 5),
    ])
    expect(found.terms).toEqual([{ term: '膜', idf: expect.closeTo(Math.log(1 + 1.5 / 2.5), 6), documents: 2 }])
    expect(found.searched).toBe(3)
  })

  test.each(['示園管（2025）3號', '示园管[2025]03号还有效吗', '（2025）3号是哪个文件'])(
    '%s finds its document before all others',
    async (question) => {
      for (let serial = 1; serial <= 12; serial++) await add(`办法${serial}`, { docNo: `示园管〔2025〕${serial}号` })
      await add('去年', { docNo: '示园管〔2024〕3号' })
      expect((await library.ask(question)).evidence[0]?.passage.docNo).toBe('示园管〔2025〕3号')
    },
  )

  test.each(['奖励三百万', '獎勵３００萬元', '奖励3,000,000元'])('%s finds 300万', async (question) => {
    await library.documents.replace(policy('办法', { passages: ['奖励200万元', '奖励300万元', '奖励30万元'] }))
    expect((await library.clauses(question))[0]).toBe('办法#第2条')
  })

  test('frequent words add to the score even when there are too many to be read', async () => {
    const filler = Array.from({ length: 1500 }, (_, index) => `企业申请资金支持的一般说明${index}`)
    await library.documents.replace(policy('说明', { passages: filler.slice(0, 750) }))
    await library.documents.replace(policy('说明二', { passages: filler.slice(750) }))
    await library.documents.replace(policy('办法', { passages: ['揭榜', '揭榜企业申请资金支持'] }))
    expect((await library.clauses('揭榜企业申请资金支持的一般说明')).slice(0, 2)).toEqual(['办法#第2条', '办法#第1条'])
    expect((await library.clauses('企业申请资金支持')).length).toBe(20)
  })

  test('a word in more passages than may be read still finds what there is', async () => {
    await library.documents.replace(policy('办法', { passages: ['揭榜'] }))
    await library.database.pool.query('update term_count set passages = 70000')
    expect(await library.clauses('揭榜')).toEqual(['办法#第1条'])
  })

  test('a filter that lets one passage in fifty through finds those that hold the frequent words of the question alone', async () => {
    const elsewhere = Array.from({ length: 980 }, (_, index) => `企业申请资金支持的揭榜说明${index}`)
    await library.documents.replace(policy('他市说明', { regions: ['他市'], passages: elsewhere }))
    await library.documents.replace(
      policy('本市说明', { regions: ['云汀市'], passages: Array.from({ length: 20 }, () => '企业申请资金支持的说明') }),
    )
    const found = await library.ask('揭榜企业申请资金支持', { regions: ['云汀市'] })
    expect(found.evidence.map(({ passage }) => passage.title)).toEqual(Array(20).fill('本市说明'))
  })

  test('ties are told apart by id, so two searches agree', async () => {
    await library.documents.replace(policy('办法', { passages: Array.from({ length: 60 }, () => '同样的文字') }))
    const [one, two] = [await library.clauses('同样的文字'), await library.clauses('同样的文字')]
    expect(one).toHaveLength(20)
    expect(two).toEqual(one)
    expect((await library.ask('同样的文字', { limit: 5 })).evidence).toHaveLength(5)
    expect((await library.ask('同样的文字', { limit: 50 })).evidence).toHaveLength(50)
  })

  test.each(['', '？！', '什么', '天气', '\u0000', "'; drop table passage; --", '膜'.repeat(5000)])(
    'a question like %j is answered, if with nothing',
    async (question) => {
      await add('办法')
      expect((await library.ask(question)).searched).toBe(1)
    },
  )

  test('questions of any length are one statement, so that a server plans it once', () => {
    const question = (count: number) => ({
      terms: Array.from({ length: count }, (_, at) => ({ term: `词${at}`, times: 1 })),
      vector: { embedder: 1, model: 'made-up', values: Array.from({ length: 256 }, () => count) },
    })
    const request = { text: '膜', asOf: '2026-11-23', regions: ['云汀市'], visibility: 1, validity: 'in_force' } as const
    const text = (count: number, filter: Filter | null) => searchStatement(request, question(count), signals, 20, filter).text
    expect(text(1, null)).toBe(text(150, filterOf('1', '0101', 7)))
  })

  test('a name in letters says as much as a Chinese word', async () => {
    await add('甲', { passages: [clause('认证奖励按年度兑现')] })
    await add('乙', { passages: [clause('GMP奖励按年度兑现')] })
    expect((await library.ask('GMP认证')).evidence.map(({ passage }) => passage.title)).toEqual(['乙', '甲'])
  })

  test('many questions at once take turns, so that a connection is left for what must be stored', async () => {
    await add('办法')
    const { pool } = library.database
    let [now, most] = [0, 0]
    const search = searcher({
      ask: async (text, values) => {
        most = Math.max(most, ++now)
        return pool.query(text, [...values]).finally(() => now--)
      },
      embed: async () => null,
      reranker: null,
      log: silentLog,
    })
    const request = { text: '技术合同登记奖励', asOf: '2026-11-23', regions: '*', visibility: 1, validity: 'in_force' } as const
    const found = await Promise.all(Array.from({ length: 20 }, () => search(request)))
    expect(found.map(({ evidence }) => evidence.length)).toEqual(Array(20).fill(1))
    expect(most).toBeLessThanOrEqual(3)
  })

  test('an empty library finds nothing', async () => {
    expect(await library.ask('奖励')).toMatchObject({ evidence: [], searched: 0 })
  })
})
