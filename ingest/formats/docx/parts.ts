import type { Level, Numbering } from './numbering.ts'
import { visit } from './xml.ts'

/** What a style brings: a heading level, a list, hidden text. */
export type Style = { level: number | null; list: string | null; depth: number; basedOn: string | null }

/** numbering.xml → lists. An override of the start value makes its list count from there. */
export function readNumbering(bytes: Uint8Array | undefined): Numbering {
  if (bytes === undefined) return new Map()
  const abstracts = new Map<string, Level[]>()
  const lists = new Map<string, Level[]>()
  let abstract: Level[] | null = null
  let list: { id: string; levels: Level[] } | null = null
  let level: { at: number; format: string; text: string; start: number } | null = null
  let overridden = 0
  visit(bytes, {
    open(name, attributes) {
      const value = attributes['w:val'] ?? ''
      if (name === 'w:abstractNum') abstracts.set(attributes['w:abstractNumId'] ?? '', (abstract = []))
      else if (name === 'w:lvl') level = { at: Number(attributes['w:ilvl'] ?? 0), format: 'decimal', text: '', start: 1 }
      else if (name === 'w:numFmt' && level) level.format = value
      else if (name === 'w:lvlText' && level) level.text = value
      else if (name === 'w:start' && level) level.start = Number(value) || 0
      else if (name === 'w:num')
        lists.set(attributes['w:numId'] ?? '', (list = { id: attributes['w:numId'] ?? '', levels: [] }).levels)
      else if (name === 'w:abstractNumId' && list) list.levels.push(...(abstracts.get(value) ?? []))
      else if (name === 'w:lvlOverride') overridden = Number(attributes['w:ilvl'] ?? 0)
      else if (name === 'w:startOverride' && list?.levels[overridden])
        list.levels[overridden] = { ...(list.levels[overridden] as Level), start: Number(value) || 0 } // checked just before
    },
    close(name) {
      if (name === 'w:lvl' && level) {
        const target = list === null ? abstract : list.levels
        if (target) target[level.at] = { format: level.format, text: level.text, start: level.start }
        level = null
      } else if (name === 'w:abstractNum') abstract = null
      else if (name === 'w:num') list = null
    },
  })
  return lists
}

/** styles.xml → styles by id, heading levels and lists inherited from what they are based on. */
export function readStyles(bytes: Uint8Array | undefined): ReadonlyMap<string, Style> {
  const styles = new Map<string, Style>()
  if (bytes === undefined) return styles
  let style: Style | null = null
  visit(bytes, {
    open(name, attributes) {
      const value = attributes['w:val'] ?? ''
      if (name === 'w:style' && attributes['w:type'] === 'paragraph')
        styles.set(attributes['w:styleId'] ?? '', (style = { level: null, list: null, depth: 0, basedOn: null }))
      else if (!style) return
      else if (name === 'w:basedOn') style.basedOn = value
      else if (name === 'w:outlineLvl') style.level = Number(value) + 1
      else if (name === 'w:numId') style.list = value
      else if (name === 'w:ilvl') style.depth = Number(value)
    },
    close(name) {
      if (name === 'w:style') style = null
    },
  })
  for (const each of styles.values()) inherit(each, styles, 8)
  return styles
}

function inherit(style: Style, styles: ReadonlyMap<string, Style>, patience: number): void {
  const parent = style.basedOn === null ? undefined : styles.get(style.basedOn)
  if (parent === undefined || parent === style || patience === 0) return
  inherit(parent, styles, patience - 1)
  style.level ??= parent.level
  if (style.list === null) {
    style.list = parent.list
    style.depth = style.depth || parent.depth
  }
}
