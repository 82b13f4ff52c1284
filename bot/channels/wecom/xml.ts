import { SaxesParser } from 'saxes'
import { AppError } from '../../../retrieval/base/errors.ts'

/** An element's text and children; the order of its children does not matter. Everything is text: a MsgId exceeds JavaScript's integers. */
export type Xml = { readonly text: string; readonly children: ReadonlyMap<string, readonly Xml[]> }

type Growing = { text: string; readonly children: Map<string, Growing[]> }

/** Callbacks are flat; anything deeper or larger is an attack. */
const mostDepth = 12
const mostElements = 4_000

/**
 * Reads a callback. DOCTYPE is refused, so no entity beyond XML's own five can exist.
 * @returns the root element
 * @throws AppError `wecom_bad_xml`
 */
export function parseXml(source: string): Xml {
  const root = growing()
  const open = [root]
  let elements = 0
  const parser = new SaxesParser()
  parser.on('doctype', () => fail())
  parser.on('error', () => fail())
  parser.on('opentag', ({ name }) => {
    elements += 1
    const parent = open.at(-1)
    if (parent === undefined || elements > mostElements || open.length > mostDepth) return fail()
    const element = growing()
    parent.children.set(name, [...(parent.children.get(name) ?? []), element])
    open.push(element)
  })
  const say = (text: string) => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  }
  parser.on('text', say)
  parser.on('cdata', say)
  parser.on('closetag', () => void open.pop())
  parser.write(readable(source)).close()
  const top = root.children.get('xml')?.[0]
  return top ?? fail()
}

/** @returns the text of the only element of this name; null when there is none, or several */
export function xmlText(of: Xml, name: string): string | null {
  const found = of.children.get(name)
  return found?.length === 1 ? (found[0]?.text.trim() ?? null) : null
}

/** @returns all elements at the end of a path */
export function xmlList(of: Xml, ...path: readonly string[]): readonly Xml[] {
  return path.reduce<readonly Xml[]>((at, name) => at.flatMap((each) => each.children.get(name) ?? []), [of])
}

function growing(): Growing {
  return { text: '', children: new Map() }
}

/** Drops a byte order mark, and characters XML does not allow: a message must not be lost because somebody typed one. */
function readable(source: string): string {
  const control = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
  return source.replace(/^\u{feff}/u, '').replace(control, '\u{fffd}')
}

function fail(): never {
  throw new AppError('wecom_bad_xml', 'Not a callback of WeCom')
}
