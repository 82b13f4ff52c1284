import type { Level, Numbering } from '../base/numbering.ts'
import { type Attributes, visit } from '../base/xml.ts'

/** What a style sets: a heading level, a list, hidden text. */
export type Style = { level: number | null; list: string | null; depth: number; basedOn: string | null; hidden: boolean }

type Draft = { -readonly [Key in keyof Level]: Level[Key] }
type DraftList = { levels: Level[]; counter: string; restarts: Set<number> }

/** State while numbering.xml is read. */
type Reading = { abstract: Level[] | null; list: DraftList | null; level: Draft | null; at: number }

/** numbering.xml → lists. Lists of one definition share their counts; an overridden start value restarts them. */
export function readNumbering(bytes: Uint8Array | undefined): Numbering {
  const abstracts = new Map<string, Level[]>()
  const lists = new Map<string, DraftList>()
  const now: Reading = { abstract: null, list: null, level: null, at: 0 }
  const opened: Readonly<Record<string, (attributes: Attributes, value: string) => void>> = {
    'w:abstractNum': (attributes) => {
      now.abstract = []
      abstracts.set(attributes['w:abstractNumId'] ?? '', now.abstract)
    },
    'w:num': (attributes) => {
      now.list = { levels: [], counter: '', restarts: new Set() }
      lists.set(attributes['w:numId'] ?? '', now.list)
    },
    'w:abstractNumId': (_, value) => Object.assign(now.list ?? {}, { counter: value, levels: [...(abstracts.get(value) ?? [])] }),
    'w:lvl': (attributes) => {
      now.at = levelOf(attributes)
      now.level = { format: 'decimal', text: '', start: 1, restart: now.at }
    },
    'w:numFmt': (attributes, value) => Object.assign(now.level ?? {}, { format: formatOf(value, attributes) }),
    'w:lvlText': (_, value) => Object.assign(now.level ?? {}, { text: value }),
    'w:lvlRestart': (_, value) => Object.assign(now.level ?? {}, { restart: Number(value) || 0 }),
    'w:start': (_, value) => Object.assign(now.level ?? {}, { start: Number(value) || 0 }),
    'w:lvlOverride': (attributes) => {
      now.at = levelOf(attributes)
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

/** Nine levels at most, whatever a file says. */
function levelOf(attributes: Attributes): number {
  return Math.max(0, Math.min(Number(attributes['w:ilvl']) || 0, 8))
}

/** WPS and Word 2010+ name some formats by example: `custom` with w:format="001, 002, 003, ...". */
function formatOf(value: string, attributes: Attributes): string {
  return value === 'custom' && (attributes['w:format'] ?? '').startsWith('0') ? 'decimalZero' : value
}

function restart({ list, at }: Reading, start: number): void {
  const level = list?.levels[at]
  if (list === null || level === undefined) return
  list.levels[at] = { ...level, start }
  list.restarts.add(at)
}

function keepLevel(now: Reading): void {
  const target = now.list?.levels ?? now.abstract
  if (now.level !== null && target !== null && target !== undefined) target[now.at] = now.level
  now.level = null
}

/** styles.xml → styles by id; heading levels and lists are inherited from their bases. */
export function readStyles(bytes: Uint8Array | undefined): ReadonlyMap<string, Style> {
  const styles = new Map<string, Style>()
  if (bytes === undefined) return styles
  let style: Style | null = null
  const begin = (attributes: Attributes) => {
    if (attributes['w:type'] !== 'paragraph' && attributes['w:type'] !== 'character') return
    style = { level: null, list: null, depth: 0, basedOn: null, hidden: false }
    styles.set(attributes['w:styleId'] ?? '', style)
  }
  visit(bytes, {
    open: (name, attributes) => (name === 'w:style' ? begin(attributes) : style && describe(style, name, attributes)),
    close(name) {
      if (name === 'w:style') style = null
    },
  })
  for (const each of styles.values()) inherit(each, styles, 8)
  return styles
}

function describe(style: Style, name: string, attributes: Attributes): void {
  const value = attributes['w:val'] ?? ''
  if (name === 'w:basedOn') style.basedOn = value
  else if (name === 'w:outlineLvl') style.level = Number(value) + 1
  else if (name === 'w:numId') style.list = value
  else if (name === 'w:ilvl') style.depth = Number(value)
  else if (hides(name, attributes)) style.hidden = true
}

/** Hidden letters, white ones, and those too small to read; w:sz counts half points. */
export function hides(name: string, attributes: Attributes): boolean {
  const value = attributes['w:val'] ?? '1'
  if (name === 'w:vanish' || name === 'w:webHidden' || name === 'w:specVanish') return !['0', 'false', 'off'].includes(value)
  if (name === 'w:sz') return Number(value) > 0 && Number(value) <= 4
  return name === 'w:color' && /^(?:f[7-9a-f]){3}$/i.test(value)
}

function inherit(style: Style, styles: ReadonlyMap<string, Style>, patience: number): void {
  const parent = style.basedOn === null ? undefined : styles.get(style.basedOn)
  if (parent === undefined || parent === style || patience === 0) return
  inherit(parent, styles, patience - 1)
  style.level ??= parent.level
  style.hidden ||= parent.hidden
  if (style.list === null) {
    style.list = parent.list
    style.depth = style.depth || parent.depth
  }
}
