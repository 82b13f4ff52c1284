import { decodeText } from './base/encoding.ts'
import { labelled } from './base/grid.ts'
import { type Format, FormatError, type Line, line, type Meta } from './format.ts'

const largest = 20 * 1024 * 1024
/** So much of a file tells whether it is text. */
const looksAt = 256 * 1024

/** Plain text and Markdown. */
export const text: Format = {
  name: 'text',
  matches: (bytes, name) =>
    !/\.(docx?|xlsx?|pptx?|pdf|wps|et|png|jpe?g|gif|zip|msg|rtf)$/.test(name) &&
    decodeText(bytes.subarray(0, looksAt), bytes.length > looksAt) !== null,
  async read(bytes, name) {
    if (bytes.length > largest)
      throw new FormatError('too_large', 'The text is larger than 20 MB', { hint: 'Split it into documents.' })
    const decoded = decodeText(bytes)
    if (decoded === null) throw new FormatError('damaged', 'The text has no encoding that fits', { hint: 'Save it as UTF-8.' })
    const plain = decoded.replace(/\r\n?/g, '\n')
    const { lines, meta } = /\.(md|markdown)$/.test(name)
      ? markdown(plain)
      : { lines: plain.split('\n').map((each) => line(each)), meta: {} }
    return { kind: 'text', lines, meta, warnings: [] }
  },
}

/** Headings keep their level; marks that only decorate go; comments, which nobody sees, go too; table rows name their columns. */
function markdown(source: string): { lines: Line[]; meta: Meta } {
  const visible = source.replace(/<!--[\s\S]*?-->/g, (comment) => '\n'.repeat(comment.split('\n').length - 1))
  const lines: Line[] = []
  let header: string[] | null = null
  let before: string[] | null = null
  for (const raw of visible.split('\n')) {
    const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(raw)
    const cells =
      /^\s*\|(.+)\|\s*$/
        .exec(raw)?.[1]
        ?.split('|')
        .map((cell) => undecorated(cell.trim())) ?? null
    if (heading !== null) lines.push(line(undecorated(heading[2] ?? ''), null, heading[1]?.length ?? 1))
    else if (cells === null) lines.push(line(undecorated(raw)))
    else if (cells.every((cell) => /^:?-{2,}:?$/.test(cell))) {
      header = before
      lines.pop()
    } else lines.push(line(header === null ? cells.join('｜') : labelled(header, cells)))
    before = cells
    if (cells === null) header = null
  }
  return { lines, meta: {} }
}

function undecorated(raw: string): string {
  return raw
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/^\s*>\s?/, '')
    .replace(/^\s*[-*+]\s+/, '')
}
