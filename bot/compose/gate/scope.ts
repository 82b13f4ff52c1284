import { remembered } from '../../../retrieval/base/remembered.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { otherStep } from '../../judge/opposites.ts'
import { type Facts, factsIn } from './figures.ts'

/** A clause between two commas, and the segment between two semicolons it stands in. */
type Clause = { readonly text: string; readonly segment: string; readonly facts: Facts; readonly characters: readonly string[] }

/** From this similarity on a clause paraphrases one of the evidence; and from this on, repeats it. */
const alike = 0.6
const nearlySame = 0.75
const shortest = 4

/**
 * Pure: whether a Chinese sentence claims more than its evidence: denies what it affirms or the reverse, omits or changes for whom, how
 * often, or whether for the first time. Each clause is compared with the closest one of the evidence.
 */
export function scopeWrong(words: string, evidence: string): 'turned_round' | 'scope' | null {
  const whole = normalize(words)
  if (!/\p{Script=Han}/u.test(whole)) return null
  const source = normalize(evidence)
  if (charges.test(whole) && !charges.test(source)) return 'turned_round'
  if (everybody.test(whole) && !everybody.test(source)) return 'scope'
  if (conditionAdded(whole, source) || otherStep(whole, source)) return 'scope'
  const held = clausesOf(evidence)
  let before: Clause | null = null
  for (const clause of clausesOf(words)) {
    if (clause.characters.length < shortest) continue
    const closest: Closest | null = closestTo(clause, held, before)
    before = closest?.clause ?? null
    const wrong = closest === null ? null : clauseWrong(clause, closest, whole)
    if (wrong !== null) return wrong
  }
  return null
}

const charges = /收取|收费|缴纳|缴费|罚款|扣除|扣减|追缴|没收|上缴|押金|保证金/
const everybody = /所有|全部|任何|一律|不论|无论|不限(?:项|次|额|量|数)|凡是?(?=[^，。]{0,6}均)/

/** “上市后”, “税前”: two characters before 后 or 前 state a condition; nouns like 前景 and adverbs like 今后 do not. */
const depends = /(\p{Script=Han}{2})(?:之|以)?[后前](?![置沿景提者续台端期勤列往]|半年)/gu
const adverb = /[最以今此之目当提先事日月年]$|截止|到期|逾期/

/** A condition of two characters is too short to show in the overlap; the evidence must name it. */
function conditionAdded(whole: string, source: string): boolean {
  return [...whole.matchAll(depends)].some(([said, what = '']) => {
    const last = what.slice(1)
    return !adverb.test(what) && !source.includes(what) && !source.includes(`${last}${said.at(-1)}`)
  })
}

const clausesOf: (text: string) => readonly Clause[] = remembered((text) =>
  normalize(text)
    .split(/[。;\n!?]/)
    .flatMap((segment) =>
      segment.split(/[,:、](?!\d)/).map((piece) => {
        const plain = piece.replace(/^\s*第[一二三四五六七八九十百\d]+条\s*/, '').trim()
        return { text: plain, segment, facts: factsIn(plain), characters: charactersOf(plain) }
      }),
    ),
)

function charactersOf(text: string): string[] {
  return [...text.replace(/[^\p{Script=Han}a-z]/gu, '')]
}

type Closest = { readonly clause: Clause; readonly share: number }

/** A clause with the same figure is closer, and so is the one that follows the previous match. */
function closestTo(clause: Clause, held: readonly Clause[], before: Clause | null): Closest | null {
  const next = before === null ? -1 : held.indexOf(before) + 1
  let best: (Closest & { readonly rank: number }) | null = null
  for (const [at, each] of held.entries()) {
    const share = shareOf(clause.characters, each.characters)
    const rank = share + (sharesFigure(clause.facts, each.facts) ? 0.3 : 0) + (at === next ? 0.15 : 0)
    if (rank > (best?.rank ?? 0)) best = { clause: each, share, rank }
  }
  return best !== null && best.rank >= alike ? best : null
}

/** Shared characters of two clauses, as a share of all. */
function shareOf(one: readonly string[], other: readonly string[]): number {
  const left = [...other]
  let common = 0
  for (const each of one) {
    const at = left.indexOf(each)
    if (at < 0) continue
    left.splice(at, 1)
    common += 1
  }
  return (2 * common) / Math.max(1, one.length + other.length)
}

function sharesFigure(one: Facts, other: Facts): boolean {
  return one.figures.some((a) => other.figures.some((b) => a.value === b.value && a.kind === b.kind))
}

