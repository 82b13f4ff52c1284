import type { KfServer } from '../../fakes/kf-server.ts'

/** What customers may read besides answers: greetings, and what the platform's codes say at a hand-off. */
const welcome = '技术转移助手'
const extra = [welcome, '正在为您接入', '已接手（编号', '已进入人工排队', '后面还有内容']
const examples = 12

export type Balance = {
  readonly lost: number
  readonly twice: number
  /** Words only one person asked for and another one read. */
  readonly astray: number
  /** Messages nobody asked for. */
  readonly unasked: number
}

/** Who asked for what and who read it: each mark must be read exactly as often as it was asked for, by whoever asked. */
export type Ledger = ReturnType<typeof openLedger>

export function openLedger(kf: KfServer) {
  const asked = new Map<string, Map<string, number>>()
  /** Marks that belong to one message of one person. */
  const owners = new Map<string, string>()
  const byUser = new Map<string, string[]>()
  const from = kf.seen.length
  let read = from
  const all = () => kf.seen.slice(from)

  /** Every message is looked at once. */
  function seenBy(user: string): readonly string[] {
    for (; read < kf.seen.length; read += 1) {
      const each = kf.seen[read]
      if (each === undefined) continue
      const texts = byUser.get(each.user)
      if (texts === undefined) byUser.set(each.user, [each.text])
      else texts.push(each.text)
    }
    return byUser.get(user) ?? []
  }

  const marksOf = (user: string): Map<string, number> => {
    const found = asked.get(user) ?? new Map<string, number>()
    asked.set(user, found)
    return found
  }
  const timesRead = (user: string, mark: string) => seenBy(user).reduce((sum, text) => sum + text.split(mark).length - 1, 0)
  const wanted = (user: string, mark: string) => marksOf(user).get(mark) ?? 0

  function missing(): { user: string; mark: string; by: number }[] {
    return [...asked].flatMap(([user, marks]) =>
      [...marks].flatMap(([mark, times]) => {
        const by = timesRead(user, mark) - times
        return by === 0 ? [] : [{ user, mark, by }]
      }),
    )
  }

  function isAsked(user: string, text: string): boolean {
    return extra.some((each) => text.includes(each)) || [...marksOf(user).keys()].some((mark) => text.includes(mark))
  }

  function isAstray(user: string, text: string): boolean {
    return (text.match(/人数 \d+ 人/g) ?? []).some((mark) => owners.get(mark) !== user)
  }

  return {
    /** Expects one more reading of this mark. @param own nobody else may ever read it */
    expect(user: string, mark: string, own = false): void {
      marksOf(user).set(mark, wanted(user, mark) + 1)
      if (own) owners.set(mark, user)
    },
    isRead: (user: string, mark: string) => timesRead(user, mark) >= wanted(user, mark),
    allRead: () => missing().every(({ by }) => by > 0),
    balance(): Balance {
      const faults = missing()
      const sum = (sign: 1 | -1) => faults.reduce((total, { by }) => total + Math.max(0, sign * by), 0)
      const again = [...asked.keys()].reduce((total, user) => total + Math.max(0, timesRead(user, welcome) - 1), 0)
      return {
        lost: sum(-1),
        twice: sum(1) + again,
        astray: all().filter((each) => isAstray(each.user, each.text)).length,
        unasked: all().filter((each) => !isAsked(each.user, each.text)).length,
      }
    },
    /** For debugging: every fault with all that its person read, and how it came. */
    faults(): string[] {
      const of = (user: string) =>
        all()
          .filter((each) => each.user === user)
          .map((each) => `${new Date(each.at).toISOString().slice(11, 23)} ${each.by} ${each.msgid} ${each.text.slice(0, 40)}`)
      const counted = missing().map(({ user, mark, by }) => [`${user} “${mark}” ${by > 0 ? '+' : ''}${by}`, ...of(user)])
      const others = all()
        .filter((each) => isAstray(each.user, each.text) || !isAsked(each.user, each.text))
        .map((each) => [`${each.user} read “${each.text.slice(0, 80)}”`, ...of(each.user)])
      return [...counted, ...others].slice(0, examples).map((lines) => lines.join('\n  ').replaceAll(/\n(?! {2})/g, ' '))
    },
  }
}
