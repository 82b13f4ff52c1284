import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'
import type { Picture } from '../../retrieval/store/documents/pictures.ts'

const squeeze = promisify(deflate)
/** Enough to read a page on a screen; tesseract gets a larger one. */
const longSide = 1_400
/** A photograph up to this size is shown unchanged. */
const largest = 4 * 1024 * 1024
export const mostPreviews = 60

/** @returns a page as a browser shows it, made from tesseract's input (PGM, or the file itself); null when there is nothing to show */
export async function previewOf(page: number, bytes: Uint8Array): Promise<Picture | null> {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1')
  const size = /^P5\n(\d{1,5}) (\d{1,5})\n255\n/.exec(head)
  if (size !== null) {
    const [width, height, from] = [Number(size[1]), Number(size[2]), size[0].length]
    if (bytes.length < from + width * height || width * height === 0) return null
    return { page, type: 'image/png', bytes: await greyPng({ width, height, data: bytes.subarray(from) }) }
  }
  if (bytes.length > largest) return null
  if (head.startsWith('\x89PNG')) return { page, type: 'image/png', bytes }
  return head.startsWith('\xFF\xD8\xFF') ? { page, type: 'image/jpeg', bytes } : null
}

type Grey = { readonly width: number; readonly height: number; readonly data: Uint8Array }

/** Sixteen greys suffice for letters and a seal, at a fifth of the bytes. */
async function greyPng(image: Grey): Promise<Uint8Array> {
  const by = Math.max(1, Math.max(image.width, image.height) / longSide)
  const [width, height] = [Math.max(1, Math.floor(image.width / by)), Math.max(1, Math.floor(image.height / by))]
  const stride = 1 + Math.ceil(width / 2) // each row begins with its filter number, 0: none
  const rows = new Uint8Array(stride * height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * stride + 1 + (x >> 1)
      rows[at] = (rows[at] ?? 0) | ((mean(image, x * by, y * by, by) >> 4) << (x & 1 ? 0 : 4))
    }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([4, 0, 0, 0, 0], 8) // four bits of grey a pixel
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', await squeeze(rows)), chunk('IEND', Buffer.alloc(0))]),
  )
}

function mean({ width, height, data }: Grey, left: number, top: number, size: number): number {
  const [fromX, fromY] = [Math.floor(left), Math.floor(top)]
  const [toX, toY] = [Math.min(width, Math.max(fromX + 1, left + size)), Math.min(height, Math.max(fromY + 1, top + size))]
  let [sum, count] = [0, 0]
  for (let y = fromY; y < toY; y += 1)
    for (let x = fromX; x < toX; x += 1) {
      sum += data[y * width + x] ?? 255
      count += 1
    }
  return count === 0 ? 255 : Math.round(sum / count)
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(data.length, 0)
  around.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)])
}
