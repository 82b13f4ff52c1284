import { datePattern, dayOf } from './dates.ts'
import type { Found } from './validity.ts'

/** A day in brackets within so many characters stands under the title. */
const underTitle = 160
const headLines = 14
const longestHeadLine = 900

/** Bodies that sign: how a name just before a date ends. */
const signer =
  '(?:局|厅|部|委|委员会|人民政府|政府|府|办|办公厅|办公室|室|院|中心|司|署|行|公司|协会|学会|联合会|指挥部|领导小组|小组|机制|组|管委会|会|处|馆|站|所|总站|大队|支队|集团|银行|法院|检察院|大学|学院)'
const tail = '(?=\\s|$|[（(【\\[。_]|扫一扫|附件|抄送|主题词|来源|打印)'
const signed = new RegExp(
  `(?:^|[\\s。：:；;!！）)_])([\\p{Script=Han}、·\\s（）()]{1,80}?${signer})\\s*[（(]?\\s*(${datePattern})\\s*[)）]?${tail}`,
  'gu',
)
const alone = new RegExp(
  `(?:[。！!；;_]\\s*|(?:^|\\n)\\s*[（(]?\\s*)(${datePattern})\\s*[)）]?(?=\\s*(?:\\n|$|[（(])|\\s+\\p{Script=Han}|扫一扫|附件|抄送)`,
  'gu',
)
const printed = new RegExp(`(${datePattern})\\s*印发`)
const labelled = new RegExp(
  `(?:成文日期|成文时间|发文日期|印发日期|发文时间|发布日期|公布日期|签发日期)\\s*[\\]】]?\\s*[:：]?\\s*(${datePattern})`,
)
const bracketed = new RegExp(`[（(]\\s*(${datePattern})\\s*[)）]`)
const event = /通过|修订|修正|批准|公布|发布|颁布|印发/
const lawDate = new RegExp(datePattern, 'g')

/**
 * The day a document is dated, by the first that applies: what its page states (成文日期), the last adoption or amendment in the head of a law,
 * the day under the first signature (a later one belongs to what is attached or forwarded), the day it was printed.
 * @param stated the value in the page's own metadata; it wins
 */
export function issueDate(lines: readonly string[], stated: string | null): Found | null {
  const plain = lines.map((line) =>
    line
      .normalize('NFKC')
      .replace(/[\u200B-\u200F\u2060\uFEFF]/g, '')
      .trim(),
  )
  const text = plain.join('\n')
  const head = text.slice(0, 1_500)
  return (
    first(labelled, head) ??
    adopted(plain) ??
    first(bracketed, head.slice(0, underTitle)) ??
    signature(text) ??
    (stated === null ? null : { value: stated, phrase: stated }) ??
    first(printed, text.slice(-300)) ??
    atVeryEnd(text)
  )
}

function first(pattern: RegExp, text: string): Found | null {
  const match = pattern.exec(text)
  const day = match?.[1] === undefined ? null : dayOf(match[1])
  return match === null || day === null ? null : { value: day, phrase: match[0] }
}

/** Laws carry their history below the title; this text is that of the last day on which something was adopted, approved or published. */
function adopted(lines: readonly string[]): Found | null {
  const end = lines.findIndex((line) => /^(?:#*\s*)?第[一1][章条节]|^目\s*录/.test(line))
  const head = lines.slice(0, Math.min(end < 0 ? headLines : end, headLines * 2))
  const found: Found[] = []
  for (const line of head) {
    if (line.length > longestHeadLine || !new RegExp(`^[（(]?\\s*(?:根据\\s*)?(?:${datePattern})(?!\\s*[,，])`).test(line))
      continue
    const dates = [...line.matchAll(lawDate)]
    for (const [index, match] of dates.entries()) {
      const rest = line.slice(match.index + match[0].length, dates[index + 1]?.index)
      const day = dayOf(match[0])
      if (day !== null && event.test(rest) && !/^\s*起?\s*施行/.test(rest))
        found.push({ value: day, phrase: `${match[0]}${rest}`.slice(0, 120) })
    }
  }
  return found.toSorted((a, b) => (a.value < b.value ? 1 : -1))[0] ?? null
}

function signature(text: string): Found | null {
  const named = all(signed, text).find(
    ({ phrase }) =>
      !/(?:截至|截止|至|自|于|在|到|从|前|召开|新闻)\s*$/u.test(phrase.replace(new RegExp(`(${datePattern}).*$`, 'su'), '')),
  )
  const bare = all(alone, text)[0] ?? null
  if (named === undefined) return bare
  // Under a title, or at the end of a covering notice, a day may stand without a name; the first of the two is the document's own.
  return bare !== null && bare.at < named.at - 200 ? bare : named
}

type At = Found & { readonly at: number }

function all(pattern: RegExp, text: string): At[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const day = dayOf(match.at(-1) ?? '')
    return day === null
      ? []
      : [
          {
            value: day,
            phrase: match[0]
              .replace(/\s+/g, ' ')
              .replace(/^[\s。：:；;!！）)_]+/, '')
              .trim(),
            at: match.index,
          },
        ]
  })
}

function atVeryEnd(text: string): Found | null {
  return first(new RegExp(`(${datePattern})\\s*$`), text.slice(-40))
}
