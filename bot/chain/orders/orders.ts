import { midnightInChina } from '../../../retrieval/base/clock.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'
import { outcomeGroups } from '../../handoff/desk/action.ts'
import type { Evidence, Stage } from '../stages.ts'

/** `D12` or `A5`. */
export type Named = { readonly kind: 'demand' | 'achievement'; readonly id: string }

/** What somebody registered wants done with a demand or an achievement, as they typed it. `of` null: the demand of this case. */
export type Order =
  | {
      readonly do: 'step'
      readonly of: Named | null
      readonly stage: Stage
      readonly evidence: Evidence
      readonly on: string | null
      readonly publish: Publishing | null
    }
  | { readonly do: 'undo'; readonly of: Named | null; readonly stage: Stage | null; readonly why: string }
  | { readonly do: 'show'; readonly of: Named | null }
  | { readonly do: 'preview'; readonly of: Named | null; readonly publish: Publishing }
  | { readonly do: 'hide'; readonly of: Named | null; readonly words: readonly string[] }
  | { readonly do: 'collect'; readonly need: string }

export type Publishing = {
  readonly form: 'open' | 'anonymous'
  readonly board: 'enterprise' | 'park' | null
  /** Null: the words of the demand without what tells who asks. */
  readonly text: string | null
  /** `YYYY-MM-DD` */
  readonly until: string | null
}

const stageWords: Readonly<Record<string, Stage>> = {
  ...{ vet: 'vetted', vetted: 'vetted', 甄别: 'vetted', 审核: 'vetted', 通过: 'vetted' },
  ...{ publish: 'published', published: 'published', 发布: 'published', 发榜: 'published' },
  ...{ introduce: 'introduced', introduced: 'introduced', 对接: 'introduced', 引荐: 'introduced' },
  ...{ agree: 'agreed', agreed: 'agreed', broker: 'agreed', 撮合: 'agreed', 协议: 'agreed', 意向: 'agreed' },
  ...{ sign: 'signed', signed: 'signed', 签约: 'signed', 签合同: 'signed' },
  ...{ register: 'registered', registered: 'registered', 登记: 'registered', 合同登记: 'registered' },
  ...{ received: 'received', paid: 'received', 到账: 'received' },
  ...{ redeem: 'redeemed', redeemed: 'redeemed', 兑现: 'redeemed', 政策兑现: 'redeemed' },
  ...{ coach: 'coached', coached: 'coached', 辅导: 'coached' },
  ...{ roadshow: 'roadshow', 路演: 'roadshow' },
  ...{ finance: 'financed', financed: 'financed', 融资: 'financed' },
  ...{ transferred: 'transferred', 转化: 'transferred' },
  ...{ reject: 'rejected', rejected: 'rejected', 驳回: 'rejected', 不予采纳: 'rejected' },
  ...{ withdraw: 'withdrawn', withdrawn: 'withdrawn', 撤回: 'withdrawn' },
  ...{ fail: 'failed', failed: 'failed', 未成: 'failed' },
  ...{ review: 'reviewed', reviewed: 'reviewed' },
}
const otherWords: Readonly<Record<string, 'undo' | 'show' | 'preview' | 'hide' | 'collect'>> = {
  ...{ undo: 'undo', 撤销: 'undo', 收回: 'undo' },
  ...{ chain: 'show', steps: 'show', 进展: 'show', 进度: 'show' },
  ...{ preview: 'preview', 预览: 'preview' },
  ...{ hide: 'hide', 保密: 'hide' },
  ...{ collect: 'collect', 征集: 'collect', 记需求: 'collect' },
}
const words = [...Object.keys(stageWords), ...Object.keys(otherWords), 'step'].sort((a, b) => b.length - a.length)

/** On a Chinese keyboard 、 is the slash key. */
const begins = new RegExp(
  `^[\\s\\u200b-\\u200f\\u2060\\ufeff]*[/／\\\\＼、]\\s*(${words.join('|')})(?![\\p{Script=Latin}_])(?:@\\w+)?[\\s:：,，]*([\\s\\S]*)$`,
  'iu',
)
const numbered = /^([DdAaＤｄＡａ])\s*(\d{1,18})(?!\d)[\s:：,，]*/

