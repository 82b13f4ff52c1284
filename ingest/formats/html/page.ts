import { parseHTML } from 'linkedom'
import type { Page } from './lines.ts'

/** Tags that a page may leave out. Bounded, or a file of tags that never end would be scanned again from each. */
const frame = /<(?:!doctype|\/?(?:html|head|body)(?=[\s/>]))[^>]{0,1000}>/gi

/**
 * `<html>`, `<head>` and `<body>` are often missing: in hand-written pages, exports, copied pieces. The parser takes that literally and
 * puts an empty body beside the content, so the frame is put around it again.
 */
export function pageOf(source: string): Page {
  const { document } = parseHTML(source)
  if (isWhole(document)) return document
  const inside = source.replace(frame, '')
  const framed = parseHTML(`<!doctype html><html><head></head><body>${inside}</body></html>`).document
  for (const each of framed.querySelectorAll('body > title')) each.remove() // the window title is not a line of the article
  return framed
}

/** One page with a body that holds everything. */
function isWhole(page: Page): boolean {
  const root = page.documentElement
  if (root?.tagName.toUpperCase() !== 'HTML' || page.querySelectorAll('body').length !== 1) return false
  return [...page.childNodes, ...root.childNodes].every(
    (each) => each.nodeType !== 1 || /^(?:HTML|HEAD|BODY)$/i.test((each as NonNullable<typeof root>).tagName), // node type 1 is an element
  )
}
