import { RunnableLambda } from '@langchain/core/runnables'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { YuanqiaoRetriever } from '../../bot/models/retriever.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary({ PARK_REGION: '*' })
  await library.documents.replace(
    policy('中试补助办法', {
      docNo: '示园管〔2025〕3号',
      passages: ['使用中试平台的，按服务费的40%给予补助。', '每年5月受理中试补助。'],
    }),
  )
  await library.documents.replace(
    policy('旧中试办法', { effectiveTo: '2025-12-31', passages: ['使用中试平台的，按服务费的90%给予补助。'] }),
  )
})
afterAll(() => library.close())

const clock = () => new Date('2026-11-23T04:00:00Z')

test('a chain of LangChain gets passages in force, with what is needed to cite them', async () => {
  const retriever = new YuanqiaoRetriever({ library, k: 3, clock })
  const chain = retriever.pipe(
    RunnableLambda.from((documents: { pageContent: string }[]) => documents.map((each) => each.pageContent)),
  )
  const texts = await chain.invoke('中试平台服务费补助多少')
  expect(texts[0]).toContain('40%')
  expect(texts.join()).not.toContain('90%')
  const [first] = await retriever.invoke('中试平台服务费补助多少')
  expect(first?.metadata).toMatchObject({
    title: '中试补助办法',
    docNo: '示园管〔2025〕3号',
    clause: '第1条',
    status: 'effective',
    score: expect.any(Number),
  })
})

test('another day and fewer passages can be asked for', async () => {
  const then = new YuanqiaoRetriever({ library, k: 1, clock, request: { asOf: '2025-06-01' } })
  expect(await then.invoke('中试平台服务费补助多少')).toHaveLength(1)
  const all = new YuanqiaoRetriever({ library, clock, request: { validity: 'any' } })
  expect((await all.invoke('中试平台服务费补助多少')).map((each) => each.pageContent).join()).toContain('90%')
})
