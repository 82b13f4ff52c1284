import type { SupportItem, SupportMode, SupportPer } from '../../../retrieval/support.ts'
import { money, rateOf, share, yuanOf } from './money.ts'

const modes: readonly SupportMode[] = ['贴息', '风险补偿', '奖励', '补助', '补贴', '资助', '减免', '返还', '配套', '支持']
const modeWords = `(?:${modes.join('|')})`
const give = '(?:给予|奖励|资助|补助|补贴|支持|发放|减免|支付|一次性)'
const capWords = '(?:最高|不超过|不高于|上限|封顶|以内|累计|总额)'

/** 按技术交易额的2%奖励, 给予设备投资额20%的补助, 按实际利息的25%给予贴息. */
const ofBase = new RegExp(
  `(?:按照?|给予|补助|补贴|不超过|最高)\\s*(?:不超过|最高|其)?\\s*([^，,。；;\\d%]{2,30}?)\\s*的?\\s*(?:不超过|最高)?\\s*(${share})`,
)
const whole = new RegExp(`全额(?:给予)?${modeWords}`)
const cap = new RegExp(`([^，,。；;]{0,14}?${capWords}[^，,。；;\\d]{0,8}?)(${money})`, 'g')
const range = new RegExp(`(${money}|\\d+(?:\\.\\d+)?\\s*万?)\\s*(?:至|到|-|—|~)\\s*(${money})`)
const fixedAfter = new RegExp(`${give}[^，,。；;\\d]{0,14}?(${money})(?!以上|以下|及以上|（含）以上|以内)`)
const fixedBefore = new RegExp(`(${money})\\s*的?\\s*(?:一次性)?[\\p{Script=Han}]{0,4}?${modeWords}`, 'u')
const several = new RegExp(`分别\\s*(?:一次性)?${give}[^，,。；;\\d]{0,6}?((?:${money}(?:、|和|及|，)?){2,})`)
const condition = /(?:以上|以下|不低于|不少于|不高于|达到|超过|满\d|以内|首次|连续)/
const window =
  /一次性|连续[\d一二两三四五六七八九十]+年|最长[\d一二两三四五六七八九十]+年|前[\d一二两三四五六七八九十]+年|每年度?|首年|按年度?|分[\d一二两三四五六七八九十]+(?:年|次|期)/

/**
 * What one clause promises. A sentence (or list line) with a kind of support and a figure is an item; exclusions and materials of the
 * clause belong to each. Found by rule as far as rules go: the phrase is always there, and a person confirms the figures.
 */
export function supportOf(clause: string): SupportItem[] {
  const units = clause
    .normalize('NFKC')
    .split(/(?<=[。;；\n])/)
    .map((each) => each.replace(/\s+/g, ''))
    .filter(Boolean)
  const exclusions = units.filter((unit) => /不予|不再|不重复|不得重复|不享受|不计入|不纳入|除外|不得申请/.test(unit))
  const materials = materialsOf(units)
  const intro = units[0]?.endsWith(':') ? units[0] : ''
  return units.flatMap((unit) =>
    isSupport(unit) ? itemsOf(unit, intro).map((item) => ({ ...item, exclusions, materials })) : [],
  )
}

function isSupport(unit: string): boolean {
  if (!new RegExp(modeWords).test(unit) || !new RegExp(`${money}|${share}|全额`).test(unit)) return false
  return !/^(?:评价指标|权重)|追回|退回|罚款|处以|资金来源|预算安排|拨付\d/.test(unit)
}

type Bare = Omit<SupportItem, 'exclusions' | 'materials'>

function itemsOf(unit: string, intro: string): Bare[] {
  const base = shared(unit, intro)
  const split = several.exec(unit)
  if (split?.[1] !== undefined) return respectively(unit, split[1], split.index, base)
  const rated = ofBase.exec(unit)
  const caps = capsOf(unit)
  const rate = rated?.[2] === undefined ? (whole.test(unit) ? 1 : null) : rateOf(rated[2])
  const amount = rate === null ? fixedOf(unit) : null
  if (rate === null && amount === null && caps.length === 0) return []
  return [{ ...base, rate, amount, base: rated?.[1]?.replace(/^(?:按照?|其)/, '') ?? null, ...capOf(caps) }]
}

