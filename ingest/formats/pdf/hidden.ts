import { pdfLibrary } from './library.ts'

type Operators = { readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] }
type State = { white: boolean; invisible: boolean; clear: boolean }

/** Which characters of a page nobody sees, in the order they are shown; blanks are left out, as programs differ in them. */
export type Shown = {
  readonly characters: string
  readonly hidden: readonly boolean[]
  /** A scan with its recognised text laid invisibly under it: everything is hidden, and a picture is there. */
  readonly isRecognised: boolean
}

/** What a painter knows at a moment. */
type Painter = {
  state: State
  readonly saved: State[]
  /** Marked parts that are open, and whether each belongs to a layer that is off. */
  readonly off: boolean[]
  painted: boolean
  pictures: number
  characters: string
  readonly hidden: boolean[]
}

/** Follows colours, modes and layers through the operators of a page, as a painter would. */
export async function shownOn(operators: Operators, isShown: (layer: unknown) => boolean): Promise<Shown> {
  const steps = await stepsByOperator(isShown)
  const painter: Painter = {
    state: { white: false, invisible: false, clear: false },
    saved: [],
    off: [],
    painted: false,
    pictures: 0,
    characters: '',
    hidden: [],
  }
  for (const [index, operator] of operators.fnArray.entries()) {
    const parts = operators.argsArray[index]
    steps.get(operator)?.(painter, Array.isArray(parts) ? parts : [])
  }
  const { characters, hidden, pictures } = painter
  return { characters, hidden, isRecognised: pictures > 0 && hidden.length > 0 && hidden.every(Boolean) }
}

type Step = (painter: Painter, operands: readonly unknown[]) => void

async function stepsByOperator(isShown: (layer: unknown) => boolean): Promise<ReadonlyMap<number, Step>> {
  const { OPS } = await pdfLibrary()
  const fills: readonly unknown[] = [OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke]
  const picture: Step = (painter) => {
    painter.pictures += 1
  }
  const save: Step = ({ saved, state }) => saved.push({ ...state })
  const restore: Step = (painter) => Object.assign(painter, { state: painter.saved.pop() ?? painter.state })
  return new Map<number, Step>([
    [OPS.save, save],
    [OPS.restore, restore],
    [OPS.paintFormXObjectBegin, save], // what a form sets ends with it
    [OPS.paintFormXObjectEnd, restore],
    [OPS.beginMarkedContent, ({ off }) => off.push(false)],
    [OPS.beginMarkedContentProps, ({ off }, [tag, layer]) => off.push(tag === 'OC' && !isShown(layer ?? null))],
    [OPS.endMarkedContent, ({ off }) => off.pop()],
    [OPS.setTextRenderingMode, ({ state }, [mode]) => Object.assign(state, { invisible: mode === 3 || mode === 7 })],
    [OPS.setFillRGBColor, ({ state }, [colour]) => Object.assign(state, { white: isWhite(colour) })],
    [OPS.setGState, ({ state }, [settings]) => Object.assign(state, { clear: clearAfter(settings, state.clear) })],
    [OPS.paintImageXObject, picture],
    [OPS.paintInlineImageXObject, picture],
    [
      OPS.constructPath,
      (painter, [how]) => {
        painter.painted ||= !painter.state.white && fills.includes(how)
      },
    ],
    [OPS.showText, show],
  ])
}

/** `ca` is how much of a filling is seen, from 0 to 1. */
function clearAfter(settings: unknown, before: boolean): boolean {
  const pairs: readonly unknown[] = Array.isArray(settings) ? settings : []
  const last = pairs.findLast((each) => Array.isArray(each) && each[0] === 'ca')
  return Array.isArray(last) ? Number(last[1]) <= 0.03 : before
}

/** White letters on something painted before are a heading on a bar; on bare paper nobody sees them. */
function show(painter: Painter, [shown]: readonly unknown[]): void {
  const { state, painted, pictures, off } = painter
  const unseen = state.invisible || state.clear || off.includes(true) || (state.white && !painted && pictures === 0)
  for (const character of glyphs(shown)) {
    painter.characters += character
    painter.hidden.push(unseen)
  }
}

function isWhite(colour: unknown): boolean {
  const parts = /^#(..)(..)(..)$/.exec(String(colour))
  return parts?.slice(1).every((part) => Number.parseInt(part, 16) >= 0xf7) ?? false
}

/** UTF-16 units of the letters of one showing. */
function glyphs(shown: unknown): string[] {
  const list: unknown[] = Array.isArray(shown) ? shown : []
  return list.flatMap((each) => {
    const letter = each !== null && typeof each === 'object' && 'unicode' in each ? String(each.unicode) : ''
    return letter.trim() === '' ? [] : letter.replace(/\s/g, '').split('')
  })
}

export type Fate = {
  readonly hidden: boolean /** Characters that are shown right behind the string but not in the text layer. */
  readonly rest: string
}

/** Walks along the shown characters with the strings of the text layer; @returns for each string whether most of it is hidden, and what follows it */
export function fates(strings: readonly string[], { characters, hidden }: Shown): Fate[] {
  const spans = spansOf(strings, characters)
  return spans.map((span, index) => {
    if (span === null) return { hidden: false, rest: '' }
    const [start, end] = span
    const unseen = hidden.slice(start, end).filter(Boolean).length
    const next = spans.slice(index + 1).find((each) => each !== null)?.[0] ?? characters.length
    return { hidden: unseen > (end - start) / 2, rest: next > end && next - end < 200 ? characters.slice(end, next) : '' }
  })
}

/** The text layer may leave out what it cannot place: look a little ahead for each string. */
function spansOf(strings: readonly string[], characters: string): ([number, number] | null)[] {
  let at = 0
  return strings.map((string) => {
    const bare = string.replace(/\s/g, '')
    const found = bare === '' ? -1 : characters.indexOf(bare, at)
    const start = found >= 0 && found - at < 2_000 ? found : bare === '' ? -1 : characters.indexOf(bare)
    if (start < 0) return null
    at = start + bare.length
    return [start, at]
  })
}
