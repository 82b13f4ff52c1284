import type { Role } from '../handoff/people.ts'

/** What walks along the chain: a demand, an achievement, or a case that has neither. */
export type Kind = 'demand' | 'achievement' | 'case'

export const stages = [
  'collected',
  'vetted',
  'reviewed',
  'published',
  'introduced',
  'agreed',
  'signed',
  'registered',
  'received',
  'redeemed',
  'coached',
  'roadshow',
  'financed',
  'transferred',
  'rejected',
  'withdrawn',
  'failed',
] as const
export type Stage = (typeof stages)[number]

/** What shows that a step was taken. Amounts in yuan. */
export type Evidence = {
  readonly amount?: number
  readonly technology_amount?: number
  readonly received?: number
  readonly reg_no?: string
  readonly round?: string
  /** Of an agreement: nda, trial … */
  readonly kind?: string
  /** Of a failure: a code of the closed list of outcomes. */
  readonly reason?: string
  readonly policy?: string
  /** The other side: `A12`, or the case `T45` of whoever offered. */
  readonly with?: string
  readonly form?: 'open' | 'anonymous'
  /** Of a transfer: the demand whose contract it is part of. */
  readonly demand?: string
  readonly note?: string
}

/** Who takes a step. `owns`: the case is theirs, or nobody's. */
export type Taker =
  | { readonly is: 'person'; readonly role: Role; readonly owns: boolean; readonly excluded: boolean }
  | { readonly is: 'enterprise' }
  | { readonly is: 'rule' }

/** `desk`: staff and leads. `owner`: the broker of the case, or a lead. */
type Right = 'enterprise' | 'rule' | 'desk' | 'owner' | 'broker'

type Rule = {
  /** One of these must have been reached; empty: the first stage. */
  readonly after: readonly Stage[]
  readonly by: readonly Right[]
  /** None of these may have been reached: it would come too late. */
  readonly notAfter?: readonly Stage[]
  readonly needs?: readonly (keyof Evidence)[]
  readonly repeats?: boolean
  /** Nothing follows. */
  readonly ends?: boolean
}

const alive: readonly Stage[] = ['collected', 'vetted', 'published', 'introduced', 'agreed']
const shown: readonly Stage[] = ['published', 'coached', 'roadshow']
const inHand: readonly Right[] = ['owner', 'desk']

export const rules: Readonly<Record<Kind, Readonly<Partial<Record<Stage, Rule>>>>> = {
  demand: {
    collected: { after: [], by: ['enterprise', 'owner', 'desk'] },
    vetted: { after: ['collected'], by: inHand },
    published: { after: ['vetted'], by: inHand, notAfter: ['signed', 'registered'] },
    introduced: { after: ['vetted', 'published'], by: ['owner'] },
    agreed: { after: ['introduced'], by: ['owner'] },
    signed: { after: ['introduced', 'agreed'], by: ['owner'], needs: ['amount'] },
    registered: { after: ['introduced', 'agreed', 'signed'], by: inHand, needs: ['reg_no', 'amount'] },
    received: { after: ['signed', 'registered'], by: inHand, needs: ['amount'], repeats: true },
    redeemed: { after: ['registered'], by: inHand, needs: ['amount'], repeats: true },
    rejected: { after: ['collected'], by: inHand, notAfter: ['introduced', 'signed', 'registered'], needs: ['note'], ends: true },
    withdrawn: { after: alive, by: ['enterprise', 'owner', 'desk'], notAfter: ['signed', 'registered'], ends: true },
    failed: { after: alive, by: inHand, notAfter: ['registered'], needs: ['reason'], ends: true },
  },
  achievement: {
    collected: { after: [], by: ['rule'] },
    reviewed: { after: ['collected'], by: ['rule', 'desk'] },
    published: { after: ['reviewed'], by: ['rule', 'desk'] },
    coached: { after: ['published'], by: ['broker', 'desk'] },
    roadshow: { after: ['published', 'coached'], by: ['broker', 'desk'], repeats: true },
    financed: { after: shown, by: ['broker', 'desk'], needs: ['amount'], repeats: true },
    transferred: { after: shown, by: ['rule', 'broker', 'desk'] },
    withdrawn: { after: ['collected'], by: ['desk'], notAfter: ['transferred'], needs: ['note'], ends: true },
  },
  case: {
    introduced: { after: [], by: ['owner'] },
    agreed: { after: [], by: ['owner'] },
    signed: { after: [], by: ['owner'] },
    registered: { after: [], by: ['owner'] },
    redeemed: { after: [], by: ['owner'] },
    financed: { after: [], by: ['owner'] },
  },
}

/** A step that was taken, as far as the next one depends on it. */
export type Stood = { readonly stage: Stage; readonly evidence: Evidence }

/** Whoever it is, and whatever shows it: not theirs to take. */
type Foreign = 'no_such_stage' | 'not_yours' | 'excluded'
/** Part of a contract that is worth more than the contract. */
export type Excess = 'technology_over' | 'received_over'
export type Verdict =
  | { readonly code: 'ok' }
  /** Also: taken already · something ended it · it would come too late. */
  | { readonly code: Foreign | 'already' | 'over' | 'too_late' | Excess }
  | { readonly code: 'not_yet'; readonly after: readonly Stage[] }
  | { readonly code: 'lacks'; readonly lacks: readonly (keyof Evidence)[] }