function clauseWrong(said: Clause, { clause: held, share }: Closest, whole: string): 'turned_round' | 'scope' | null {
  const told = said.facts.figures.length > 0
  if ((share >= alike || told || follows(said, held)) && deniedOtherwise(said.text, held.text)) return 'turned_round'
  const same = (told && sharesFigure(said.facts, held.facts)) || (share >= alike && limits.test(held.text))
  if (same && scopeDiffers(said.text, held, whole)) return 'scope'
  if (told && !holdsAll(turns(held.segment), turns(said.text))) return 'scope'
  return share >= nearlySame && leavesOut(said, held, whole) ? 'scope' : null
}

/** Both end with what may or may not be done with the same thing. */
function follows(said: Clause, held: Clause): boolean {
  return said.characters.length <= 6 && said.characters.slice(-2).join('') === held.characters.slice(-2).join('')
}

function deniedOtherwise(said: string, held: string): boolean {
  return denials(said) % 2 !== denials(held) % 2 || (exempts.test(said) && !exempts.test(held))
}

/** How often, whether for the first time, and for each what. */
function scopeDiffers(said: string, held: Clause, whole: string): boolean {
  const units = eachOf(held.segment)
  return (
    !holdsAll(often(said), often(held.text)) ||
    !holdsAll(often(held.segment), often(said)) ||
    !holdsAll(turns(whole), turns(held.segment)) ||
    !eachOf(said).every((unit) => units.some((own) => own.includes(unit) || unit.includes(own)))
  )
}

/** The same clause without its limit, or without a figure that says for whom it is. */
function leavesOut(said: Clause, held: Clause, whole: string): boolean {
  if (limits.test(held.text) && !limits.test(said.text)) return true
  const own = factsIn(whole).figures
  return held.facts.figures.some((each) => each.kind !== 'count' && !own.some(({ value }) => value === each.value))
}

/** @returns whether every one of `needed` is among `all` */
function holdsAll(all: ReadonlySet<string>, needed: ReadonlySet<string>): boolean {
  return [...needed].every((each) => all.has(each))
}

/** 不超过 and 不足 are limits of figures, 不仅 and 未来 deny nothing. */
const undenied =
  /不得?(?:超过|高于|低于|少于|多于|小于|大于)|不足|不断|不仅|不但|不同|不限于|不少|不论|未来|未满|非常|无论|无线|无人|无形|无息|无害|能不能|是不是|有没有|是否/g
const denial = /不|未|非|无(?!需|须)|没有?|除外|禁止|严禁|免于|拒绝/g
const exempts = /无需|无须|不必|不需要?|不用|免于|免予/
const limits = /限(?!额|公司|期|度|制|于)|仅|只(?!要)|最多|至多|不得?超过/

function denials(text: string): number {
  return text.replace(undenied, ' ').match(denial)?.length ?? 0
}

const frequencies: readonly (readonly [string, RegExp])[] = [
  ['year', /每(?:一)?(?:个)?(?:自然)?年度?|年度(?=[^,。]{0,8}(?:最高|累计|总额|不超过))|按年/],
  ['quarter', /每(?:个)?季度?|按季/],
  ['month', /每(?:个)?月|按月/],
  ['once', /一次性/],
  ['time', /每(?:一)?次|每家每次/],
  ['run', /连续[一二两三四五六七八九十\d]+(?:年|个月)/],
]
function often(text: string): ReadonlySet<string> {
  return new Set(frequencies.flatMap(([name, pattern]) => (pattern.test(text) ? [name] : [])))
}

const ordinals: readonly (readonly [string, RegExp])[] = [
  ['first', /首次|第一次|初次|首家|首套/],
  ['again', /重新(?=认定|申请|申报|评定|备案)|再次|复审|复评/],
  ['renewed', /续期|续约|续租|期满后/],
  ['new', /新(?=认定|注册|引进|建|增|购|设|入驻|入选|获得|成立)/],
]
function turns(text: string): ReadonlySet<string> {
  return new Set(ordinals.flatMap(([name, pattern]) => (pattern.test(text) ? [name] : [])))
}

/** 每家企业, 单个项目 → what is counted; a bare measure word when nothing is named. */
function eachOf(text: string): string[] {
  return [
    ...text.matchAll(
      /(?:每(?:一)?|单)([家个件项人户台套名篇])(?:小微|中小|科技型)?(企业|单位|机构|项目|合同|团队|产品|专利|平台|成果)?/g,
    ),
  ].map((match) => match[2] ?? measured[match[1] ?? ''] ?? match[1] ?? '')
}
const measured: Readonly<Record<string, string>> = { 家: '企业', 户: '企业' }
