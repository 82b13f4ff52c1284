import { setTimeout as wait } from 'node:timers/promises'
import { type Random, seeded } from '../../fakes/kf/random.ts'
import type { KfServer } from '../../fakes/kf-server.ts'

/** What a customer does, and what the answer to it is known by: each shows exactly once per time it was asked. */
type Deed = { readonly words: string; readonly menuId?: string; readonly mark: string; readonly share: number }

const deeds: readonly Deed[] = [
  { words: '/help', mark: '发“投诉”，由负责人处理', share: 40 },
  { words: '使用帮助', menuId: 'help', mark: '发“投诉”，由负责人处理', share: 15 },
  { words: '/privacy', mark: '保存期限由园区设定', share: 15 },
  { words: '专利质押贷款贴息多少', mark: '第三条 ·', share: 8 },
  { words: '发明专利授权一件资助多少？', mark: '3000元', share: 7 },
]
/** A whole hand-off: asked for, taken by a servicer, talked, ended. */
const handOffShare = 3
const strandedMs = 150_000
const handOffMark = '为您转给技术经纪人'
const closedMark = '这次服务您满意吗'

export type PeopleFigures = {
  readonly accepted: number
  readonly lost: number
  readonly twice: number
  /** Sends that a rule refused although nothing had changed since the state was read. */
  readonly wrongState: number
  /** Refused since somebody took the chat between reading its state and sending. */
  readonly raced: number
  readonly handOffs: number
  readonly welcomes: number
  /** The same message sent again after a lost answer or a kill, and dropped by its msgid. */
  readonly repeatsDropped: number
  readonly conflicts: number
  /** Doorbells, and those not answered with 200 within five seconds: with kills, the worker may have been dead. */
  readonly bells: number
  readonly bellsUnanswered: number
  readonly ackP99Ms: number
}

type Needs = {
  readonly kf: KfServer
  readonly messages: number
  readonly seed: number
  /** How many customers talk at the same time. */
  readonly atOnce: number
  readonly servicers: readonly string[]
  readonly untilMs: number
  readonly progress: (line: string) => void
}

/** Customers who each wait for their answer before they go on, many at once, until so many messages were sent. */
export async function runPeople(needs: Needs): Promise<PeopleFigures> {
  const { kf, messages, seed, atOnce, progress } = needs
  const asked = new Map<string, Map<string, number>>()
  const state = { sent: 0, handOffs: 0, given: false }
  const told = setInterval(() => progress(`${state.sent} of ${messages} sent, ${kf.seen.length} messages seen`), 10_000)
  const customers = Array.from({ length: atOnce }, (_, index) =>
    live(needs, state, asked, `wm${seed}_${index}`, seeded(seed * 10_007 + index)),
  )
  await Promise.all(customers)
  clearInterval(told)
  await quiet(needs, asked)
  return figuresOf(needs, asked, state)
}

type State = { sent: number; handOffs: number; given: boolean }
type Asked = Map<string, Map<string, number>>

async function live(needs: Needs, state: State, asked: Asked, user: string, random: Random): Promise<void> {
  const { kf, messages } = needs
  const mine = new Map<string, number>()
  asked.set(user, mine)
  const ask = async (words: string, mark: string, menuId?: string): Promise<boolean> => {
    state.sent += 1
    mine.set(mark, (mine.get(mark) ?? 0) + 1)
    kf.say(user, words, menuId === undefined ? {} : { menuId })
    return until(() => shown(kf, user, mark) >= (mine.get(mark) ?? 0), needs.untilMs)
  }
  kf.enter(user)
  while (state.sent < messages && Date.now() < needs.untilMs) {
    const drawn = random() * (deeds.reduce((sum, each) => sum + each.share, 0) + handOffShare)
    const deed = deedAt(drawn)
    const done =
      deed === null ? await handOff(needs, state, mine, user, random, ask) : await ask(deed.words, deed.mark, deed.menuId)
    if (!done) return
  }
}

/** @returns null for the hand-off */
function deedAt(drawn: number): Deed | null {
  let at = 0
  for (const deed of deeds) {
    at += deed.share
    if (drawn < at) return deed
  }
  return null
}

