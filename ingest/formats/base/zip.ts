import yauzl from 'yauzl'
import { FormatError } from '../format.ts'

const mostEntries = 2_000
const largestEntry = 64 * 1024 * 1024
const largestTotal = 128 * 1024 * 1024
const largestRatio = 200
const ratioMattersAbove = 8 * 1024 * 1024

/** @returns whether the bytes are a ZIP container */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)
}

/** @returns whether the container holds a part of this name; names stand readable in its directory */
export function has(bytes: Uint8Array, part: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(part)
}

/**
 * Unpacks the wanted parts of an Office file. The central directory is checked before anything is inflated, and the inflated size again
 * while it grows, since a directory can lie.
 * @throws FormatError `too_large`, `damaged`, `encrypted`
 */
export async function unzip(bytes: Uint8Array, wanted: (name: string) => boolean): Promise<Map<string, Uint8Array>> {
  const archive = await open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const parts = new Map<string, Uint8Array>()
  const names = new Set<string>() // programs differ in which of two parts with one name they read: what a person saw may be the other
  const seen = { entries: 0, total: 0 }
  try {
    for await (const entry of archive.eachEntry()) {
      seen.entries += 1
      seen.total += entry.uncompressedSize
      check(entry, seen)
      if (names.has(entry.fileName)) throw damaged('two parts have one name')
      names.add(entry.fileName)
      if (wanted(entry.fileName)) parts.set(entry.fileName, await inflate(archive, entry))
    }
  } catch (cause) {
    throw cause instanceof FormatError ? cause : damaged(cause)
  } finally {
    archive.close()
  }
  return parts
}

/** Checks what the directory claims, before anything is inflated. */
function check(entry: yauzl.Entry, { entries, total }: { entries: number; total: number }): void {
  const { uncompressedSize: size, compressedSize: packed } = entry
  if (entries > mostEntries) throw tooLarge('has too many parts')
  if (size > largestEntry || total > largestTotal) throw tooLarge('unpacks to too much')
  if (size > ratioMattersAbove && size > packed * largestRatio) throw tooLarge('is packed suspiciously tight')
  if (entry.generalPurposeBitFlag & 1)
    throw new FormatError('encrypted', 'The file is encrypted', { hint: 'Remove the password and ingest it again.' })
}

function open(buffer: Buffer): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, archive) =>
      error ? reject(damaged(error)) : resolve(archive),
    )
  })
}

function inflate(archive: yauzl.ZipFile, entry: yauzl.Entry): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error) return reject(damaged(error))
      const chunks: Buffer[] = []
      let size = 0
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > largestEntry) stream.destroy(tooLarge('unpacks to more than it says'))
        else chunks.push(chunk)
      })
      stream.on('error', reject)
      stream.on('end', () => resolve(Buffer.concat(chunks)))
    })
  })
}

function tooLarge(why: string): FormatError {
  return new FormatError('too_large', `The file ${why}`, {
    hint: 'Save it again from the program it was written with; if it is really that large, split it.',
  })
}

function damaged(cause: unknown): FormatError {
  return new FormatError('damaged', 'The container of the file is damaged', {
    hint: 'Open it in the program it was written with and save it again.',
    cause,
  })
}
