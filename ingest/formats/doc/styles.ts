import { type Header, tables } from './header.ts'
import { eachProperty } from './properties.ts'

/** What a paragraph or its style states; null where it states nothing. */
export type ParagraphTraits = {
  list: number | null
  depth: number | null
  level: number | null
  inTable: boolean
  endsRow: boolean
  columns: DataView | null
}
export type CharacterTraits = {
  deleted: boolean
  hidden: boolean
  style: number | null
  white: boolean
  halfPoints: number | null
}

export type Style = { readonly base: number; readonly paragraph: ParagraphTraits; readonly hidden: boolean }

const mostStyles = 4_000

const none = { deleted: false, hidden: false, style: null, white: false, halfPoints: null }

/** Paragraph properties that matter here (MS-DOC 2.6.2, 2.6.3), by their code. */
const ofParagraphs: Readonly<Record<number, (operand: DataView) => Partial<ParagraphTraits>>> = {
  9738: (operand) => ({ depth: operand.getUint8(0) }), // sprmPIlvl 0x260A
  17931: (operand) => ({ list: operand.getInt16(0, true) }), // sprmPIlfo 0x460B
  9792: (operand) => ({ level: operand.getUint8(0) < 9 ? operand.getUint8(0) + 1 : null }), // sprmPOutLvl 0x2640
  9238: (operand) => ({ inTable: operand.getUint8(0) === 1 }), // sprmPFInTable 0x2416
  9239: (operand) => ({ endsRow: operand.getUint8(0) === 1 }), // sprmPFTtp 0x2417
  26185: (operand) => (operand.getUint32(0, true) > 0 ? { inTable: true } : {}), // sprmPItap 0x6649
  54792: (operand) => ({ columns: operand }), // sprmTDefTable 0xD608
}

/** Character properties that hide or strike out; 0x81 inverts what the style says. */
const ofCharacters: Readonly<Record<number, (operand: DataView) => Partial<CharacterTraits>>> = {
  2048: (operand) => ({ deleted: isOn(operand) }), // sprmCFRMarkDel 0x0800
  2108: (operand) => ({ hidden: isOn(operand) }), // sprmCFVanish 0x083C
  2065: (operand) => (isOn(operand) ? { hidden: true } : {}), // sprmCFWebHidden 0x0811
  18992: (operand) => ({ style: operand.getUint16(0, true) }), // sprmCIstd 0x4A30
  10818: (operand) => ({ white: operand.getUint8(0) === 8 }), // sprmCIco 0x2A42
  26736: (operand) => ({ white: (operand.getUint32(0, true) & 0xffffff) === 0xffffff }), // sprmCCv 0x6870
  19011: (operand) => ({ halfPoints: operand.getUint16(0, true) }), // sprmCHps 0x4A43
}

function isOn(operand: DataView): boolean {
  return operand.getUint8(0) === 1 || operand.getUint8(0) === 0x81
}

export function paragraphTraits(properties: Uint8Array): ParagraphTraits {
  const traits: ParagraphTraits = { list: null, depth: null, level: null, inTable: false, endsRow: false, columns: null }
  eachProperty(properties, (code, operand) => Object.assign(traits, ofParagraphs[code]?.(operand)))
  return traits
}

export function characterTraits(properties: Uint8Array): CharacterTraits {
  const traits: CharacterTraits = { ...none }
  eachProperty(properties, (code, operand) => Object.assign(traits, ofCharacters[code]?.(operand)))
  return traits
}

/** The style sheet (MS-DOC 2.9.271): what each style sets, including its bases. */
export function readStyles(header: Header): readonly (Style | null)[] {
  const bytes = header.table(tables.styles)
  if (bytes.length < 6) return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headSize = view.getUint16(0, true)
  const count = Math.min(view.getUint16(2, true), mostStyles)
  const baseSize = view.getUint16(4, true)
  const styles: (Style | null)[] = []
  let at = 2 + headSize
  for (let index = 0; index < count && at + 2 <= bytes.length; index += 1) {
    const size = view.getUint16(at, true)
    styles.push(size === 0 ? null : styleOf(bytes.subarray(at + 2, at + 2 + size), baseSize))
    at += 2 + size + (size % 2)
  }
  return styles.map((style) => (style === null ? null : inherited(style, styles, 12)))
}

function styleOf(bytes: Uint8Array, baseSize: number): Style | null {
  if (bytes.length < baseSize + 2) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const builtIn = view.getUint16(0, true) & 0x0fff
  const kind = view.getUint16(2, true) & 0xf
  const parts = partsOf(bytes, view, baseSize)
  const own = kind === 1 ? (parts[0]?.subarray(2) ?? new Uint8Array()) : new Uint8Array()
  const paragraph = paragraphTraits(own)
  const characters = parts[kind === 1 ? 1 : 0] ?? new Uint8Array()
  return {
    base: view.getUint16(2, true) >> 4,
    paragraph: { ...paragraph, level: paragraph.level ?? (builtIn >= 1 && builtIn <= 9 ? builtIn : null) },
    hidden: kind <= 2 && characterTraits(characters).hidden,
  }
}

/** The name comes first, then paragraph and character properties, each with its size, each at an even offset. */
function partsOf(bytes: Uint8Array, view: DataView, baseSize: number): Uint8Array[] {
  let at = baseSize + 2 + view.getUint16(baseSize, true) * 2 + 2
  const parts: Uint8Array[] = []
  while (at + 2 <= bytes.length && parts.length < 3) {
    const size = view.getUint16(at, true)
    parts.push(bytes.subarray(at + 2, at + 2 + size))
    at += 2 + size + (size % 2)
  }
  return parts
}

function inherited(style: Style, styles: readonly (Style | null)[], patience: number): Style {
  const parent = styles[style.base]
  if (parent === null || parent === undefined || parent === style || patience === 0) return style
  const base = inherited(parent, styles, patience - 1)
  return {
    ...style,
    hidden: style.hidden || base.hidden,
    paragraph: {
      ...style.paragraph,
      list: style.paragraph.list ?? base.paragraph.list,
      depth: style.paragraph.depth ?? base.paragraph.depth,
      level: style.paragraph.level ?? base.paragraph.level,
    },
  }
}
