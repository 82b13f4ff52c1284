import type { Line } from './formats/format.ts'

/** A citable part of a document; `text` holds its words, label included, as they stand in the document. */
export type Clause = {
  readonly label: string | null
  readonly heading: string | null
  readonly text: string
  readonly page: number | null
}

const number = '[一二三四五六七八九十百千零〇○两\\d０-９]{1,8}'
const chapter = new RegExp(`^第${number}([编章节])(?=$|[\\s　:：]|[^规定的和与、，至及所中之])\\s*(.*)$`)
const article = new RegExp(`^第${number}条(?:之[一二三四五六七八九十]{1,2})?(?=$|[\\s　:：]|[^第规定款项的、，和与或至及所中之])`)
const section = /^([一二三四五六七八九十]{1,3})、/
const item = /^[（(]([一二三四五六七八九十]{1,3})[）)]/
const annex = /^附\s*(?:(?:件|表|录)\s*[\d一二三四五六七八九十]{0,3}\s*(?:[:：.、]|$|[\p{Script=Han}《])|[:：])/u
/** Depth of each kind of heading. Headings the file itself marks come below. */
const depths = { annex: 0, book: 1, chapter: 2, section: 3, notice: 3 } as const

const english = /^(?:(Article|Section|Chapter|Part)\s+([\dIVX]+(?:\.\d+)*)\b|(\d{1,2}(?:\.\d{1,2}){0,2})[.\s]\s*(?=[A-Z]))/

type Mark =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly label?: string }
  | { readonly kind: 'clause'; readonly label: string; readonly heading: string | null }

/** `inArticles`: between the first 条 and the next 附件, where 一、 and （一） are items of a 条. */
type Grammar = { readonly byArticle: boolean; inArticles: boolean }

type Heading = { readonly depth: number; readonly text: string }
type Open = {
  readonly label: string | null
  readonly heading: string | null
  readonly lines: string[]
  readonly page: number | null
}
type Reading = { readonly clauses: Clause[]; readonly headings: Heading[]; open: Open | null; part: string | null }

/**
 * Pure: lines → clauses. Documents with 第X条 are cut at 条, others at 一、 and （一）; every character ends up in exactly one clause. A notice
 * before the 条, or an 附件 after them, has its own 一、.
 */
export function clausesOf(lines: readonly Line[]): Clause[] {
  const whole = rebroken(lines)
  const grammar: Grammar = { byArticle: whole.filter((each) => article.test(each.text)).length >= 2, inArticles: false }
  const now: Reading = { clauses: [], headings: [], open: null, part: null }
  for (const each of whole) {
    const mark = markOf(each, grammar)
    if (mark !== null) close(now)
    if (mark?.kind === 'heading') enter(now, mark, grammar)
    else if (entersArticles(mark, grammar)) leave(now, depths.notice)
    const heading = now.headings.map((above) => above.text).join(' › ') || null
    now.open ??= { label: labelOf(mark, now.part), heading, lines: [], page: each.page }
    now.open.lines.push(each.text)
  }
  close(now)
  return withoutBareHeadings(now.clauses)
}

function close(now: Reading): void {
  if (now.open !== null) {
    const { label, heading, lines, page } = now.open
    now.clauses.push({ label, heading, text: lines.join('\n'), page })
  }
  now.open = null
}

function enter(now: Reading, mark: Extract<Mark, { kind: 'heading' }>, grammar: Grammar): void {
  leave(now, mark.depth)
  now.headings.push({ depth: mark.depth, text: mark.text })
  now.part = mark.label ?? null
  if (mark.depth === depths.annex) grammar.inArticles = false
  else if (mark.depth <= depths.chapter) grammar.inArticles = grammar.byArticle
}

function leave(now: Reading, depth: number): void {
  while ((now.headings.at(-1)?.depth ?? -1) >= depth) now.headings.pop()
}

