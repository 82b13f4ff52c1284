import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

type Library = typeof import('pdfjs-dist/legacy/build/pdf.mjs')
export type Task = ReturnType<Library['getDocument']>

/** What pdf.js wants to find when it is loaded; it is used for painting only, and nothing is painted here. */
class NoMatrix {}

let loaded: Promise<Library> | undefined

/** Loaded with the first PDF: other formats need not wait for it, nor for the native canvas it asks for and may not have. */
export function pdfLibrary(): Promise<Library> {
  const globals = globalThis as { DOMMatrix?: unknown }
  globals.DOMMatrix ??= NoMatrix
  loaded ??= import('pdfjs-dist/legacy/build/pdf.mjs')
  return loaded
}

/** Character maps are given, or Chinese fonts that are not embedded would yield nothing, silently. No code of a file is ever run. */
export async function openPdf(bytes: Uint8Array): Promise<Task> {
  const { getDocument } = await pdfLibrary()
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${join(root, 'cmaps')}/`,
    cMapPacked: true,
    standardFontDataUrl: `${join(root, 'standard_fonts')}/`,
    wasmUrl: `${join(root, 'wasm')}/`,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    verbosity: 0,
  })
}
