import type { Line } from './formats/format.ts'

/** A citable part of a document; `text` holds its words, label included, as they stand in the document. */
export type Clause = {
  readonly label: string | null
  readonly heading: string | null
  readonly text: string
  readonly page: number | null
}

const number = '[一二三四五六七八九十百零〇两\\d]{1,8}'
const chapter = new RegExp(`^第${number}([编章节])(?=$|[\\s　:：])\\s*(.*)$`)
const article = new RegExp(`^第${number}条(?:之[一二三四五六七八九十]{1,2})?(?=$|[\\s　:：]|[^规定款项的、和与至及所中之])`)
const section = /^([一二三四五六七八九十]{1,3})、/
const item = /^[（(]([一二三四五六七八九十]{1,3})[）)]/
const annex = /^附(?:件|表|录)\s*([\d一二三四五六七八九十]{0,3})\s*[:：.、]?\s*(?:$|[\p{Script=Han}《])/u
const english = /^(?:(Article|Section|Chapter|Part)\s+([\dIVX]+(?:\.\d+)*)\b|(\d{1,2}(?:\.\d{1,2}){0,2})[.\s]\s*(?=[A-Z]))/

type Mark =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly label?: string }
  | { readonly kind: 'clause'; readonly label: string; readonly heading: string | null }

type Grammar = { readonly byArticle: boolean }

/** Pure: lines → clauses. Documents with 第X条 are cut at 条, others at 一、 and （一）; every character ends up in exactly one clause. */
export function clausesOf(lines: readonly Line[]): Clause[] {
  const whole = rebroken(lines)
  const grammar = { byArticle: whole.filter((each) => article.test(each.text)).length >= 2 }
  const clauses: Clause[] = []
  const headings: { depth: number; text: string }[] = []
  let open: { label: string | null; heading: string | null; lines: string[]; page: number | null } | null = null
  let part: string | null = null
  const close = () => {
    if (open !== null && open.lines.length > 0)
      clauses.push({ label: open.label, heading: open.heading, text: open.lines.join('\n'), page: open.page })
    open = null
  }
  for (const each of whole) {
    const mark = markOf(each, grammar)
    if (mark?.kind === 'heading') {
      close()
      while ((headings.at(-1)?.depth ?? -1) >= mark.depth) headings.pop()
      headings.push({ depth: mark.depth, text: mark.text })
    }
    if (mark?.kind === 'clause') close()
    if (mark?.kind === 'heading') part = mark.label ?? null
    const heading = headings.map((each) => each.text).join(' › ') || null
    open ??= { label: labelOf(mark, part), heading, lines: [], page: each.page }
    open.lines.push(each.text)
  }
  close()
  return withoutBareHeadings(clauses)
}

/** What is cited: the clause; inside a notice 二、（一）, or the part itself where it has no items. */
function labelOf(mark: Mark | null, part: string | null): string | null {
  if (mark?.kind !== 'clause') return mark === null ? null : (mark.label ?? null)
  return part !== null && /^[（(]/.test(mark.label) ? `${/^[^、]+、/.exec(part)?.[0] ?? ''}${mark.label}` : mark.label
}

function markOf({ text, level }: Line, grammar: Grammar): Mark | null {
  const inChapter = chapter.exec(text)
  if (inChapter !== null && text.length <= 40)
    return { kind: 'heading', depth: { 编: 1, 章: 2, 节: 3 }[inChapter[1] ?? ''] ?? 2, text }
  if (annex.test(text) && text.length <= 60) return { kind: 'heading', depth: 1, text }
  const inArticle = article.exec(text)
  if (inArticle !== null) return { kind: 'clause', label: inArticle[0].trim(), heading: null }
  const latin = english.exec(text)
  if (latin !== null && text.length <= 400 && !grammar.byArticle)
    return { kind: 'clause', label: latin[1] ? `${latin[1]} ${latin[2]}` : (latin[3] ?? ''), heading: null }
  if (level !== null && text.length <= 60) return styledHeading(text, level)
  return grammar.byArticle ? null : noticeMark(text)
}

/** A heading the file itself marks as one; 一、 among them is a part whose items are cited by it. */
function styledHeading(text: string, level: number): Mark {
  return { kind: 'heading', depth: 3 + level, text, ...(section.test(text) ? { label: text } : {}) }
}

/** 意见, 通知 and 指南 have no 条: 一、 heads a part, （一） is what is cited; a long 一、 line is itself the part. */
function noticeMark(text: string): Mark | null {
  const inSection = section.exec(text)
  if (inSection !== null && text.length <= 30 && !/[。；;]$/.test(text)) return { kind: 'heading', depth: 3, text, label: text }
  if (inSection !== null) return { kind: 'clause', label: inSection[0], heading: null }
  const inItem = item.exec(text)
  return inItem === null ? null : { kind: 'clause', label: inItem[0], heading: null }
}

/** A heading with nothing below it but the next heading says nothing by itself: it stands above the clauses that follow. */
function withoutBareHeadings(clauses: readonly Clause[]): Clause[] {
  return clauses.filter((clause) => clause.heading === null || clause.text !== clause.heading.split(' › ').at(-1))
}

const lostBreaks = 300

/** Lines whose breaks were lost (web texts) are broken again in front of what begins a part; references to a 条 are left alone. */
function rebroken(lines: readonly Line[]): Line[] {
  return lines.flatMap((each) => {
    const text = each.text.replace(/[\u200B-\u200F\u2060\uFEFF]/g, '').trim()
    if (text === '') return []
    if ([...text].length < lostBreaks) return [{ ...each, text }]
    return broken(text).map((part) => ({ ...each, text: part }))
  })
}

const starts = new RegExp(
  [
    `(?<=[。；;！!\\s　”’）)])(?=第${number}[章节][\\s　])`,
    `(?<=[。；;！!\\s　”’）)])(?=第${number}条[\\s　])`,
    '(?<=[。；;！!\\s　”’：:])(?=[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十]、))',
    '(?<=[。；;！!\\s　”’：:])(?=[（(][一二三四五六七八九十]{1,3}[）)])',
    '(?<=[。；;])(?=附件\\s*[\\d一二三四五六七八九十]?\\s*[:：])',
  ].join('|'),
)

function broken(text: string): string[] {
  return text
    .split(starts)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