function capOf(caps: SupportItem['caps']): Pick<SupportItem, 'cap' | 'caps'> {
  return { caps, cap: caps.length === 0 ? null : Math.min(...caps.map((each) => each.amount)) }
}

function shared(unit: string, intro: string): Pick<Bare, 'phrase' | 'target' | 'conditions' | 'mode' | 'per' | 'window'> {
  return {
    phrase: unit.trim(),
    target: targetOf(unit) ?? targetOf(intro),
    conditions: unit
      .split(/[,，。;；]/)
      .filter((part) => condition.test(part) && /\d|首次|连续/.test(part) && !new RegExp(capWords).test(part)),
    mode: modes.find((each) => unit.includes(each)) ?? null,
    per: perOf(unit),
    window: window.exec(unit)?.[0] ?? null,
  }
}

/** 三级、四级、五级的，分别给予10万元、20万元、40万元: one item each when both lists have the same length. */
function respectively(unit: string, amounts: string, at: number, base: ReturnType<typeof shared>): Bare[] {
  const sums = amounts.match(new RegExp(money, 'g')) ?? []
  const list =
    unit
      .slice(0, at)
      .replace(/的?[,，]?(?:每[\p{Script=Han}])?$/u, '')
      .split(/[,，。]/)
      .at(-1) ?? ''
  const names = list.split('、')
  const paired = names.length === sums.length
  return sums.map((sum, index) => ({
    ...base,
    conditions: paired ? [names[index] ?? ''] : base.conditions,
    rate: null,
    amount: yuanOf(sum),
    base: null,
    ...capOf(capsOf(unit.slice(at + amounts.length))),
  }))
}

function capsOf(unit: string): SupportItem['caps'] {
  const found = [...unit.matchAll(cap)].flatMap(([phrase, before = '', sum = '']) => {
    const amount = yuanOf(sum)
    // A masked figure (*0万元) is not one.
    return amount === null || amount === 0 || /[*＊]$/.test(before) ? [] : [{ amount, per: perOf(before), phrase }]
  })
  const upper = range.exec(unit)?.[2]
  const amount = upper === undefined ? null : yuanOf(upper)
  return amount === null ? found : [...found, { amount, per: null, phrase: range.exec(unit)?.[0] ?? '' }]
}

/** A sum that is not a limit, a threshold or the end of a range. */
function fixedOf(unit: string): number | null {
  const plain = unit.replace(new RegExp(range, 'g'), '').replace(cap, '')
  const sum = fixedAfter.exec(plain)?.[1] ?? fixedBefore.exec(plain)?.[1]
  return sum === undefined ? null : yuanOf(sum)
}

function perOf(text: string): SupportPer | null {
  if (/每人|单人|人均/.test(text)) return 'person'
  if (/单个项目|每个?项目|单个重点项目/.test(text)) return 'project'
  if (/每项|单项|每件|每场|每期|每个|每户次|每台|每次/.test(text)) return 'item'
  if (/每家|每户|单个(?:企业|申请单位|机构|单位)|同一(?:企业|单位)/.test(text)) return 'firm'
  return /每年|年度|每一年度/.test(text) ? 'year' : null
}

/** 对……的企业，按…; 企业……的，给予…; the beginning of the sentence. */
function targetOf(unit: string): string | null {
  const plain = unit.replace(
    /^(?:第[一二三四五六七八九十百\d]+条|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十\d]+[、.])/,
    '',
  )
  const named = /^对([^,，。;；]{2,60}?)(?:[,，]|给予|按)/.exec(plain)?.[1] ?? /^([^,，。;；:]{2,60}?)的[,，]/.exec(plain)?.[1]
  return named ?? /([^,，。;；]{2,40}?)[,，:]\s*按/.exec(plain)?.[1] ?? null
}

function materialsOf(units: readonly string[]): string[] {
  const at = units.findIndex((unit) => /(?:提交|提供|报送)[^。]{0,10}(?:下列|以下)?(?:材料|资料)/.test(unit))
  if (at < 0) return []
  const listed = units.slice(at + 1).filter((unit) => /^(?:[（(][一二三四五六七八九十\d]+[)）]|\d+[.、])/.test(unit))
  return listed.map((unit) => unit.replace(/^[（(]?[一二三四五六七八九十\d]+[)）.、]/, '').replace(/[。;；]$/, ''))
}
