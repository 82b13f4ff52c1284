/** Word's automatic numbering: what a reader sees as 第三条 is not in the text but in a list definition. */

export type Level = { readonly format: string; readonly text: string; readonly start: number }
/** list id → levels */
export type Numbering = ReadonlyMap<string, readonly Level[]>

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
    case 'ideographTraditional':
      return chinese(value)
    case 'chineseLegalSimplified':
    case 'ideographLegalTraditional':
      return chinese(value, heavy, ['', '拾', '佰', '仟'])
    case 'ideographDigital':
    case 'japaneseDigitalTenThousand':
      return [...String(value)].map((digit) => digits[Number(digit)]).join('')
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return value >= 1 && value <= 20 ? String.fromCharCode(0x2460 + value - 1) : String(value)
    case 'decimalFullWidth':
      return [...String(value)].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('')
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

/** Counts the paragraphs of every list and says what stands in front of each. */
export function counter(numbering: Numbering): (list: string, level: number) => string {
  const counts = new Map<string, number[]>()
  return (list, level) => {
    const levels = numbering.get(list)
    const own = levels?.[level]
    if (levels === undefined || own === undefined) return ''
    const count = counts.get(list) ?? []
    count[level] = (count[level] ?? own.start - 1) + 1
    count.length = level + 1
    counts.set(list, count)
    if (own.format === 'bullet' || own.format === 'none') return ''
    return own.text.replace(/%(\d)/g, (_, digit: string) => {
      const at = Number(digit) - 1
      const of = levels[at]
      return of === undefined ? '' : shown(count[at] ?? of.start, of.format)
    })
  }
}
