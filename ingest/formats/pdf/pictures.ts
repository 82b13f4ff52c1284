import { pdfLibrary, type Task } from './library.ts'

export type Page = Awaited<ReturnType<Awaited<Task['promise']>['getPage']>>
/** Pixel formats pdf.js decodes to: 1-bit grey, RGB or RGBA. */
export type Decoded = { readonly width: number; readonly height: number; readonly kind?: number; readonly data?: Uint8Array }

const mostPixels = 40_000_000
/** Scans are read best at 200 dpi, on A4 this many pixels along the long side; 300 dpi is read worse. */
const longSide = 2_400

/** @returns the largest picture of a page as a grey PGM file, turned as the page is shown; empty when there is none */
export async function pictureOf(page: Page): Promise<Uint8Array> {
  const { OPS } = await pdfLibrary()
  const operators = await page.getOperatorList()
  const kinds = picturesOf(OPS)
  let best: Decoded | null = null
  for (const [index, operator] of operators.fnArray.entries()) {
    if (!kinds.includes(operator)) continue
    const [first]: unknown[] = operators.argsArray[index] ?? []
    const picture = operator === OPS.paintImageMaskXObject ? await stencilOf(page, first) : await pictureOfName(page, first)
    if (picture !== null && picture.width * picture.height > (best?.width ?? 0) * (best?.height ?? 0)) best = picture
  }
  if (best?.data === undefined || best.width * best.height > mostPixels) return new Uint8Array()
  return pgm(turned(shrunk(grey(best)), page.rotate))
}

/** @returns whether a page shows anything on which words could be recognised */
export async function showsPicture(page: Page): Promise<boolean> {
  const kinds = picturesOf((await pdfLibrary()).OPS)
  return (await page.getOperatorList()).fnArray.some((operator) => kinds.includes(operator))
}

function picturesOf(operators: Awaited<ReturnType<typeof pdfLibrary>>['OPS']): readonly number[] {
  return [operators.paintImageXObject, operators.paintInlineImageXObject, operators.paintImageMaskXObject]
}

async function pictureOfName(page: Page, first: unknown): Promise<Decoded | null> {
  return typeof first === 'string' ? await objectOf(page, first) : decoded(first)
}

/** Faxes and many copiers write a page as a stencil for ink: a 0 bit is ink. */
async function stencilOf(page: Page, first: unknown): Promise<Decoded | null> {
  const name = first !== null && typeof first === 'object' && 'data' in first ? first.data : null
  const stencil = typeof name === 'string' ? await objectOf(page, name) : decoded(first)
  return stencil === null ? null : { ...stencil, kind: 1 }
}

export function decoded(value: unknown): Decoded | null {
  return value !== null && typeof value === 'object' && 'width' in value && 'data' in value ? (value as Decoded) : null // checked: what pdf.js calls an image
}

/** Objects used on several pages are kept with the document; their names begin with g_. */
export function objectOf(page: Page, id: string): Promise<Decoded | null> {
  const objects = id.startsWith('g_') ? page.commonObjs : page.objs
  return new Promise((resolve) => {
    objects.get(id, (value: unknown) => resolve(decoded(value)))
  })
}

/** @param point in the unit square the picture fills, from its lower left; @returns null when the picture does not tell */
export function colourAt(picture: Decoded | null, [x, y]: readonly [number, number]): { colour: string; alpha: number } | null {
  if (picture?.data === undefined || picture.kind === undefined) return null
  const { width, height, kind, data } = picture
  const column = Math.min(width - 1, Math.max(0, Math.floor(x * width)))
  const row = Math.min(height - 1, Math.max(0, Math.floor((1 - y) * height)))
  const hex = (...parts: readonly number[]) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
  if (kind === 1) {
    const light = ((data[row * ((width + 7) >> 3) + (column >> 3)] ?? 0) >> (7 - (column & 7))) & 1
    return { colour: hex(light * 255, light * 255, light * 255), alpha: 255 }
  }
  const at = (row * width + column) * (kind === 2 ? 3 : 4)
  const [red = 0, green = 0, blue = 0, alpha = 255] = data.subarray(at, at + (kind === 2 ? 3 : 4))
  return { colour: hex(red, green, blue), alpha }
}

type Grey = { readonly width: number; readonly height: number; readonly data: Uint8Array }

function grey({ width, height, kind, data = new Uint8Array() }: Decoded): Grey {
  return {
    width,
    height,
    data: kind === 1 ? fromBits(width, height, data) : fromColours(width * height, data, kind === 2 ? 3 : 4),
  }
}

function fromBits(width: number, height: number, data: Uint8Array): Uint8Array {
  const result = new Uint8Array(width * height)
  const stride = (width + 7) >> 3
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const bit = ((data[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1
      result[y * width + x] = bit * 255
    }
  return result
}

function fromColours(size: number, data: Uint8Array, step: number): Uint8Array {
  const result = new Uint8Array(size)
  for (let at = 0, from = 0; at < size; at += 1, from += step)
    result[at] = ((data[from] ?? 0) * 77 + (data[from + 1] ?? 0) * 150 + (data[from + 2] ?? 0) * 29) >> 8
  return result
}

/** Averages squares of pixels until the page has about 200 dpi. */
function shrunk(image: Grey): Grey {
  const by = Math.max(image.width, image.height) / longSide
  if (by < 1.2) return image
  const width = Math.max(1, Math.round(image.width / by))
  const height = Math.max(1, Math.round(image.height / by))
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) data[y * width + x] = average(image, x * by, y * by, by)
  return { width, height, data }
}

function average({ width, height, data }: Grey, left: number, top: number, size: number): number {
  const [fromX, fromY] = [Math.floor(left), Math.floor(top)]
  const toX = Math.min(width, Math.max(fromX + 1, Math.round(left + size)))
  const toY = Math.min(height, Math.max(fromY + 1, Math.round(top + size)))
  let sum = 0
  for (let y = fromY; y < toY; y += 1) for (let x = fromX; x < toX; x += 1) sum += data[y * width + x] ?? 255
  return sum / Math.max(1, (toX - fromX) * (toY - fromY))
}

/** @param degrees clockwise, as a page states its rotation */
function turned({ width, height, data }: Grey, degrees: number): Grey {
  const turns = ((Math.round(degrees / 90) % 4) + 4) % 4
  if (turns === 0) return { width, height, data }
  const across = turns % 2 === 1
  const size = across ? { width: height, height: width } : { width, height }
  const result = new Uint8Array(data.length)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [toX, toY] = turns === 1 ? [height - 1 - y, x] : turns === 2 ? [width - 1 - x, height - 1 - y] : [y, width - 1 - x]
      result[toY * size.width + toX] = data[y * width + x] ?? 255
    }
  return { ...size, data: result }
}

function pgm({ width, height, data }: Grey): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), data]))
}