/** Pure: whether a step may follow those that stand, and may be taken by this person. Rights come first: nobody learns more than theirs. */
export function verdictOn(
  kind: Kind,
  stage: Stage,
  { standing, by, evidence }: { readonly standing: readonly Stood[]; readonly by: Taker; readonly evidence: Evidence },
): Verdict {
  const foreign = foreignTo(kind, stage, by)
  if (foreign !== null) return { code: foreign }
  const stood = standing.map((each) => each.stage)
  const misplaced = misplacedAfter(kind, stage, stood)
  if (misplaced === 'not_yet') return { code: misplaced, after: rules[kind][stage]?.after ?? [] }
  if (misplaced !== null) return { code: misplaced }
  const lacks = (rules[kind][stage]?.needs ?? []).filter((each) => evidence[each] === undefined || evidence[each] === '')
  if (lacks.length > 0) return { code: 'lacks', lacks }
  return { code: exceeds(stage, evidence, standing) ?? 'ok' }
}

/** Pure: why a step is not theirs to take, nor to take back; null when it is. */
export function foreignTo(kind: Kind, stage: Stage, by: Taker): Foreign | null {
  const rule = rules[kind][stage]
  if (rule === undefined) return 'no_such_stage'
  if (by.is === 'person' && by.excluded) return 'excluded'
  return rule.by.some((right) => has(by, right)) ? null : 'not_yours'
}

function misplacedAfter(
  kind: Kind,
  stage: Stage,
  standing: readonly Stage[],
): 'already' | 'over' | 'too_late' | 'not_yet' | null {
  const { after = [], notAfter = [], repeats = false } = rules[kind][stage] ?? {}
  if (standing.includes(stage) && !repeats) return 'already'
  if (endOf(kind, standing) !== null) return 'over'
  if (notAfter.some((each) => standing.includes(each))) return 'too_late'
  return after.length === 0 || after.some((each) => standing.includes(each)) ? null : 'not_yet'
}

/** Pure: which sum exceeds the contract that it is part of; null when none does, or no contract sum is known. */
export function exceeds(stage: Stage, evidence: Evidence, standing: readonly Stood[]): Excess | null {
  const all = [...standing, { stage, evidence }]
  // The furthest first; what it says counts for what was said before.
  const said = (['registered', 'signed', 'transferred'] as const).flatMap(
    (one) => all.findLast((each) => each.stage === one)?.evidence ?? [],
  )
  const known = (name: 'amount' | 'technology_amount') => said.find((each) => each[name] !== undefined)?.[name]
  const contract = known('amount')
  if (contract === undefined) return null
  if ((known('technology_amount') ?? 0) > contract) return 'technology_over'
  // Registering says again what had arrived by signing.
  const before = Math.max(0, ...said.map((each) => each.received ?? 0))
  const after = all.reduce((sum, each) => sum + (each.stage === 'received' ? (each.evidence.amount ?? 0) : 0), 0)
  return before + after > contract ? 'received_over' : null
}

function has(by: Taker, right: Right): boolean {
  if (by.is !== 'person') return by.is === right
  if (right === 'desk') return by.role !== 'broker'
  if (right === 'broker') return by.role !== 'staff'
  return right === 'owner' && by.role !== 'staff' && (by.owns || by.role === 'lead')
}

/** Pure: the stage that ended it, or null while it goes on. */
export function endOf(kind: Kind, standing: readonly Stage[]): Stage | null {
  return standing.find((each) => rules[kind][each]?.ends === true) ?? null
}

/** Pure: whether what stands beside a step still stands without it. Taken back is the last step first. */
export function restsOn(kind: Kind, stage: Stage, others: readonly Stage[]): readonly Stage[] {
  return others.filter((each) => {
    const after = rules[kind][each]?.after ?? []
    return after.includes(stage) && !after.some((before) => others.includes(before))
  })
}

/** The usual way, for what is shown and for what an outcome implies. */
export const ways: Readonly<Record<'demand' | 'achievement', readonly Stage[]>> = {
  demand: ['collected', 'vetted', 'published', 'introduced', 'agreed', 'signed', 'registered', 'redeemed'],
  achievement: ['collected', 'reviewed', 'published', 'coached', 'roadshow', 'transferred'],
}

/** Pure: the furthest stage reached; an end counts as the furthest. */
export function stageNow(kind: Kind, standing: readonly Stage[]): Stage | null {
  return (
    endOf(kind, standing) ??
    (kind === 'case' ? (standing.at(-1) ?? null) : (ways[kind].findLast((each) => standing.includes(each)) ?? null))
  )
}

/** Pure: what could be taken next, in the usual order. */
export function nextStages(kind: Kind, standing: readonly Stage[], by: Taker): readonly Stage[] {
  const all = Object.keys(rules[kind]) as Stage[] // the keys of our own table
  return all.filter((stage) => foreignTo(kind, stage, by) === null && misplacedAfter(kind, stage, standing) === null)
}

/** What must have happened before an outcome could be: without a vetted need nobody was introduced, without meeting nobody signed. */
const implied: Readonly<Partial<Record<Stage, readonly Stage[]>>> = {
  introduced: ['vetted'],
  agreed: ['vetted', 'introduced'],
  signed: ['vetted', 'introduced'],
  registered: ['vetted', 'introduced'],
}

/** Pure: stages an outcome implies that do not stand yet. */
export function impliedBy(stage: Stage, standing: readonly Stage[]): readonly Stage[] {
  return (implied[stage] ?? []).filter((each) => !standing.includes(each))
}
