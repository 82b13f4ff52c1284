import { visit } from '../base/xml.ts'
import { unzip } from '../base/zip.ts'

/** The table library does not tell which sheets of an OpenDocument are hidden: their style says so. @returns names of hidden sheets */
export async function hiddenInOpenDocument(bytes: Uint8Array): Promise<ReadonlySet<string>> {
  const content = (await unzip(bytes, (name) => name === 'content.xml')).get('content.xml')
  const hidingStyles = new Set<string>()
  const hidden = new Set<string>()
  let style = ''
  if (content !== undefined)
    visit(content, {
      open(name, attributes) {
        if (name === 'style:style') style = attributes['style:name'] ?? ''
        else if (name === 'style:table-properties' && attributes['table:display'] === 'false') hidingStyles.add(style)
        else if (name === 'table:table' && hidingStyles.has(attributes['table:style-name'] ?? ''))
          hidden.add(attributes['table:name'] ?? '')
      },
    })
  return hidden
}
