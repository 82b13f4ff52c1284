import { SaxesParser } from 'saxes'
import { FormatError } from '../format.ts'

export type Attributes = Readonly<Record<string, string>>
export type Visitor = {
  open?(name: string, attributes: Attributes): unknown
  close?(name: string): unknown
  text?(text: string): unknown
}

const deepest = 256
const mostNodes = 3_000_000

/** Streams XML past a visitor. DOCTYPE is refused: no entity is ever expanded. @throws FormatError `damaged` */
export function visit(bytes: Uint8Array, visitor: Visitor): void {
  const parser = new SaxesParser()
  let depth = 0
  let nodes = 0
  parser.on('doctype', () => {
    throw damaged('declares a document type')
  })
  parser.on('error', (cause) => {
    throw damaged('is not well formed', cause)
  })
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1
    nodes += 1
    if (depth > deepest) throw damaged('is nested too deeply')
    if (nodes > mostNodes) throw damaged('has too many elements')
    visitor.open?.(name, attributes)
  })
  parser.on('closetag', ({ name }) => {
    depth -= 1
    visitor.close?.(name)
  })
  parser.on('text', (text) => visitor.text?.(text))
  parser.write(new TextDecoder().decode(bytes)).close()
}

function damaged(why: string, cause?: unknown): FormatError {
  return new FormatError('damaged', `The file's text ${why}`, { hint: 'Open it in Word or WPS and save it again.', cause })
}
