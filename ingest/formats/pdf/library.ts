import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Inflation, portPair } from './in-process.ts'

type Library = typeof import('pdfjs-dist/legacy/build/pdf.mjs')
export type Task = ReturnType<Library['getDocument']>

/** What pdf.js expects when it is loaded; used for painting only, and nothing is painted here. */
class NoMatrix {}

type Loaded = { readonly library: Library; readonly worker: InstanceType<Library['PDFWorker']> }
let loaded: Promise<Loaded> | undefined

/** Loaded with the first PDF: other formats need not wait for it, nor for the optional native canvas it looks for. */
function load(): Promise<Loaded> {
  loaded ??= (async () => {
    const globals = globalThis as { DOMMatrix?: unknown; DecompressionStream?: unknown }
    globals.DOMMatrix ??= NoMatrix
    globals.DecompressionStream = Inflation
    const library = await import('pdfjs-dist/legacy/build/pdf.mjs')
    const { WorkerMessageHandler } = await import('pdfjs-dist/legacy/build/pdf.worker.mjs')
    const [ours, theirs] = portPair()
    WorkerMessageHandler.initializeFromPort(theirs)
    return { library, worker: new library.PDFWorker({ port: ours as never, verbosity: 0 }) } // only what a port has is used of it
  })()
  return loaded
}

export async function pdfLibrary(): Promise<Library> {
  return (await load()).library
}

/** Character maps are supplied, or Chinese fonts that are not embedded would silently yield nothing. Code in a file is never run. */
export async function openPdf(bytes: Uint8Array): Promise<Task> {
  const { library, worker } = await load()
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return library.getDocument({
    worker,
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
