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
    collected: { after: [], by: ['enterprise', 'broker', 'desk'] },
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
    transferred: { after: shown, by: ['broker', 'desk'] },
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

/**
 * Why a step is not taken: no such stage for this · somebody else's to take · not yet, or too late · already taken · over · something that
 * shows it is missing.
 */
export type StepRefusal = 'no_such_stage' | 'not_yours' | 'excluded' | 'not_yet' | 'too_late' | 'already' | 'over' | 'lacks'
export type Verdict =
  | { readonly code: 'ok' }
  | { readonly code: Exclude<StepRefusal, 'lacks' | 'not_yet'> }
  | { readonly code: 'not_yet'; readonly after: readonly Stage[] }
  | { readonly code: 'lacks'; readonly lacks: readonly (keyof Evidence)[] }

/** Pure: whether a step may follow those that stand, and may be taken by this person. Rights come first: nobody learns more than theirs. */
export function verdictOn(
  kind: Kind,
  stage: Stage,
  { standing, by, evidence }: { readonly standing: readonly Stage[]; readonly by: Taker; readonly evidence: Evidence },
): Verdict {
  const rule = rules[kind][stage]
  if (rule === undefined) return { code: 'no_such_stage' }
  if (by.is === 'person' && by.excluded) return { code: 'excluded' }
  if (!rule.by.some((right) => has(by, right))) return { code: 'not_yours' }
  if (standing.includes(stage) && rule.repeats !== true) return { code: 'already' }
  if (endOf(kind, standing) !== null) return { code: 'over' }
  if (rule.notAfter?.some((each) => standing.includes(each)) === true) return { code: 'too_late' }
  if (rule.after.length > 0 && !rule.after.some((each) => standing.includes(each))) return { code: 'not_yet', after: rule.after }
  const lacks = (rule.needs ?? []).filter((each) => evidence[each] === undefined || evidence[each] === '')
  return lacks.length > 0 ? { code: 'lacks', lacks } : { code: 'ok' }
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
export function nextStages(kind: 'demand' | 'achievement', standing: readonly Stage[], by: Taker): readonly Stage[] {
  const evidence = { amount: 0, reg_no: '-', reason: '-', note: '-' }
  return (Object.keys(rules[kind]) as Stage[]).filter(
    // the keys of our own table
    (stage) => verdictOn(kind, stage, { standing, by, evidence }).code === 'ok',
  )
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
