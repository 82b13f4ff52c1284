/** Characters of everyday Chinese; a wrong decoding contains hardly any of them. */
const common = new Set(
  '的一是不了在人有我他这中大来上个国和也子时道说出得而于以可为所政策业技术企区科园管理办法通知条第年月日号发'.split(''),
)

function decodeStrictly(bytes: Uint8Array, encoding: string, isPart: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isPart })
  } catch {
    return null
  }
}

/** Share of everyday characters, less the share of characters no Chinese text holds. */
function plausibility(text: string): number {
  let good = 0
  let bad = 0
  for (const each of text.slice(0, 20_000)) {
    if (common.has(each) || /[ぁ-ん]/.test(each)) good += 1
    else if (/[\uE000-\uF8FF\uFFFD\u0000-\u0008]/.test(each)) bad += 10
  }
  return (good - bad) / Math.max(1, Math.min(text.length, 20_000))
}

/**
 * Decodes a text whatever it claims to be: byte order mark, then strict UTF-8, then the East Asian encoding that reads most like Chinese.
 * GBK and GB2312 are read as gb18030, their superset.
 * @param isPart the beginning of a text, which may end inside a character
 * @returns null when it is not text
 */
export function decodeText(bytes: Uint8Array, isPart = false): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeStrictly(bytes, 'utf-16le', isPart)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeStrictly(bytes, 'utf-16be', isPart)
  const utf8 = decodeStrictly(bytes, 'utf-8', isPart)
  if (utf8 !== null && !utf8.includes('\0')) return utf8.replace(/^\uFEFF/, '')
  const candidates = ['gb18030', 'big5', 'utf-16le', 'utf-16be', 'shift_jis'].flatMap(
    (encoding) => decodeStrictly(bytes, encoding, isPart) ?? [],
  )
  const best = candidates.map((text) => ({ text, score: plausibility(text) })).sort((a, b) => b.score - a.score)[0]
  return best === undefined || best.score <= 0 || best.text.includes('\0') ? null : best.text
}
