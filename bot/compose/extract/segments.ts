import { remembered } from '../../../retrieval/base/remembered.ts'

/** A piece of a passage, small enough for runs of them to make good quotations. */
export type Segment = {
  readonly text: string
  readonly from: number
  readonly to: number
  /** Starts, or ends, at a sentence boundary. */
  readonly opens: boolean
  readonly closes: boolean
  /** `heading`: names what follows (一、申报条件。 办理地点：); `aside`: who is responsible, in brackets; `question`: asks something itself. */
  readonly kind: 'plain' | 'heading' | 'aside' | 'question'
}

/** Longer sentences are also broken at commas and colons, so that a wall of text can be quoted in part. */
const longest = 36
const shortest = 8
const longestHeading = 34

const hardEnd =
  /[。！？；!?\n]+[”’」』）)]?|;(?=\s|$)|(?<!\b(?:tel|nos?|art|mrs?|ms|dr|co|ltd|inc|approx|fig|para|sec|vol))\.(?=\s|$)|\s*[\u3000]{2,}|(?<=[）)])(?=\s*(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.．、]))/gi

/** @returns the segments of a passage in order; joined they give the passage back */
export const segmentsOf: (text: string) => readonly Segment[] = remembered((text) => {
  const segments: Segment[] = []
  let from = 0
  for (const end of [...text.matchAll(hardEnd)].map((match) => match.index + match[0].length).concat(text.length)) {
    if (end <= from) continue
    const cuts = [...softEnds(text, from, end), end]
    for (const [index, to] of cuts.entries()) {
      const piece = text.slice(from, to)
      segments.push({
        text: piece,
        from,
        to,
        opens: index === 0,
        closes: index === cuts.length - 1,
        kind: kindOf(piece, index === 0),
      })
      from = to
    }
  }
  return segments
})

function softEnds(text: string, from: number, to: number): number[] {
  const cuts: number[] = []
  let last = from
  for (const match of text.slice(from, to).matchAll(/[：:](?!\d)|[，]|,(?=\s)/g)) {
    const at = from + match.index + 1
    const colon = match[0] === '：' || match[0] === ':'
    const apart = colon ? at - last >= 3 && to - at >= 2 : to - from > longest && at - last >= shortest && to - at >= shortest
    if (!apart) continue
    cuts.push(at)
    last = at
  }
  return cuts
}

const marker =
  /^\s*(?:第[\d一二三四五六七八九十百]+[条章节]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}\s*[.．、](?!\d)|[①-⑳])/
/** The line under a Markdown table's head, which says nothing. */
const tableLine = /^\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?$/
const asideMark = /^\s*[（(](?:责任|牵头|配合|负责|主办|承办|来源|记者|编辑)/

function kindOf(piece: string, opens: boolean): Segment['kind'] {
  const plain = piece.trim()
  if (asideMark.test(plain)) return 'aside'
  if (/[？?][”"」]?$/.test(plain) || /^(?:问|q)[:：]/i.test(plain)) return 'question'
  const short = [...plain].length <= longestHeading
  if ((short && opens && /[：:]$/.test(plain)) || tableLine.test(plain)) return 'heading'
  return short && opens && marker.test(plain) && /[。\n\u3000:：]\s*$/.test(piece) && !/[，,；]/.test(plain) ? 'heading' : 'plain'
}
