import type { Level, Numbering } from './numbering.ts'
import { type Attributes, visit } from './xml.ts'

/** What a style brings: a heading level, a list, hidden text. */
export type Style = { level: number | null; list: string | null; depth: number; basedOn: string | null }

/** What is open while numbering.xml is read. */
type Reading = {
  abstract: Level[] | null
  list: Level[] | null
  level: { at: number; format: string; text: string; start: number } | null
  overridden: number
}

/** numbering.xml → lists. An override of the start value makes its list count from there. */
export function readNumbering(bytes: Uint8Array | undefined): Numbering {
  const abstracts = new Map<string, Level[]>()
  const lists = new Map<string, Level[]>()
  const now: Reading = { abstract: null, list: null, level: null, overridden: 0 }
  const opened: Readonly<Record<string, (attributes: Attributes, value: string) => void>> = {
    'w:abstractNum': (attributes) => {
      now.abstract = []
      abstracts.set(attributes['w:abstractNumId'] ?? '', now.abstract)
    },
    'w:num': (attributes) => {
      now.list = []
      lists.set(attributes['w:numId'] ?? '', now.list)
    },
    'w:abstractNumId': (_, value) => now.list?.push(...(abstracts.get(value) ?? [])),
    'w:lvl': (attributes) => {
      now.level = { at: Number(attributes['w:ilvl'] ?? 0), format: 'decimal', text: '', start: 1 }
    },
    'w:numFmt': (_, value) => Object.assign(now.level ?? {}, { format: value }),
    'w:lvlText': (_, value) => Object.assign(now.level ?? {}, { text: value }),
    'w:start': (_, value) => Object.assign(now.level ?? {}, { start: Number(value) || 0 }),
    'w:lvlOverride': (attributes) => {
      now.overridden = Number(attributes['w:ilvl'] ?? 0)
    },
    'w:startOverride': (_, value) => restart(now, Number(value) || 0),
  }
  const closed: Readonly<Record<string, () => void>> = {
    'w:lvl': () => keepLevel(now),
    'w:abstractNum': () => {
      now.abstract = null
    },
    'w:num': () => {
      now.list = null
    },
  }
  if (bytes !== undefined)
    visit(bytes, {
      open: (name, attributes) => opened[name]?.(attributes, attributes['w:val'] ?? ''),
      close: (name) => closed[name]?.(),
    })
  return lists
}

function restart({ list, overridden }: Reading, start: number): void {
  const level = list?.[overridden]
  if (list !== null && level !== undefined) list[overridden] = { ...level, start }
}

function keepLevel(now: Reading): void {
  const target = now.list ?? now.abstract
  if (now.level !== null && target !== null)
    target[now.level.at] = { format: now.level.format, text: now.level.text, start: now.level.start }
  now.level = null
}

/** styles.xml → styles by id, heading levels and lists inherited from what they are based on. */
export function readStyles(bytes: Uint8Array | undefined): ReadonlyMap<string, Style> {
  const styles = new Map<string, Style>()
  if (bytes === undefined) return styles
  let style: Style | null = null
  const begin = (attributes: Attributes) => {
    if (attributes['w:type'] !== 'paragraph') return
    style = { level: null, list: null, depth: 0, basedOn: null }
    styles.set(attributes['w:styleId'] ?? '', style)
  }
  visit(bytes, {
    open: (name, attributes) =>
      name === 'w:style' ? begin(attributes) : style && describe(style, name, attributes['w:val'] ?? ''),
    close(name) {
      if (name === 'w:style') style = null
    },
  })
  for (const each of styles.values()) inherit(each, styles, 8)
  return styles
}

function describe(style: Style, name: string, value: string): void {
  if (name === 'w:basedOn') style.basedOn = value
  else if (name === 'w:outlineLvl') style.level = Number(value) + 1
  else if (name === 'w:numId') style.list = value
  else if (name === 'w:ilvl') style.depth = Number(value)
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
