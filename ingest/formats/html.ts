import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { decodeText } from './base/encoding.ts'
import { fillCells, type Grid, tableToLines } from './base/grid.ts'
import { type Format, FormatError, type Line, line, type Meta } from './format.ts'

const largest = 5 * 1024 * 1024
const deepest = 500

/** Where Chinese government portals put the article itself. */
const articleSelectors = [
  '.TRS_Editor',
  '#UCAP-CONTENT',
  '#zoom',
  '.TRS_UEDITOR',
  '.article_con',
  '.wrapper_detail_text',
  '.pages_content',
  '.view',
  '#Zoom',
  '.article-content',
  'article',
  'main',
]

/** Saved web pages: the article, not the navigation. */
export const html: Format = {
  name: 'html',
  matches: (bytes, name) =>
    /\.(x?html?|mht)$/.test(name) ||
    /^\s*(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(
      new TextDecoder('latin1').decode(bytes.subarray(0, 4096)),
    ),
  async read(bytes) {
    if (bytes.length > largest)
      throw new FormatError('too_large', 'The page is larger than 5 MB', { hint: 'Save the article alone.' })
    const source = decodeText(bytes)
    if (source === null) throw new FormatError('damaged', 'The page has no encoding that fits', { hint: 'Save it as UTF-8.' })
    if (depthOf(source) > deepest)
      throw new FormatError('damaged', 'The page is nested too deeply', { hint: 'Save the article alone.' })
    const { document } = parseHTML(source)
    const meta = metaOf(document)
    const article = articleOf(document)
    const lines = article === null ? [] : linesOf(article)
    return { kind: 'text', lines, meta, warnings: [] }
  },
}

/** A linear scan: a parser must not be the first to meet half a million open tags. */
function depthOf(source: string): number {
  let depth = 0
  let most = 0
  for (const match of source.matchAll(/<(\/?)(div|span|table|tr|td|ul|ol|li|p|b|i|font|section|blockquote)\b/gi)) {
    depth += match[1] === '/' ? -1 : match[2]?.toLowerCase() === 'p' ? 0 : 1
    most = Math.max(most, depth)
  }
  return most
}

type Page = ReturnType<typeof parseHTML>['document']

/** The head of a government page: standard meta names, and the table of 索引号, 文号, 成文日期. */
function metaOf(page: Page): Meta {
  const content = (name: string) => page.querySelector(`meta[name="${name}" i]`)?.getAttribute('content')?.trim() || undefined
  const facts = factTable(page)
  const title = facts.get('标题') ?? facts.get('名称') ?? content('ArticleTitle')
  const docNo = facts.get('文号') ?? facts.get('发文字号') ?? facts.get('发文号')
  const issuer = facts.get('发文机关') ?? facts.get('发布机构') ?? facts.get('发文单位') ?? facts.get('制发机关')
  const issuedOn = facts.get('成文日期') ?? facts.get('发文日期')
  return { ...(title && { title }), ...(docNo && { docNo }), ...(issuer && { issuer }), ...(issuedOn && { issuedOn }) }
}

function factTable(page: Page): Map<string, string> {
  const facts = new Map<string, string>()
  for (const cell of page.querySelectorAll('td, th, dt, li, span, p')) {
    const own = flat(cell.textContent ?? '')
    if (own.length > 80) continue
    const inline =
      /^(索\s*引\s*号|文\s*号|发文字号|发文号|发文机关|发布机构|发文单位|制发机关|成文日期|发文日期|标\s*题|名\s*称)\s*[:：]\s*(.*)$/.exec(
        own,
      )
    if (inline === null) continue
    const name = (inline[1] ?? '').replace(/\s/g, '')
    const value = inline[2] || flat(cell.nextElementSibling?.textContent ?? '')
    if (value !== '' && !facts.has(name)) facts.set(name, value)
  }
  return facts
}

type Element = NonNullable<ReturnType<Page['querySelector']>>

function articleOf(page: Page): Element | null {
  for (const each of page.querySelectorAll('script, style, noscript, nav, header nav, footer, iframe, template, [hidden]'))
    each.remove()
  const long = articleSelectors
    .flatMap((selector) => [...page.querySelectorAll(selector)])
    .filter((each) => flat(each.textContent ?? '').length > 100)
  if (long[0] !== undefined)
    return long.reduce((best, each) => ((each.textContent ?? '').length > (best.textContent ?? '').length ? each : best))
  const whole = flat(page.body?.textContent ?? '')
  // Readability wants a page to itself: it takes the document apart.
  const copy = parseHTML(`<html><body>${page.body?.innerHTML ?? ''}</body></html>`).document
  const read = new Readability(copy as never, { charThreshold: 50 }).parse() // linkedom's document is close enough to the DOM's for Readability
  const text = flat(read?.textContent ?? '')
  if (read?.content && text.length > whole.length * 0.3)
    return parseHTML(`<html><body>${read.content}</body></html>`).document.body
  return page.body
}

const blocks = new Set([
  'P',
  'DIV',
  'LI',
  'TR',
  'H1',
  'H2',
  'H3',
  'H4',
  'H5',
  'H6',
  'SECTION',
  'ARTICLE',
  'BLOCKQUOTE',
  'DD',
  'DT',
  'UL',
  'OL',
  'MAIN',
  'HEADER',
  'PRE',
  'FIGURE',
])

/** Block elements end a line, `<br>` too; runs of blanks fold; a heading keeps its level. */
function linesOf(article: Element): Line[] {
  const lines: Line[] = []
  let open = ''
  const close = (level: number | null = null) => {
    const text = flat(open)
    if (text !== '') lines.push(line(text, null, level))
    open = ''
  }
  const visit = (element: Element): void => {
    if (isHidden(element)) return
    const isBlock = blocks.has(element.tagName) || element.tagName === 'BR' || element.tagName === 'TABLE'
    if (isBlock) close()
    if (element.tagName === 'TABLE') lines.push(...tableLines(element))
    else for (const child of element.childNodes) walk(child)
    if (isBlock) close(/^H[1-6]$/.test(element.tagName) ? Number(element.tagName[1]) : null)
  }
  const walk = (node: Element['childNodes'][number]): void => {
    if (node.nodeType === 3) open += node.textContent ?? ''
    else if (node.nodeType === 1) visit(node as Element) // node type 1 is an element
  }
  walk(article)
  close()
  return lines
}

/** Text that a reader of the page does not see is no part of the document. */
function isHidden(element: Element): boolean {
  const style = element.getAttribute('style') ?? ''
  return element.hasAttribute('hidden') || /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0/i.test(style)
}

/** Cells that span rows or columns are repeated. */
function tableLines(table: Element): Line[] {
  const grid: Grid = []
  for (const [y, row] of [...table.querySelectorAll('tr')].entries()) {
    let x = 0
    for (const cell of row.querySelectorAll('td, th')) {
      while (grid[y]?.[x] !== undefined) x += 1
      const size = { tall: spanOf(cell, 'rowspan', 200), wide: spanOf(cell, 'colspan', 50) }
      fillCells(grid, { y, x }, size, flat(cell.textContent ?? ''))
      x += size.wide
    }
  }
  return tableToLines(grid)
}

function spanOf(cell: Element, name: string, most: number): number {
  return Math.max(1, Math.min(Number(cell.getAttribute(name)) || 1, most))
}

function flat(text: string): string {
  return text.replace(/[\s\u00A0]+/g, ' ').trim()
}
