/**
 * The platform's own states of a chat: 0 new, the person wrote · 1 the assistant's · 2 in the queue · 3 a human's · 4 ended or not begun.
 * https://developer.work.weixin.qq.com/document/path/94669
 */
export type ServiceState = 0 | 1 | 2 | 3 | 4

/** The documented moves; the platform refuses all others (95016, in state 4 95013). */
const moves: Readonly<Record<ServiceState, readonly ServiceState[]>> = { 0: [1, 2, 3], 1: [2, 3], 2: [3], 3: [3, 4], 4: [] }

/** Pure: whether the documentation allows this move. */
export function mayMove(from: ServiceState, to: ServiceState): boolean {
  return moves[from].includes(to)
}

/** Pure: whether an ordinary message may be sent in this state. In 0 a reply makes it 1. */
export function maySay(state: ServiceState): 'yes' | 'not_our_turn' | 'window_closed' {
  if (state === 4) return 'window_closed'
  return state === 0 || state === 1 ? 'yes' : 'not_our_turn'
}

/** @returns the state in an answer of the platform, or null when it is not one */
export function stateOf(value: unknown): ServiceState | null {
  return value === 0 || value === 1 || value === 2 || value === 3 || value === 4 ? value : null
}

/** Where a chat goes at a hand-off: to the first of these people who takes it; else to the queue; else it stays. */
export type HandOffPlan = { readonly try: readonly string[]; readonly queue: boolean }

/**
 * Pure: those of `wanted`, best first, who are receiving; the queue only when somebody is there to pick from it, since nobody else can take
 * a chat out of it again. A human who has the chat and is receiving keeps it, unless `again` is set.
 */
export function planHandOff(of: {
  readonly state: ServiceState
  readonly servicer: string | null
  readonly wanted: readonly string[]
  readonly receiving: ReadonlySet<string>
  readonly again: boolean
}): HandOffPlan {
  const { state, servicer, receiving, again } = of
  const isKept = state === 3 && servicer !== null && receiving.has(servicer) && !again
  if (isKept || !mayMove(state, 3)) return { try: [], queue: false }
  return {
    try: of.wanted.filter((each) => receiving.has(each) && each !== servicer),
    queue: mayMove(state, 2) && receiving.size > 0,
  }
}

/** Pure: how a human's session is ended: directly, via somebody who takes it out of the queue, or not at all. */
export function planHandBack(state: ServiceState, receiving: ReadonlySet<string>): { readonly via: string | null } | null {
  if (state === 3) return { via: null }
  const [via] = receiving
  return state === 2 && via !== undefined ? { via } : null
}
