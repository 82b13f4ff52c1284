import { decodeText } from './base/encoding.ts'
import { labelled } from './base/grid.ts'
import { type Format, FormatError, type Line, line } from './format.ts'
import { hides } from './html/unseen.ts'

const largest = 20 * 1024 * 1024
/** Bytes that decide whether a file is text. */
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
    if (/\.(md|markdown)$/.test(name)) {
      const shown = plain.replace(/<!--[\s\S]*?-->/g, (comment) => '\n'.repeat(comment.split('\n').length - 1))
      const visible = withoutHidden(shown)
      return { kind: 'text', lines: markdown(visible), meta: {}, warnings: visible === shown ? [] : ['hidden_text'] }
    }
    return { kind: 'text', lines: plain.split('\n').map((each) => line(each)), meta: {}, warnings: [] }
  },
}

/** Headings keep their level; decorative marks and comments, which nobody sees, are removed; table rows name their columns. */
function markdown(visible: string): Line[] {
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
  return lines
}

/** Markdown may hold pieces of HTML; hidden ones are not text. */
function withoutHidden(source: string): string {
  return source.replace(/<(\w{1,20})\b([^>]{1,500})>[\s\S]{0,4000}?<\/\1>/g, (piece, _, attributes: string) => {
    const style = /style\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes)
    return hides(style?.[1] ?? style?.[2] ?? '') || /(?:^|\s)hidden(?:\s|=|$)/i.test(attributes) ? '' : piece
  })
}

function undecorated(raw: string): string {
  return raw
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*\[[^\]]{1,40}\]:\s*#.*$/, '') // a comment in the form of a link definition
    .replace(/<\/?[a-z][^>]{0,300}>/gi, '')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/^\s*>\s?/, '')
    .replace(/^\s*[-*+]\s+/, '')
}
