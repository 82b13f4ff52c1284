import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { prepared } from '../../retrieval/prepared.ts'
import { searcher } from '../../retrieval/search.ts'
import { leastCoded } from '../../retrieval/signals/vector.ts'
import { migrate, migrations } from '../../retrieval/store/migrate.ts'
import { prepare } from '../../retrieval/store/passages.ts'
import { ensureEmbedder, serve } from '../../retrieval/store/vectors.ts'
import { firstUsualLength, impactOf } from '../../retrieval/text/impact.ts'
import { world } from '../bench/search/world.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
afterAll(() => library.close())

const rule = policy('技术合同登记办法', {
  docNo: '园科〔2025〕7号',
  passages: [
    { clause: '第一条', heading: '总则', text: '技术合同登记的奖励按年度核定，奖励最高5万元。' },
    { clause: '第二条', heading: null, text: '申请登记的，应当提交合同文本。'.repeat(30) },
    ...Array.from({ length: 118 }, (_, serial) => ({
      clause: null,
      heading: null,
      text: `第${serial}批揭榜挂帅项目的评审安排。`,
    })),
  ],
})

/** A document as versions up to 0096 wrote it: terms counted without telling text from labels, impacts of the fit of then. */
async function writeAsBefore(): Promise<void> {
  const { pool } = library.database
  const ready = prepare(rule)
  const length = ready.reduce((sum, each) => sum + each.length, 0)
  await pool.query(
    `insert into document (id, family, version, source, sha256, fingerprint, kind, title, doc_no, effective_from, passages, length, state)
     values ('old', 'old', 1, 'old.md', 'old', 'old', 'policy', $1, $2, '2025-01-01', $3, $4, 'live')`,
    [rule.title, rule.docNo, ready.length, length],
  )
  for (const [position, { passage, terms, length }] of ready.entries()) {
    await pool.query(
      `with stored as (insert into passage (id, document_id, position, clause, heading, text, terms)
                       values ('old.' || ($1::int + 1), 'old', $1, $2, $3, $4, $5) returning number)
       insert into posting (term, passage, document, count, length)
       select term, stored.number, document.number, count, $7 from stored, document, unnest($5::int[], $6::int[]) as each (term, count)`,
      [position, passage.clause, passage.heading, passage.text, [...terms.keys()], [...terms.values()].map(sum), length],
    )
  }
  await pool.query(
    `update passage set impacts = made.impacts
       from (select passage, ('{' || string_agg(place || ':' || impact, ',') || '}/1000000000')::sparsevec as impacts
               from (select passage, (term::bigint & 4294967295) % 1000000000 + 1 as place,
                            max((1.9::float8 * count / (count + 0.36::float8 + 0.00108::float8 * length))::real) as impact
                       from posting group by 1, 2) as placed
              group by passage) as made
      where made.passage = passage.number`,
  )
  await pool.query('insert into term_count (term, passages) select term, count(*) from posting group by term')
  await pool.query(`insert into library_state (name, value) values ('totals', $1), ('analyzed', $2)`, [
    { passages: ready.length, length },
    String(ready.length),
  ])
}
const sum = ({ text, labels }: { text: number; labels: number }) => text + labels

const rows = async (sql: string) => (await library.database.pool.query(sql)).rows
const passages = () => rows('select position, terms, impacts::text from passage order by position')
const postings = () =>
  rows('select o.term, p.position, o.impact from posting o join passage p on p.number = o.passage order by o.term, p.position')

test('a library from before impacts is searched right after the upgrade, and measured like a new one after its first upkeep', async () => {
  const { pool } = library.database
  await pool.query('drop schema public cascade; create schema public')
  const known = migrations()
  const before = known.filter(({ name }) => name < '0097')
  expect(before.length).toBeLessThan(known.length)
  await migrate(pool, before)
  await writeAsBefore()
  expect(await migrate(pool)).toEqual(known.slice(before.length).map(({ name }) => name))

  expect((await library.clauses('技术合同登记的奖励最高多少'))[0]).toBe('技术合同登记办法#第一条')
  const atUpgrade = await passages()
  await library.documents.keepUp()
  const measured = { passages: await passages(), postings: await postings() }
  expect(measured.passages).not.toEqual(atUpgrade)
  expect((await library.clauses('技术合同登记的奖励最高多少'))[0]).toBe('技术合同登记办法#第一条')

  await library.empty()
  await library.documents.replace(rule)
  expect(await passages()).toEqual(measured.passages)
  // Old postings stay as migration 0110 made them: the same terms of the same passages, their labels counted as text.
  const ready = prepare(rule)
  const places = (of: typeof measured.postings) => of.map(({ term, position }) => [term, position])
  expect(places(measured.postings)).toEqual(places(await postings()))
  for (const { term, position, impact } of measured.postings) {
    const { terms, length } = ready[position] ?? { terms: new Map(), length: 0 }
    expect(impact).toBeCloseTo(impactOf({ text: sum(terms.get(term)), labels: 0 }, length, firstUsualLength), 5)
  }
})

test('vectors from before codes had rows of their own go on being found, by the same codes', async () => {
  const { pool } = library.database
  await pool.query('drop schema public cascade; create schema public')
  await migrate(
    pool,
    migrations().filter(({ name }) => name < '0120'),
  )
  await pool.query(
    `insert into document (id, family, version, source, sha256, fingerprint, kind, title, effective_from, passages, length, state)
     values ('old', 'old', 1, 'old.md', 'old', 'old', 'policy', '测试办法', '2025-01-01', 40, 40, 'live')`,
  )
  await pool.query(
    `insert into passage (id, document_id, position, text, terms) select 'old.' || each, 'old', each, '膜', '{}' from generate_series(1, 40) as each`,
  )
  const { id: embedder } = await ensureEmbedder(pool, 'of-before', leastCoded, true)
  await serve(pool, embedder)
  const made = world(40, leastCoded)
  await pool.query(
    `insert into passage_vector (embedder, passage, document, vector)
     select $1, p.number, d.number, each.vector::vector
       from unnest($2::text[]) with ordinality as each (vector, place) join passage p on p.position = place join document d on d.id = p.document_id`,
    [embedder, Array.from({ length: 40 }, (_, n) => JSON.stringify(made.vectorOf(n)))],
  )
  const codes = await rows('select passage, code::text from passage_vector order by passage')
  await migrate(pool)

  expect(await rows('select passage, code::text from passage_code order by passage')).toEqual(codes)
  const search = searcher({
    ask: prepared(pool, false),
    embed: async () => ({ embedder, model: 'made-up', values: made.vectorOf(6) }),
    reranker: null,
    log: silentLog,
  })
  const request = { text: '任意', asOf: '2026-01-01', regions: '*', visibility: 1, validity: 'in_force' } as const
  const [best] = (await search(request)).evidence
  expect(best?.passage.position).toBe(7)
  expect(best?.signals['vector']).toBeCloseTo(1, 3)
})