async function handOff(
  { kf, servicers, untilMs }: Needs,
  state: State,
  mine: Map<string, number>,
  user: string,
  random: Random,
  ask: (words: string, mark: string) => Promise<boolean>,
): Promise<boolean> {
  state.handOffs += 1
  if (!(await ask('/human', handOffMark))) return false
  if (!(await until(() => kf.session(user).state >= 2, untilMs))) return false
  const servicer = servicers[Math.floor(random() * servicers.length)] ?? ''
  if (kf.session(user).state === 2) kf.pickUp(user, servicer)
  const { servicer: owner } = kf.session(user)
  await wait(1_100)
  kf.servicerSays(user, owner ?? '', '您好，我来看。')
  await wait(1_100)
  state.sent += 1
  kf.say(user, '谢谢，麻烦您了')
  await wait(1_100)
  // The words that end it are known by the time the customer writes again at the latest.
  mine.set(closedMark, (mine.get(closedMark) ?? 0) + 1)
  kf.end(user)
  const wasTold = () => shown(kf, user, closedMark) >= (mine.get(closedMark) ?? 0)
  const inTime = await until(wasTold, Math.min(untilMs, Date.now() + 20_000))
  // The code of an end is good for 20 seconds: after them the words wait for the customer.
  return inTime || (await ask('/help', '发“投诉”，由负责人处理'))
}

function shown(kf: KfServer, user: string, mark: string): number {
  return seenBy(kf, user).reduce((sum, text) => sum + text.split(mark).length - 1, 0)
}

const read = new WeakMap<KfServer, { at: number; byUser: Map<string, string[]> }>()

/** What one customer saw; every message is looked at once. */
function seenBy(kf: KfServer, user: string): readonly string[] {
  const known = read.get(kf) ?? { at: 0, byUser: new Map<string, string[]>() }
  read.set(kf, known)
  for (; known.at < kf.seen.length; known.at += 1) {
    const each = kf.seen[known.at]
    if (each !== undefined) known.byUser.set(each.user, [...(known.byUser.get(each.user) ?? []), each.text])
  }
  return known.byUser.get(user) ?? []
}

async function until(done: () => boolean, untilMs: number): Promise<boolean> {
  while (!done()) {
    if (Date.now() > untilMs) return false
    await wait(150)
  }
  return true
}

/** What a killed worker had in hand is free again after a minute: only after longer is it lost. Then whatever comes twice has come. */
async function quiet(needs: Needs, asked: Asked): Promise<void> {
  const { kf } = needs
  let [count, since] = [kf.seen.length, Date.now()]
  while (missing(kf, asked).lost > 0 && Date.now() - since < strandedMs && Date.now() < needs.untilMs + 4 * strandedMs) {
    await wait(500)
    if (kf.seen.length !== count) [count, since] = [kf.seen.length, Date.now()]
  }
  await wait(5_000)
}

function missing(kf: KfServer, asked: Asked): { lost: number; twice: number } {
  let [lost, twice] = [0, 0]
  for (const [user, mine] of asked)
    for (const [mark, times] of mine) {
      const difference = shown(kf, user, mark) - times
      if (difference < 0) lost -= difference
      else twice += difference
    }
  return { lost, twice }
}

function figuresOf({ kf }: Needs, asked: Asked, state: State): PeopleFigures {
  const raced = kf.refused.filter((each) => each.raced).length
  return {
    accepted: state.sent,
    ...missing(kf, asked),
    wrongState: kf.refused.length - raced,
    raced,
    handOffs: state.handOffs,
    welcomes: kf.seen.filter((each) => each.text.includes('技术转移助手')).length,
    repeatsDropped: kf.counts.repeats,
    conflicts: kf.counts.conflicts,
    bells: kf.rung.length,
    bellsUnanswered: kf.rung.filter((each) => each.status !== 200).length,
    ackP99Ms: percentile(
      kf.rung.flatMap((each) => (each.status === 200 ? [each.ms] : [])),
      0.99,
    ),
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}
