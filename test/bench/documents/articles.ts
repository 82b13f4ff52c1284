import { bare } from './characters.ts'

export type Article = { readonly label: string; readonly text: string }

const number = '[一二三四五六七八九十百千零〇两\\d]{1,8}'
const article = new RegExp(`^(第${number}条(?:之[一二三四五六七八九十]{1,2})?)(?=[\\s　]|$)`)
const heading = new RegExp(`^(?:第${number}[编章节](?=[\\s　]|$)|附\\s*件)`)

/** The articles of a reference text that has one line per paragraph, cut by a rule of its own, not by the product's. */
export function articlesOf(reference: string): Article[] {
  const articles: { label: string; lines: string[] }[] = []
  let open = false
  for (const line of reference.split(/\r?\n/).map((each) => each.trim())) {
    const label = article.exec(line)?.[1]
    if (label !== undefined) articles.push({ label, lines: [line] })
    if (label !== undefined || heading.test(line) || line.startsWith('#')) open = label !== undefined
    else if (open) articles.at(-1)?.lines.push(line)
  }
  return articles.map(({ label, lines }) => ({ label, text: bare(lines.join('')) })).filter(({ text }) => text.length > 8)
}

/** kept: whole in one piece, number included · cut: its words are there, over several pieces · lost: the rest */
export function fateOf({ text }: Article, pieces: readonly string[]): 'kept' | 'cut' | 'lost' {
  if (pieces.some((piece) => piece.includes(text))) return 'kept'
  return pieces.join('').includes(text) ? 'cut' : 'lost'
}
