import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readUsualLength, setMeasured } from '../../retrieval/store/library-state.ts'
import { impactOf } from '../../retrieval/text/impact.ts'
import { hashOf, termsOf } from '../../retrieval/text/terms.ts'
import { keptLog, openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
beforeEach(() => library.empty())
afterAll(() => library.close())

const short = '技术合同登记的奖励'
const long = (serial: number) => `${`第${serial}批揭榜挂帅项目的申报材料与评审安排。`.repeat(20)}${serial}`
const several = (title: string, count: number, textOf: (serial: number) => string) =>
  policy(title, {
    passages: Array.from({ length: count }, (_, serial) => ({ clause: null, heading: null, text: textOf(serial) })),
  })

/** For every passage, against what usual length its stored impacts were measured: solved from the first pair of characters in its text. */
async function measuredAgainst(): Promise<number[]> {
  const { rows } = await library.database.pool.query<{ title: string; text: string; impacts: string }>(
    'select d.title, p.text, p.impacts::text from passage p join document d on d.id = p.document_id order by p.number',
  )
  return rows.map(({ title, text, impacts }) => {
    const terms = termsOf(text)
    const pair = terms.find((each) => /^\p{Script=Han}{2}$/u.test(each)) ?? ''
    const place = `${((hashOf(pair) >>> 0) % 1_000_000_000) + 1}:`
    const impact = Number(
      impacts
        .slice(1, impacts.indexOf('}'))
        .split(',')
        .find((each) => each.startsWith(place))
        ?.slice(place.length),
    )
    const weighed = (0.7 * impact) / (1.7 - impact)
    const length = 2 * termsOf(title).length + terms.length
    return Math.round((0.9 * length) / (terms.filter((each) => each === pair).length / weighed - 0.1))
  })
}

describe('an impact', () => {
  const count = fc.integer({ min: 0, max: 500 })
  const some = fc.record({
    said: fc.record({ text: count, labels: count }).filter(({ text, labels }) => text + labels > 0),
    length: fc.integer({ min: 1, max: 30_000 }),
    usual: fc.integer({ min: 1, max: 3000 }),
  })

  test('grows with what is said, falls with the length as far as the text says it, and stays below 1.7', () => {
    fc.assert(
      fc.property(some, ({ said, length, usual }) => {
        const impact = impactOf(said, length, usual)
        expect(impact).toBeGreaterThan(0)
        expect(impact).toBeLessThan(1.7)
        expect(impactOf({ ...said, text: said.text + 1 }, length, usual)).toBeGreaterThan(impact)
        expect(impactOf({ ...said, labels: said.labels + 1 }, length, usual)).toBeGreaterThan(impact)
        if (said.text > 0) expect(impactOf(said, length + 1, usual)).toBeLessThan(impact)
        else expect(impactOf(said, length + 1, usual)).toBe(impact)
      }),
    )
  })

  test('of a passage twice as long in a library of passages twice as long is the same', () => {
    fc.assert(
      fc.property(some, ({ said, length, usual }) => {
        expect(impactOf(said, 2 * length, 2 * usual)).toBeCloseTo(impactOf(said, length, usual), 12)
      }),
    )
  })

  test('a clause is not found before others for being the shortest under the same title', async () => {
    await library.documents.replace(
      policy('路演与创新活动支持指南', {
        passages: [
          '每期最高3万元。',
          '本指南自2026年1月1日起施行，至2026年12月31日失效，由园区管理办公室负责解释。',
          '活动须在园区举办并向园区企业开放。',
        ],
      }),
    )
    expect((await library.clauses('路演与创新活动支持指南什么时候失效'))[0]).toBe('路演与创新活动支持指南#第2条')
  })
})

describe('the usual length', () => {
  test('is the average of the library from its first document on', async () => {
    await library.documents.replace(several('甲', 2, () => short))
    expect(await readUsualLength(library.database.pool)).toEqual({ length: 19, behind: null })
    expect(await measuredAgainst()).toEqual([19, 19])
  })

  test('stays while the average is near, and follows it with every passage when it has moved away', async () => {
    await library.documents.replace(several('甲', 60, () => short))
    await library.documents.replace(several('乙', 70, (serial) => `${short}${serial % 2 === 0 ? '和' : ''}`))
    await library.documents.settle()
    expect((await readUsualLength(library.database.pool))?.length).toBe(19)
    await library.documents.replace(several('丙', 200, long))
    const { length } = (await readUsualLength(library.database.pool)) ?? { length: 0 }
    expect(length).toBeGreaterThan(300)
    const against = await measuredAgainst()
    expect(against).toHaveLength(330)
    for (const each of against) expect(Math.abs(each / length - 1)).toBeLessThan(0.02)
  })

  test('a walk that was broken off goes on where it was', async () => {
    await library.documents.replace(several('甲', 120, () => short))
    const { pool } = library.database
    await pool.query(`update library_state set value = jsonb_set(value, '{length}', '38') where name = 'usual_length'`)
    const { rows } = await pool.query<{ number: number }>('select number from passage order by number offset 59 limit 1')
    await setMeasured(pool, rows[0]?.number ?? 0)
    await library.documents.replace(several('乙', 1, () => short))
    expect((await readUsualLength(pool))?.behind).toBe(rows[0]?.number)
    await pool.query(
      `update library_state set value = jsonb_build_object('passages', 121, 'length', 121 * 38) where name = 'totals'`,
    )
    await library.documents.keepUp()
    expect(await measuredAgainst()).toEqual([...Array.from({ length: 60 }, () => 19), ...Array.from({ length: 61 }, () => 38)])
    expect(await readUsualLength(pool)).toEqual({ length: 38, behind: null })
  })

  test('what is searched meanwhile is found, and two that walk at once share the work', async () => {
    const other = await openTestLibrary({}, library.database)
    await library.documents.replace(several('甲', 150, () => short))
    await library.database.pool.query(
      `update library_state set value = '{"length": 40, "behind": 0}' where name = 'usual_length'`,
    )
    const [, , found] = await Promise.all([library.documents.settle(), other.documents.settle(), library.ask(short)])
    expect(found.evidence).toHaveLength(20)
    const { length } = (await readUsualLength(library.database.pool)) ?? { length: 0 }
    expect(new Set(await measuredAgainst())).toEqual(new Set([length]))
  })

  test('follows documents that go live by approval', async () => {
    const waiting = await library.documents.replace({ ...several('甲', 50, () => short), state: 'waiting' })
    expect(await readUsualLength(library.database.pool)).toBeNull()
    await library.reviews.approve(waiting.documentId, 'person:p')
    expect(await readUsualLength(library.database.pool)).toEqual({ length: 19, behind: null })
    expect(new Set(await measuredAgainst())).toEqual(new Set([19]))
  })

  test('of more than a moment’s passages is followed in the background', async () => {
    await library.documents.replace(several('甲', 1001, () => short))
    await library.documents.keepUp()
    expect(await readUsualLength(library.database.pool)).toEqual({ length: 19, behind: null })
    expect(new Set(await measuredAgainst())).toEqual(new Set([19]))
  })

  test('that cannot be followed fails no document, is told, and is made good at the next start', async () => {
    const { pool } = library.database
    const { log, events } = keptLog()
    const other = await openTestLibrary({}, library.database, log)
    await pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
                      create trigger refuse before update on passage for each row execute function refuse()`)
    const stored = await other.documents.replace(several('甲', 3, () => short))
    await pool.query('drop trigger refuse on passage; drop function refuse')
    expect(stored).toMatchObject({ outcome: 'added', passages: 3 })
    expect(events).toMatchObject([{ event: 'upkeep_stopped' }])
    await library.documents.keepUp()
    expect(await measuredAgainst()).toEqual([19, 19, 19])
  })

  test.each([
    ['before the average was taken', `delete from library_state where name = 'usual_length'`],
    ['before the statistics were made', `insert into library_state (name, value) values ('unanalyzed', 'true')`],
  ])('and the statistics survive a process that died %s', async (_, died) => {
    const { pool } = library.database
    await library.documents.replace(several('甲', 3, () => short))
    await library.documents.replace(several('乙', 1, () => short))
    await pool.query(died)
    await library.documents.keepUp()
    expect(await measuredAgainst()).toEqual([19, 19, 19, 19])
    const { rows } =
      await pool.query(`select (select count(*)::int from library_state where name = 'unanalyzed') as left, reltuples::int as known
                                         from pg_class where oid = 'passage'::regclass`)
    expect(rows).toEqual([{ left: 0, known: died.includes('unanalyzed') ? 4 : 3 }])
  })
})