/** At the first 条 of a part the 一、 of the notice before it stop being headings. */
function entersArticles(mark: Mark | null, grammar: Grammar): boolean {
  const enters = !grammar.inArticles && mark?.kind === 'clause' && grammar.byArticle && mark.label.startsWith('第')
  grammar.inArticles ||= enters
  return enters
}

/** What is cited: the clause; in a notice 二、（一）, or the part itself when it has no items. */
function labelOf(mark: Mark | null, part: string | null): string | null {
  if (mark?.kind !== 'clause') return mark === null ? null : (mark.label ?? null)
  return part !== null && /^[（(]/.test(mark.label) ? `${/^[^、]+、/.exec(part)?.[0] ?? ''}${mark.label}` : mark.label
}

function markOf({ text, level }: Line, grammar: Grammar): Mark | null {
  const inChapter = chapter.exec(text)
  if (inChapter !== null && text.length <= 40 && !/[。；，]$/.test(text))
    return {
      kind: 'heading',
      depth: { 编: depths.book, 章: depths.chapter, 节: depths.section }[inChapter[1] ?? ''] ?? depths.chapter,
      text,
    }
  if (annex.test(text) && text.length <= 60) return { kind: 'heading', depth: depths.annex, text }
  const inArticle = article.exec(text)
  if (inArticle !== null) return { kind: 'clause', label: inArticle[0].trim(), heading: null }
  const latin = english.exec(text)
  if (latin !== null && text.length <= 400 && !grammar.byArticle)
    return { kind: 'clause', label: latin[1] ? `${latin[1]} ${latin[2]}` : (latin[3] ?? ''), heading: null }
  if (level !== null && text.length <= 60) return styledHeading(text, level)
  return grammar.inArticles ? null : noticeMark(text)
}

/** A heading the file itself marks as one; 一、 among them is a part whose items are cited by it. */
function styledHeading(text: string, level: number): Mark {
  return { kind: 'heading', depth: 3 + level, text, ...(section.test(text) ? { label: text } : {}) }
}

/** 意见, 通知 and 指南 have no 条: 一、 heads a part and （一） is cited; a long 一、 line is itself the clause. */
function noticeMark(text: string): Mark | null {
  const inSection = section.exec(text)
  if (inSection !== null && text.length <= 30 && !/[。；;]$/.test(text))
    return { kind: 'heading', depth: depths.notice, text, label: text }
  if (inSection !== null) return { kind: 'clause', label: inSection[0], heading: null }
  const inItem = item.exec(text)
  return inItem === null ? null : { kind: 'clause', label: inItem[0], heading: null }
}

/**
 * A heading directly above its clauses is repeated in each of them and says nothing alone; one with nothing below it is an item of a list.
 */
function withoutBareHeadings(clauses: readonly Clause[]): Clause[] {
  return clauses.filter(({ heading, text }, index) => {
    const next = clauses[index + 1]?.heading ?? null
    const heads = next !== null && (next === heading || next.startsWith(`${heading} › `))
    return !(heads && text === heading?.split(' › ').at(-1))
  })
}

const lostBreaks = 300

/** Lines that lost their breaks (web texts) are broken again before whatever begins a part; references to a 条 are left alone. */
function rebroken(lines: readonly Line[]): Line[] {
  return lines.flatMap((each) => {
    const text = closed(each.text.replace(/[\u200B-\u200F\u2060\uFEFF]/g, '').trim())
    if (text === '') return []
    if ([...text].length < lostBreaks) return [{ ...each, text }]
    return broken(text).map((part) => ({ ...each, text: part }))
  })
}

const spread = /^第([一二三四五六七八九十百千零〇○两\d０-９ 　]{1,16})([编章节条])(?=[ 　]|$|\p{Script=Han})/u

/** 第 一 章 has blanks to fill a line; it is 第一章. */
function closed(text: string): string {
  return text.replace(spread, (_, numerals: string, unit: string) => `第${numerals.replace(/[ 　]/g, '')}${unit}`)
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
