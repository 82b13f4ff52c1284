import { visit } from '../base/xml.ts'

/** footnotes.xml or endnotes.xml → texts by `w:footnoteReference 2`; separators have no text and are left out. */
export function readNotes(bytes: Uint8Array | undefined, kind: 'footnote' | 'endnote'): Map<string, string> {
  const notes = new Map<string, string>()
  if (bytes === undefined) return notes
  let id = ''
  let text = ''
  let struck = 0
  let inText = false
  visit(bytes, {
    open(name, attributes) {
      if (name === `w:${kind}`) {
        id = attributes['w:id'] ?? ''
        text = ''
      } else if (name === 'w:del') struck += 1
      else if (name === 'w:t') inText = true
    },
    close(name) {
      if (name === 'w:del') struck -= 1
      else if (name === 'w:t') inText = false
      else if (name === `w:${kind}` && text.trim() !== '') notes.set(`w:${kind}Reference ${id}`, text.trim())
    },
    text(part) {
      if (inText && struck === 0) text += part
    },
  })
  return notes
}
