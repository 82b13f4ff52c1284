/**
 * What a clause promises, as figures beside the words they were read from. Found by rule, so proposals until a person has approved the
 * document. Print `phrase`; calculate from the figures, never with a model: `rate` × base, at most `cap`.
 */
export type SupportItem = {
  /** The words it was read from, as they stand in the clause. */
  readonly phrase: string
  /** Who gets it, as written: 技术转移机构, 首次认定的企业 … */
  readonly target: string | null
  /** Conditions to be met, as written, one each. */
  readonly conditions: readonly string[]
  readonly mode: SupportMode | null
  /** Share of the base: 0.1 for 10 %. */
  readonly rate: number | null
  /** Yuan: a fixed sum when there is no rate. */
  readonly amount: number | null
  /** Yuan: the most one payment can come to, the least of `caps`. */
  readonly cap: number | null
  /** Every upper limit that is named, e.g. 每年最高600万元 and 五年累计最高2500万元. */
  readonly caps: readonly { readonly amount: number; readonly per: SupportPer | null; readonly phrase: string }[]
  /** What the rate applies to, as written: 技术合同成交额, 设备投资额 … */
  readonly base: string | null
  /** `year`, `firm`, `project`, `person`, `item`: what one sum is for, when the text says so. */
  readonly per: SupportPer | null
  /** How often or how long: 一次性, 连续三年, 每年 … as written. */
  readonly window: string | null
  /** What excludes it, as written: 同一项目不重复享受 … */
  readonly exclusions: readonly string[]
  /** What must be handed in, as written. */
  readonly materials: readonly string[]
}

export type SupportMode = '奖励' | '补助' | '补贴' | '资助' | '贴息' | '减免' | '返还' | '配套' | '风险补偿' | '支持'
export type SupportPer = 'year' | 'firm' | 'project' | 'person' | 'item'
