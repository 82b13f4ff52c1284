/**
 * What a clause promises, as figures beside the words they were read from. Found by rule, so proposals until a person has approved the
 * document. Whoever prints it prints `phrase`; whoever calculates uses the figures and never a model: `rate` × base, at most `cap`.
 */
export type SupportItem = {
  /** The words all of it was read from, as they stand in the clause. */
  readonly phrase: string
  /** Who gets it, as written: 技术转移机构, 首次认定的企业 … */
  readonly target: string | null
  /** What has to be so, as written, one atom each. */
  readonly conditions: readonly string[]
  readonly mode: SupportMode | null
  /** Share of the base: 0.1 for 10 %. */
  readonly rate: number | null
  /** Yuan: a fixed sum when there is no rate. */
  readonly amount: number | null
  /** Yuan: the most it can come to. */
  readonly cap: number | null
  /** What the rate is taken of, as written: 技术合同成交额, 设备投资额 … */
  readonly base: string | null
  /** `year`, `firm`, `project`, `person`, `item`: what one sum is for, when the text says so. */
  readonly per: SupportPer | null
  /** How often or how long: 一次性, 连续三年, 每年 … as written. */
  readonly window: string | null
  /** What rules it out, as written: 同一项目不重复享受 … */
  readonly exclusions: readonly string[]
  /** What has to be handed in, as written. */
  readonly materials: readonly string[]
}

export type SupportMode = '奖励' | '补助' | '补贴' | '资助' | '贴息' | '减免' | '返还' | '配套' | '股权投资' | '贷款' | '担保'
export type SupportPer = 'year' | 'firm' | 'project' | 'person' | 'item'
