import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stepsOfOutcome } from '../../bot/chain/outcome.ts'
import {
  type Evidence,
  endOf,
  impliedBy,
  nextStages,
  restsOn,
  rules,
  type Stage,
  stageNow,
  stages,
  type Taker,
  verdictOn,
} from '../../bot/chain/stages.ts'
import { outcomes } from '../../bot/handoff/desk/action.ts'

const owner: Taker = { is: 'person', role: 'broker', owns: true, excluded: false }
const other: Taker = { ...owner, owns: false }
const lead: Taker = { is: 'person', role: 'lead', owns: false, excluded: false }
const staff: Taker = { is: 'person', role: 'staff', owns: false, excluded: false }
const conflict: Taker = { ...owner, excluded: true }
const enterprise: Taker = { is: 'enterprise' }
const bare = (stages: readonly Stage[]) => stages.map((stage) => ({ stage, evidence: {} }))
const full = { amount: 1, reg_no: '2026', reason: 'price', note: '不是真实需求' }

test.each<[Stage, Stage[], Taker, object, string]>([
  ['vetted', ['collected'], staff, {}, 'ok'],
  ['vetted', ['collected'], owner, {}, 'ok'],
  ['vetted', ['collected'], other, {}, 'not_yours'],
  ['vetted', ['collected'], enterprise, {}, 'not_yours'],
  ['vetted', ['collected'], conflict, {}, 'excluded'],
  ['vetted', ['collected', 'vetted'], staff, {}, 'already'],
  ['published', ['collected'], staff, {}, 'not_yet'],
  ['published', ['collected', 'vetted'], staff, {}, 'ok'],
  ['published', ['collected', 'vetted', 'introduced', 'signed'], lead, {}, 'too_late'],
  ['introduced', ['collected'], owner, {}, 'not_yet'],
  ['introduced', ['collected', 'vetted'], owner, {}, 'ok'],
  ['introduced', ['collected', 'vetted'], staff, {}, 'not_yours'],
  ['agreed', ['collected', 'vetted'], owner, {}, 'not_yet'],
  ['signed', ['collected', 'vetted', 'introduced'], owner, {}, 'lacks'],
  ['signed', ['collected', 'vetted', 'introduced'], owner, { amount: 0 }, 'ok'],
  ['registered', ['collected', 'vetted', 'introduced', 'signed'], owner, { amount: 5 }, 'lacks'],
  ['registered', ['collected', 'vetted', 'introduced', 'signed'], lead, full, 'ok'],
  ['redeemed', ['collected', 'vetted', 'introduced', 'signed'], owner, full, 'not_yet'],
  ['redeemed', ['collected', 'vetted', 'introduced', 'registered', 'redeemed'], owner, full, 'ok'],
  ['received', ['collected', 'vetted', 'introduced', 'signed', 'received'], staff, full, 'ok'],
  ['withdrawn', ['collected', 'vetted', 'published'], enterprise, {}, 'ok'],
  ['withdrawn', ['collected', 'vetted', 'introduced', 'signed'], enterprise, {}, 'too_late'],
  ['vetted', ['collected', 'withdrawn'], staff, {}, 'over'],
  ['rejected', ['collected'], staff, {}, 'lacks'],
  ['rejected', ['collected'], staff, full, 'ok'],
  ['failed', ['collected', 'vetted', 'introduced'], owner, full, 'ok'],
  ['coached', ['collected'], owner, {}, 'no_such_stage'],
])('a demand: %s after %j is %s', (stage, standing, by, evidence, code) => {
  expect(verdictOn('demand', stage, { standing: bare(standing), by, evidence }).code).toBe(code)
})

test.each<[Stage, Stage[], Taker, object, string]>([
  ['collected', [], { is: 'rule' }, {}, 'ok'],
  ['published', ['collected'], { is: 'rule' }, {}, 'not_yet'],
  ['published', ['collected', 'reviewed'], other, {}, 'not_yours'],
  ['coached', ['collected', 'reviewed', 'published'], other, {}, 'ok'],
  ['coached', ['collected', 'reviewed', 'published'], enterprise, {}, 'not_yours'],
  ['roadshow', ['collected', 'reviewed', 'published', 'coached', 'roadshow'], staff, {}, 'ok'],
  ['financed', ['collected', 'reviewed', 'published', 'roadshow'], other, {}, 'lacks'],
  ['transferred', ['collected', 'reviewed'], lead, {}, 'not_yet'],
  ['transferred', ['collected', 'reviewed', 'published'], other, {}, 'ok'],
  ['withdrawn', ['collected'], other, full, 'not_yours'],
  ['introduced', ['collected'], lead, {}, 'no_such_stage'],
])('an achievement: %s after %j is %s', (stage, standing, by, evidence, code) => {
  expect(verdictOn('achievement', stage, { standing: bare(standing), by, evidence }).code).toBe(code)
})

