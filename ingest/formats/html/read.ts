import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { decodeText } from '../base/encoding.ts'
import { FormatError, type Meta, type Reading } from '../format.ts'
import { type Element, flat, gridsOf, linesOf, type Page } from './lines.ts'
import { pageOf } from './page.ts'
import { takeOutHidden, unmarked } from './unseen.ts'

const largest = 5 * 1024 * 1024
const deepest = 500
/** Hidden labels of buttons are common inside articles; hidden text of this many characters counts as text. */
const wordsFrom = 20

/** Never part of an article, wherever it stands. */
const furniture = 'script, noscript, nav, header nav, footer, iframe, template, [hidden]'

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

export async function readPage(bytes: Uint8Array, name: string): Promise<Reading> {
  if (bytes.length > largest)
    throw new FormatError('too_large', 'The page is larger than 5 MB', { hint: 'Save the article alone.' })
  const source = decodeText(bytes)
  if (source === null) throw new FormatError('damaged', 'The page has no encoding that fits', { hint: 'Save it as UTF-8.' })
  if (depthOf(source) > deepest)
    throw new FormatError('damaged', 'The page is nested too deeply', { hint: 'Save the article alone.' })
  const document = pageOf(source)
  const meta = metaOf(document)
  for (const each of document.querySelectorAll(furniture)) each.remove()
  takeOutHidden(document)
  for (const each of document.querySelectorAll('style')) each.remove()
  if (/\.(?:xls|et)$/.test(name.toLowerCase()) && document.querySelector('table') !== null) return asTable(document)
  const article = articleOf(document)
  if (article === null) return { kind: 'text', lines: [], meta, warnings: [] }
  const read = linesOf(article).map((each) => ({ ...each, ...unmarked(each.text) }))
  const hidden = read.reduce((sum, each) => sum + each.hidden, 0)
  const lines = read.flatMap(({ text, page, level }) => (flat(text) === '' ? [] : [{ text: flat(text), page, level }]))
  return { kind: 'text', lines, meta, warnings: hidden >= wordsFrom ? ['hidden_text'] : [] }
}

/** Many systems export a page with a table in it as .xls; Excel opens it as a table. */
function asTable(page: Page): Reading {
  let hidden = 0
  const shown = (text: string) => {
    const read = unmarked(text)
    hidden += read.hidden
    return flat(read.text)
  }
  const grids = page.body === null ? [] : gridsOf(page.body)
  const sheets = grids.map((grid, index) => ({
    name: String(index + 1),
    rows: grid.map((row) => Array.from(row, (cell) => shown(cell ?? ''))).filter((row) => row.some((cell) => cell !== '')),
  }))
  const filled = sheets.filter((each) => each.rows.length > 0)
  return { kind: 'table', sheets: filled, warnings: hidden > 0 ? ['hidden_cells_left_out'] : [] }
}

/** A linear scan, so that no parser is the first to meet half a million open tags. */
function depthOf(source: string): number {
  let depth = 0
  let most = 0
  for (const match of source.matchAll(/<(\/?)(div|span|table|tr|td|ul|ol|li|p|b|i|font|section|blockquote)\b/gi)) {
    depth += match[1] === '/' ? -1 : match[2]?.toLowerCase() === 'p' ? 0 : 1
    most = Math.max(most, depth)
  }
  return most
}

/** Metadata of a government page: standard meta names, and the table of 索引号, 文号, 成文日期. */
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

function articleOf(page: Page): Element | null {
  const long = articleSelectors
    .flatMap((selector) => [...page.querySelectorAll(selector)])
    .filter((each) => flat(each.textContent ?? '').length > 100)
  if (long[0] !== undefined)
    return long.reduce((best, each) => ((each.textContent ?? '').length > (best.textContent ?? '').length ? each : best))
  const whole = flat(page.body?.textContent ?? '')
  // Readability takes the document apart, so it gets a copy.
  const copy = parseHTML(`<html><body>${page.body?.innerHTML ?? ''}</body></html>`).document
  const read = new Readability(copy as never, { charThreshold: 50 }).parse() // linkedom's document is close enough to the DOM's for Readability
  const text = flat(read?.textContent ?? '')
  if (read?.content && text.length > whole.length * 0.3)
    return parseHTML(`<html><body>${read.content}</body></html>`).document.body
  return page.body
}
