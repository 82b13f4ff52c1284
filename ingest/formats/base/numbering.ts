/** Word's automatic numbering: the 第三条 a reader sees is not in the text but in a list definition. */

export type Level = {
  readonly format: string
  readonly text: string
  readonly start: number
  /** Counting restarts after a level above this one; 0: never. Word's default is the level itself. */
  readonly restart: number
}
export type List = {
  readonly levels: readonly Level[]
  /** Lists of one definition share their counts. */
  readonly counter: string
  /** Levels that restart where this list is first used. */
  readonly restarts: ReadonlySet<number>
}
/** list id → list */
export type Numbering = ReadonlyMap<string, List>

const digits = '〇一二三四五六七八九'
const heavy = '零壹贰叁肆伍陆柒捌玖'

/** 1 … 9999 in Chinese numerals: 二十一, 一百零五. */
function chinese(value: number, names = digits, units: readonly string[] = ['', '十', '百', '千']): string {
  if (value <= 0 || value > 9999) return String(value)
  const places = [...String(value)].map(Number)
  const words = places.map((digit, index) => (digit === 0 ? '零' : `${names[digit]}${units[places.length - 1 - index]}`)).join('')
  const short = words.replace(/零+/g, '零').replace(/零$/, '')
  return value >= 10 && value < 20 ? short.replace(new RegExp(`^${names[1]}`), '') : short
}

function roman(value: number): string {
  const steps: readonly (readonly [number, string])[] = [
    [1000, 'm'],
    [900, 'cm'],
    [500, 'd'],
    [400, 'cd'],
    [100, 'c'],
    [90, 'xc'],
    [50, 'l'],
    [40, 'xl'],
    [10, 'x'],
    [9, 'ix'],
    [5, 'v'],
    [4, 'iv'],
    [1, 'i'],
  ]
  let rest = value
  return steps
    .map(([worth, sign]) => {
      const times = Math.floor(rest / worth)
      rest -= times * worth
      return sign.repeat(Math.min(times, 20))
    })
    .join('')
}

function letters(value: number): string {
  return String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.min(1 + Math.floor((value - 1) / 26), 10))
}

/** @returns a number as Word shows it in a numbering format (ECMA-376 ST_NumberFormat) */
export function shown(value: number, format: string): string {
  switch (format) {
    case 'chineseCounting':
    case 'chineseCountingThousand':
    case 'japaneseCounting':
    case 'taiwaneseCounting':
    case 'taiwaneseCountingThousand':
      return chinese(value)
    case 'ideographTraditional':
      return [...'甲乙丙丁戊己庚辛壬癸'][value - 1] ?? String(value)
    case 'ideographZodiac':
      return [...'子丑寅卯辰巳午未申酉戌亥'][value - 1] ?? String(value)
    case 'chineseLegalSimplified':
    case 'ideographLegalTraditional':
    case 'japaneseLegal':
      return chinese(value, heavy, ['', '拾', '佰', '仟'])
    case 'ideographDigital':
    case 'japaneseDigitalTenThousand':
      return [...String(value)].map((digit) => digits[Number(digit)]).join('')
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return value >= 1 && value <= 20 ? String.fromCharCode(0x2460 + value - 1) : String(value)
    case 'decimalFullWidth':
      return [...String(value)].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('')
    case 'decimalZero':
      return String(value).padStart(2, '0')
    case 'decimalEnclosedFullstop':
      return `${value}.`
    case 'decimalEnclosedParen':
      return `(${value})`
    case 'upperRoman':
      return roman(value).toUpperCase()
    case 'lowerRoman':
      return roman(value)
    case 'upperLetter':
      return letters(value).toUpperCase()
    case 'lowerLetter':
      return letters(value)
    case 'bullet':
    case 'none':
      return ''
    default:
      return String(value)
  }
}

type Counts = (number | undefined)[]

/** Counts the paragraphs of every list and returns the label in front of each. */
export function counter(numbering: Numbering): (list: string, level: number) => string {
  const counts = new Map<string, Counts>()
  const begun = new Set<string>()
  return (id, level) => {
    const list = numbering.get(id)
    const own = list?.levels[level]
    if (list === undefined || own === undefined) return ''
    const count = counts.get(list.counter) ?? []
    counts.set(list.counter, count)
    if (!begun.has(id)) for (const each of list.restarts) count[each] = undefined
    begun.add(id)
    step(count, level, own, list.levels)
    return own.format === 'bullet' || own.format === 'none' ? '' : inFront(own, list.levels, count)
  }
}

/** Advances this level; deeper ones restart, unless they say that this level does not concern them. */
function step(count: Counts, level: number, own: Level, levels: readonly Level[]): void {
  count[level] = (count[level] ?? own.start - 1) + 1
  for (let deeper = level + 1; deeper < levels.length; deeper += 1)
    if (level < (levels[deeper]?.restart ?? deeper)) count[deeper] = undefined
}

function inFront(own: Level, levels: readonly Level[], count: Counts): string {
  return own.text.replace(/%(\d)/g, (_, digit: string) => {
    const at = Number(digit) - 1
    const of = levels[at]
    return of === undefined ? '' : shown(count[at] ?? of.start, of.format)
  })
}