test.each<[Stage, Evidence, [Stage, Evidence][], string]>([
  ['signed', { amount: 100, received: 100 }, [], 'ok'],
  ['signed', { amount: 100, received: 101 }, [], 'received_over'],
  ['registered', { amount: 100, reg_no: 'R', technology_amount: 101 }, [['signed', { amount: 200 }]], 'technology_over'],
  ['received', { amount: 100 }, [['signed', { amount: 100 }]], 'ok'],
  // What was paid when it was signed counts too, once however often it is said again.
  ['received', { amount: 80 }, [['signed', { amount: 100, received: 30 }]], 'received_over'],
  ['registered', { amount: 100, reg_no: 'R', received: 100 }, [['signed', { amount: 100, received: 100 }]], 'ok'],
  // A contract registered for less than what has arrived.
  [
    'registered',
    { amount: 50, reg_no: 'R' },
    [
      ['signed', { amount: 100 }],
      ['received', { amount: 90 }],
    ],
    'received_over',
  ],
  ['received', { amount: 5 }, [['signed', {}]], 'ok'],
])('sums of %s %j after %j are %s', (stage, evidence, before, code) => {
  const stood = before.map(([each, of]) => ({ stage: each, evidence: of }))
  expect(
    verdictOn('demand', stage, { standing: [...bare(['collected', 'vetted', 'introduced']), ...stood], by: owner, evidence })
      .code,
  ).toBe(code)
})

test('an achievement that is transferred by a contract of its own is held to it too', () => {
  const standing = bare(['collected', 'reviewed', 'published'])
  const code = (evidence: Evidence) => verdictOn('achievement', 'transferred', { standing, by: other, evidence }).code
  expect(code({ amount: 80, technology_amount: 100 })).toBe('technology_over')
  expect(code({ amount: 80, received: 100 })).toBe('received_over')
  expect(code({ amount: 80, technology_amount: 80, received: 80 })).toBe('ok')
})

const takers = [owner, other, lead, staff, conflict, enterprise, { is: 'rule' } as const]

test('however steps are taken, each rests on an earlier one, ends once, and whoever has a conflict of interest takes none', () => {
  const kinds = ['demand', 'achievement'] as const
  const tries = fc.array(fc.tuple(fc.constantFrom(...stages), fc.constantFrom(...takers)), { maxLength: 40 })
  fc.assert(fc.property(fc.constantFrom(...kinds), tries, walked), { numRuns: 300 })
})

function walked(kind: 'demand' | 'achievement', tries: readonly (readonly [Stage, Taker])[]): void {
  const standing: Stage[] = []
  for (const [stage, by] of tries) {
    const { code } = verdictOn(kind, stage, { standing: bare(standing), by, evidence: full })
    expect(nextStages(kind, standing, by).includes(stage)).toBe(code === 'ok')
    if (code !== 'ok') continue
    expect(by).not.toBe(conflict)
    expect(endOf(kind, standing)).toBeNull()
    const { after = [], repeats = false } = rules[kind][stage] ?? {}
    expect(after.length === 0 || after.some((each) => standing.includes(each))).toBe(true)
    expect(repeats || !standing.includes(stage)).toBe(true)
    standing.push(stage)
  }
  for (const stage of standing) {
    const others = standing.filter((each) => each !== stage)
    for (const each of restsOn(kind, stage, others)) expect(rules[kind][each]?.after).toContain(stage)
  }
  expect(stageNow(kind, standing) === null).toBe(standing.length === 0)
}

test("an outcome is steps of the demand, with what it implies; without a demand it is the case's", () => {
  const of = (demand: string | null, standing: Stage[]) => ({ ticket: '7', demand, standing })
  const stagesOf = (...args: Parameters<typeof stepsOfOutcome>) =>
    stepsOfOutcome(...args).map((each) => `${each.subject.kind}:${each.stage}`)
  expect(stagesOf('registered', { amount: 5 }, of('3', ['collected']))).toEqual([
    'demand:vetted',
    'demand:introduced',
    'demand:registered',
  ])
  expect(stagesOf('registered', { amount: 5 }, of(null, []))).toEqual(['case:registered'])
  expect(stagesOf('policy_paid', {}, of('3', ['collected', 'vetted']))).toEqual(['case:redeemed'])
  expect(stagesOf('policy_paid', {}, of('3', ['collected', 'vetted', 'introduced', 'registered']))).toEqual(['demand:redeemed'])
  expect(stagesOf('financed', {}, of('3', ['collected']))).toEqual(['case:financed'])
  expect(stagesOf('price', {}, of('3', ['collected', 'vetted']))).toEqual(['demand:failed'])
  expect(stagesOf('price', {}, of(null, []))).toEqual([])
  expect(stagesOf('contract_signed', {}, of('3', ['collected', 'withdrawn']))).toEqual(['case:signed'])
  expect(stagesOf('answered', {}, of('3', ['collected']))).toEqual([])
  // Steps that were taken since keep what they rest on.
  expect(stagesOf('answered', {}, of('3', ['collected', 'agreed']))).toEqual(['demand:vetted', 'demand:introduced'])
  expect(stagesOf('trial', {}, of('3', ['collected', 'agreed']))).toEqual(['demand:vetted', 'demand:introduced', 'demand:agreed'])
  // What is implied could have been taken one by one.
  for (const outcome of outcomes) {
    const standing: Stage[] = ['collected']
    for (const { subject, stage } of stepsOfOutcome(outcome, full, of('3', standing)))
      if (subject.kind === 'demand') {
        expect(verdictOn('demand', stage, { standing: bare(standing), by: lead, evidence: full }).code).toBe('ok')
        standing.push(stage)
      }
  }
  expect(impliedBy('signed', ['collected', 'vetted', 'introduced'])).toEqual([])
})