/**
 * Pure: `/vet D12 指标可量化`, `/publish D12 匿名 揭榜 至2026-12-31：…`, `/register D12 登记号… 成交额300万 技术交易额260万`, `/undo D12 甄别 理由`,
 * `/chain D12`, `/coach A5 …`; in a case of a demand its number may be left out.
 * @returns null when it is none of these
 */
export function orderIn(text: string): Order | null {
  const [, word = '', rest = ''] = begins.exec(text.replace(/[０-９Ａ-Ｚａ-ｚ]/g, (each) => each.normalize('NFKC'))) ?? []
  if (word === '') return null
  const name = word.toLowerCase()
  const { of, left } = namedIn(rest.trim())
  if (name === 'step') return stepNamed(of, left)
  const stage = own(stageWords, name)
  if (stage !== undefined) return step(of, stage, left)
  const other = own(otherWords, name)
  if (other === 'collect') return { do: 'collect', need: rest.trim() }
  if (other === 'hide')
    return {
      do: 'hide',
      of,
      words: left
        .split(/[、，,;；\n]/u)
        .map((each) => each.trim())
        .filter((each) => [...each].length >= shortestHidden),
    }
  if (other === 'preview') return { do: other, of, publish: publishingIn(left) }
  if (other !== 'undo') return { do: other ?? 'show', of }
  const undone = stageAtStart(left)
  return { do: 'undo', of, stage: undone?.stage ?? null, why: undone?.left ?? left }
}

/** One character is in every text. */
const shortestHidden = 2

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

function namedIn(rest: string): { readonly of: Named | null; readonly left: string } {
  const [all = '', letter = '', id = ''] = numbered.exec(rest) ?? []
  if (all === '') return { of: null, left: rest }
  return { of: { kind: /d/i.test(letter.normalize('NFKC')) ? 'demand' : 'achievement', id }, left: rest.slice(all.length) }
}

const stageAt = new RegExp(
  `^(${Object.keys(stageWords)
    .sort((a, b) => b.length - a.length)
    .join('|')})(?![\\p{Script=Latin}_])[\\s:：,，。]*`,
  'iu',
)

function stageAtStart(text: string): { readonly stage: Stage; readonly left: string } | null {
  const [all = '', word = ''] = stageAt.exec(text) ?? []
  const stage = own(stageWords, word.toLowerCase())
  return stage === undefined ? null : { stage, left: text.slice(all.length) }
}

function stepNamed(of: Named | null, left: string): Order | null {
  const found = stageAtStart(left)
  return found === null ? { do: 'show', of } : step(of, found.stage, found.left)
}

function step(of: Named | null, stage: Stage, left: string): Order {
  const publish = stage === 'published' && of?.kind !== 'achievement' ? publishingIn(left) : null
  return {
    do: 'step',
    of,
    stage,
    evidence: evidenceIn(stage, left, publish),
    on: dayAfter(left, /(?:日期|时间|于|on)\s*[:：]?\s*/iu),
    publish,
  }
}

function publishingIn(text: string): Publishing {
  const [, how = text, given = ''] = /^([^:：\n]{0,60})[:：\n]([\s\S]+)$/u.exec(text) ?? []
  return {
    form: /匿名|anonymous/i.test(how) || !/公开|实名|\bopen\b/i.test(how) ? 'anonymous' : 'open',
    board: /政府榜|园区榜|\bpark\b/i.test(how) ? 'park' : /揭榜|企业榜|\bboard\b/i.test(how) ? 'enterprise' : null,
    text: given.trim() === '' ? null : given.trim(),
    until: dayAfter(how, /(?:至|到|截止|until)\s*[:：]?\s*/iu),
  }
}

