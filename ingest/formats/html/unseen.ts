import { type Element, flat, type Page } from './lines.ts'

/** Selectors with blanks or several parts cost a walk over the page each; this much walking is allowed. */
const mostSteps = 1_500_000

/** A mark in place of what was taken out, with its number of characters: only those inside the article count. */
const mark = (count: number) => `\uE000${count}\uE001`
const marks = /\uE000(\d{1,9})\uE001/g

/** Takes out what a reader of the page does not see. Must run before the article is extracted, which keeps no styles. */
export function takeOutHidden(page: Page): void {
  for (const element of hiddenIn(page)) {
    const count = flat(element.textContent ?? '').length
    // Some pages are hidden as a whole until a script shows them.
    if (count === 0 || /^(?:HTML|BODY)$/i.test(element.tagName)) continue
    if (/^T[RDH]$/i.test(element.tagName)) emptyCells(element, mark(count))
    else element.replaceWith(page.createTextNode(mark(count)))
  }
}

/** A row or a cell keeps its place in the table. */
function emptyCells(element: Element, words: string): void {
  element.removeAttribute('style') // or it would be dropped without a report
  const cells: Element[] = /^TR$/i.test(element.tagName) ? [...element.querySelectorAll('td, th')] : [element]
  for (const [index, cell] of cells.entries()) cell.textContent = index === 0 ? words : ''
}

/** @returns the text without marks, and how many characters they stand for */
export function unmarked(text: string): { text: string; hidden: number } {
  const hidden = [...text.matchAll(marks)].reduce((sum, match) => sum + Number(match[1]), 0)
  return { text: text.replace(marks, ''), hidden }
}

function hiddenIn(page: Page): Set<Element> {
  const hidden = new Set<Element>()
  const find = finder(page)
  for (const { selectors, body } of rulesOf(page)) {
    const is = hides(body)
    if (!is && !/display\s*:\s*(?:block|flex|grid|inline|table)|visibility\s*:\s*visible/i.test(body)) continue
    for (const element of selectors.flatMap(find))
      if (is) hidden.add(element)
      else hidden.delete(element) // a later rule shows it again
  }
  for (const element of page.querySelectorAll('[style], font[color]'))
    if (hides(element.getAttribute('style') ?? '') || isWhite(element.getAttribute('color'))) hidden.add(element)
  return hidden
}

function isWhite(colour: string | null): boolean {
  return colour !== null && /^\s*(?:#fff(?:fff)?|white)\s*$/i.test(colour)
}

type Rule = { readonly selectors: readonly string[]; readonly body: string }

function rulesOf(page: Page): Rule[] {
  const source = [...page.querySelectorAll('style')]
    .map((sheet) => sheet.textContent ?? '')
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .slice(0, 500_000)
  return [...source.matchAll(/([^{}]{1,300})\{([^{}]{0,2000})\}/g)].map(([, selectors = '', body = '']) => ({
    selectors: selectors.split(',').map((each) => each.trim()),
    body,
  }))
}

/** Classes and names are looked up; other selectors are walked, up to a limit. */
function finder(page: Page): (selector: string) => Element[] {
  const all: Element[] = [...page.querySelectorAll('*')]
  const named = new Map<string, Element[]>()
  const note = (name: string, element: Element) => named.set(name, [...(named.get(name) ?? []), element])
  for (const element of all) {
    const id = element.getAttribute('id')
    if (id) note(`#${id}`, element)
    for (const name of (element.getAttribute('class') ?? '').split(/\s+/)) if (name !== '') note(`.${name}`, element)
  }
  let steps = mostSteps
  return (selector) => {
    if (/^[.#][\w-]+$/.test(selector)) return named.get(selector) ?? []
    if (!/^[\w.#\s>-]{1,100}$/.test(selector) || /^\w+$/.test(selector) || steps < all.length) return []
    steps -= all.length
    return [...page.querySelectorAll(selector)]
  }
}

/** Not displayed, too small to read, outside the window, clipped away, or white on the page's own white. */
export function hides(style: string): boolean {
  if (/display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)/i.test(style)) return true
  if (
    /font-size\s*:\s*[01](?:\.\d+)?\s*(?:px|pt|em|rem|%|;|!|$)/i.test(style) &&
    !/font-size\s*:\s*1(?:\.\d+)?\s*r?em/i.test(style)
  )
    return true
  if (/(?:left|top|text-indent)\s*:\s*-\s*\d{3,}|transform\s*:\s*scale[XY]?\(\s*0(?:\.0+)?\s*[),]/i.test(style)) return true
  if (/(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:;|!|$)/i.test(style) && /overflow[^:;]*:\s*hidden/i.test(style))
    return true
  return (
    /(?:^|;)\s*color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255)/i.test(style) && !/background/i.test(style)
  )
}
