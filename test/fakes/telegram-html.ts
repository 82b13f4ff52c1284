/** Parses HTML as strictly as Telegram: its tags and four named entities, nothing left open. */
export class EntityError extends Error {}

const tags = new Set(
  'b strong i em u ins s strike del span tg-spoiler a code pre blockquote tg-emoji tg-time'.split(' ') as readonly string[], // plain words
)
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** @returns the text that remains and how many entities it carries; @throws EntityError with Telegram's words */
export function parseTelegramHtml(html: string): { readonly text: string; readonly entities: readonly string[] } {
  const open: string[] = []
  const entities: string[] = []
  let text = ''
  let at = 0
  while (at < html.length) {
    const character = html.charAt(at)
    if (character === '<') at = readTag(html, at, open, entities)
    else if (character === '&') {
      const reference = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/i.exec(html.slice(at, at + 12))
      const decoded = reference === null ? null : decode(reference)
      text += decoded ?? '&'
      at += decoded === null ? 1 : (reference?.[0].length ?? 1)
    } else {
      text += character
      at += 1
    }
  }
  const left = open.at(-1)
  if (left !== undefined) throw new EntityError(`Can't find end tag corresponding to start tag "${left}"`)
  return { text, entities }
}

function decode(reference: RegExpExecArray): string | null {
  const [, decimal, hex, name] = reference
  if (name !== undefined) return named[name.toLowerCase()] ?? null
  const point = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16)
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : null
}

function readTag(html: string, at: number, open: string[], entities: string[]): number {
  const where = `at byte offset ${Buffer.byteLength(html.slice(0, at))}`
  const end = /^<\/([a-z0-9-]*)\s*>/i.exec(html.slice(at, at + 40))
  if (end !== null) {
    closeTag(open.pop(), end[1]?.toLowerCase() ?? '', where)
    return at + end[0].length
  }
  const start = /^<([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*)\s*>/i.exec(html.slice(at))
  const name = (start?.[1] ?? /^<([^\s>]*)/.exec(html.slice(at, at + 30))?.[1] ?? '').toLowerCase()
  if (start === null || !tags.has(name)) throw new EntityError(`Unsupported start tag "${name}" ${where}`)
  entities.push(openTag(name, start[2] ?? '', open, where))
  return at + start[0].length
}

function closeTag(expected: string | undefined, found: string, where: string): void {
  if (expected === undefined) throw new EntityError(`Unexpected end tag ${where}`)
  if (found !== '' && found !== expected)
    throw new EntityError(`Unmatched end tag ${where}, expected "</${expected}>", found "</${found}>"`)
}

function openTag(name: string, attributes: string, open: string[], where: string): string {
  if (name === 'span' && !/class\s*=\s*["']?tg-spoiler/.test(attributes))
    throw new EntityError(`Tag "span" must have class "tg-spoiler" ${where}`)
  if (name === 'blockquote' && open.includes('blockquote')) throw new EntityError(`Nested blockquotes are not allowed ${where}`)
  open.push(name)
  return name === 'a' ? `a ${/href\s*=\s*["']?([^"'\s>]*)/.exec(attributes)?.[1] ?? ''}` : name
}