/** A day after a word for it; null when there is none, or the calendar does not have it. */
function dayAfter(text: string, word: RegExp): string | null {
  const [, year = '', month = '', day = ''] =
    new RegExp(`${word.source}(20\\d{2})\\s*[-年./]\\s*(\\d{1,2})\\s*[-月./]\\s*(\\d{1,2})`, 'iu').exec(text) ?? []
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return year !== '' && midnightInChina(written) !== null ? written : null
}

type Sum = 'technology_amount' | 'received' | 'amount'
const figures: readonly (readonly [Sum, RegExp])[] = [
  ['technology_amount', /(?:技术交易额|技术额|technology(?: amount)?)/iu],
  ['received', /(?:到账额?|已到账|已付|received)/iu],
  ['amount', /(?:合同成交额|成交额|合同额|合同金额|金额|融资额|兑现额?|amount)/iu],
]
const reasons = [...outcomeGroups.lost, ...outcomeGroups.ended]

function evidenceIn(stage: Stage, text: string, publish: Publishing | null): Evidence {
  const regNo = /(?:登记(?:编)?号|合同(?:登记)?编?号|证明号|编号|reg(?:_?no)?)\s*[:：是为]?\s*([A-Za-z0-9][\w-]{3,59})/iu.exec(
    text,
  )?.[1]
  const side = /(?:^|\s|与|和|对接|推荐)([ATat]\d{1,18})(?![\w])/u.exec(text)?.[1]?.toUpperCase()
  const round = /((?:天使|种子|Pre-?[A-F]|[A-F]\+?)\s*轮)/iu.exec(text)?.[1]
  const reason = stage === 'failed' ? reasons.find((each) => text.includes(each)) : undefined
  const kind = stage === 'agreed' ? kindOf(text) : undefined
  const note = publish === null ? text.trim() : ''
  return {
    ...moneyIn(stage, regNo === undefined ? text : text.replace(regNo, '')),
    ...(regNo === undefined || stage !== 'registered' ? {} : { reg_no: regNo }),
    ...(side === undefined ? {} : { with: side }),
    ...(round === undefined || stage !== 'financed' ? {} : { round }),
    ...(reason === undefined ? {} : { reason }),
    ...(kind === undefined ? {} : { kind }),
    ...(publish === null ? {} : { form: publish.form }),
    ...(note === '' ? {} : { note: note.slice(0, 500) }),
  }
}

function kindOf(text: string): string {
  if (/保密协议|\bnda\b/i.test(text)) return 'nda'
  if (/试用|中试|\btrial\b/i.test(text)) return 'trial'
  return 'intent'
}

const counted: ReadonlySet<Stage> = new Set<Stage>(['signed', 'registered', 'received', 'redeemed', 'financed', 'transferred'])

/** Sums in yuan, each by the word before it; one that stands alone is the sum the step is about. */
function moneyIn(stage: Stage, text: string): Evidence {
  if (!counted.has(stage)) return {}
  const found: Partial<Record<Sum, number>> = {}
  let left = text
  for (const [name, word] of figures) {
    const match = new RegExp(
      `${word.source}\\s*[:：为是共]?\\s*(?:人民币|￥|¥)?\\s*([\\d,.]+\\s*[十百千]?[万亿]{0,2}|[〇零一二两三四五六七八九十百千万亿]+)\\s*元?`,
      'iu',
    ).exec(left)
    const value = numbersIn((match?.[1] ?? '').replace(/\s/g, ''))[0]?.value
    if (match === null || value === undefined) continue
    found[name === 'received' && stage === 'received' ? 'amount' : name] = value
    left = left.replace(match[0], ' ')
  }
  const alone =
    /(?<![\w.年月日号-])(?:￥|¥)?(\d[\d,]*(?:\.\d+)?\s*[十百千]?[万亿]{0,2}|[一二两三四五六七八九十百千叁伍佰仟]+[万亿])(?:元|[\s（(，,。；;]|$)/u.exec(
      left.replace(/20\d{2}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}日?/gu, ' '),
    )?.[1]
  if (found.amount === undefined && alone !== undefined) {
    const value = numbersIn(alone.replace(/\s/g, ''))[0]?.value
    if (value !== undefined) found.amount = value
  }
  return found
}
