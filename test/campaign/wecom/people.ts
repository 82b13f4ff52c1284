import { setTimeout as wait } from 'node:timers/promises'
import type { KfServer } from '../../fakes/kf-server.ts'
import { type Random, seeded } from '../../fakes/random.ts'
import { type Balance, type Ledger, openLedger } from './ledger.ts'

/** What a customer does, and the mark of its answer: it must show exactly once per time it was asked. */
type Deed = {
  readonly words: string
  readonly menuId?: string
  readonly mark: string
  readonly share: number
  readonly own?: true
}

/** Only one enterprise has this many employees, so the note belongs to one message of one person. */
const told = (number: number): Deed => ({ words: `我们公司有${number}名员工`, mark: `人数 ${number} 人`, share: 40, own: true })
const firstNumber = 100_000

const deeds: readonly Deed[] = [
  { words: '/help', mark: '发“投诉”，由负责人处理', share: 10 },
  { words: '使用帮助', menuId: 'help', mark: '发“投诉”，由负责人处理', share: 10 },
  { words: '/privacy', mark: '保存期限由园区设定', share: 10 },
  { words: '专利质押贷款贴息多少', mark: '第三条 ·', share: 8 },
  { words: '发明专利授权一件资助多少？', mark: '3000元', share: 7 },
]
/** A whole hand-off: asked for, taken by a servicer, talked, ended. */
const handOffShare = 3
const strandedMs = 150_000
/**
 * The shortest pause before writing again. The platform counts in whole seconds, so answers to four messages of one second count as answers
 * to one, and the last waits for a next message that the last customers of a run never write.
 */
const readingMs = 400
const handOffMark = '为您转给技术经纪人'
const closedMark = '这次服务您满意吗'

export type PeopleFigures = Balance & {
  readonly accepted: number
  /** Sends refused by a rule although nothing had changed since the state was read. */
  readonly wrongState: number
  /** Sends refused because somebody took the chat between reading its state and sending. */
  readonly raced: number
  readonly handOffs: number
  readonly welcomes: number
  /** Messages sent again after a lost answer or a kill, and dropped by their msgid. */
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

/** Customers who each wait for their answer before they go on, many at once, until this many messages were sent. */
export async function runPeople(needs: Needs): Promise<PeopleFigures> {
  const { kf, messages, seed, atOnce, progress } = needs
  const ledger = openLedger(kf)
  const state: State = { sent: 0, handOffs: 0 }
  const beat = setInterval(() => progress(`${state.sent} of ${messages} sent, ${kf.seen.length} messages seen`), 10_000)
  const customers = Array.from({ length: atOnce }, (_, index) =>
    live({ ...needs, ledger, state, user: `wm${seed}_${index}`, random: seeded(seed * 10_007 + index) }),
  )
  await Promise.all(customers)
  clearInterval(beat)
  await quiet(needs, ledger)
  for (const fault of ledger.faults()) progress(fault)
  return figuresOf(needs, ledger, state)
}

type State = { sent: number; handOffs: number }
type Life = Needs & { readonly ledger: Ledger; readonly state: State; readonly user: string; readonly random: Random }

async function live(life: Life): Promise<void> {
  const { kf, messages, state, user, untilMs } = life
  kf.enter(user)
  while (state.sent < messages && Date.now() < untilMs) {
    const deed = drawn(life)
    if (!(await (deed === null ? handOff(life) : ask(life, deed)))) return
    await wait(readingMs)
  }
}

/** @returns whether it was answered in time */
function ask({ kf, ledger, state, user, untilMs }: Life, { words, mark, menuId, own }: Omit<Deed, 'share'>): Promise<boolean> {
  state.sent += 1
  ledger.expect(user, mark, own)
  kf.say(user, words, menuId === undefined ? {} : { menuId })
  return until(() => ledger.isRead(user, mark), untilMs)
}

/** @returns null for the hand-off */
function drawn({ random, state }: Life): Deed | null {
  const all = [told(firstNumber + state.sent), ...deeds]
  let left = random() * (all.reduce((sum, each) => sum + each.share, 0) + handOffShare)
  for (const deed of all) {
    left -= deed.share
    if (left < 0) return deed
  }
  return null
}

async function handOff(life: Life): Promise<boolean> {
  const { kf, servicers, untilMs, state, ledger, user, random } = life
  state.handOffs += 1
  if (!(await ask(life, { words: '/human', mark: handOffMark }))) return false
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
  // The closing words are known by the time the customer writes again at the latest.
  ledger.expect(user, closedMark)
  kf.end(user)
  const inTime = await until(() => ledger.isRead(user, closedMark), Math.min(untilMs, Date.now() + 20_000))
  // The code of an end is good for 20 seconds: after that the words wait for the customer.
  return inTime || (await ask(life, { words: '/help', mark: '发“投诉”，由负责人处理' }))
}

async function until(done: () => boolean, untilMs: number): Promise<boolean> {
  while (!done()) {
    if (Date.now() > untilMs) return false
    await wait(150)
  }
  return true
}

/**
 * Waits until what a killed worker had in hand must be free again; only what is missing after that is lost, and repeats have arrived too.
 */
async function quiet({ kf, untilMs }: Needs, ledger: Ledger): Promise<void> {
  let [count, since] = [kf.seen.length, Date.now()]
  while (!ledger.allRead() && Date.now() - since < strandedMs && Date.now() < untilMs + 4 * strandedMs) {
    await wait(500)
    if (kf.seen.length !== count) [count, since] = [kf.seen.length, Date.now()]
  }
  await wait(5_000)
}

function figuresOf({ kf }: Needs, ledger: Ledger, state: State): PeopleFigures {
  const raced = kf.refused.filter((each) => each.raced).length
  return {
    accepted: state.sent,
    ...ledger.balance(),
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
