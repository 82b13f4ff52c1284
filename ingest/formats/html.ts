import { isCompound } from './base/compound.ts'
import { isZip } from './base/zip.ts'
import type { Format } from './format.ts'

/** Saved web pages: the article, not the navigation. */
export const html: Format = {
  name: 'html',
  matches(bytes, name) {
    if (isZip(bytes) || isCompound(bytes)) return false
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096)).replaceAll('\0', '')
    const begins =
      /^[^<]{0,8}(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|meta|table|div|p)\b/i
    return begins.test(head) || (/\.x?html?$/.test(name) && /<[a-z][^>]*>/i.test(head))
  },
  /** The parser is a hundred files, which no other kind of file should wait for. */
  read: async (bytes, name) => (await import('./html/read.ts')).readPage(bytes, name),
}
