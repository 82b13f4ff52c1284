import { AppError } from '../../retrieval/base/errors.ts'
import type { Picture } from '../../retrieval/store/documents/pictures.ts'

/** One line of a document as a person reads it, in order; `page` from 1 where the format has pages. */
export type Line = {
  readonly text: string
  readonly page: number | null
  /** 1…6 when the format itself marks a heading */
  readonly level: number | null
}

/** What the file says about itself outside its text, e.g. the metadata of a government page. */
export type Meta = { readonly title?: string; readonly docNo?: string; readonly issuer?: string; readonly issuedOn?: string }

/** A file inside a file; the name '' means that it is the text itself, e.g. the HTML page of a mail. */
export type Attachment = { readonly name: string; readonly bytes: Uint8Array }

export type Reading =
  | {
      readonly kind: 'text'
      readonly lines: readonly Line[]
      readonly meta: Meta
      /** Codes of what was left out or may be wrong, for a person to look at. */
      readonly warnings: readonly string[]
      /** Read by the reader and joined to the lines; later steps never see them. */
      readonly attachments?: readonly Attachment[]
      /** Pages (from 1) that are pictures among pages of text; {@link Format.picture} gives them. */
      readonly pictured?: readonly number[]
      /** The recognised pages, for a reviewer to compare. */
      readonly pictures?: readonly Picture[]
    }
  /** Rows of visible cells as shown, merged cells filled. */
  | {
      readonly kind: 'table'
      readonly sheets: readonly {
        readonly name: string
        readonly rows: readonly (readonly string[])[]
        /** The number of each row in its sheet, from 1: empty and hidden rows are left out. */
        readonly numbers?: readonly number[]
      }[]
      readonly warnings: readonly string[]
    }

/**
 * A file that cannot be read. Codes: `empty`, `unsupported_format`, `mislabelled`, `encrypted`, `damaged`, `too_old`, `too_large`,
 * `needs_ocr`, `no_text`, `too_slow`, `too_much_memory`.
 */
export class FormatError extends AppError {}

/** A file of pictures; `pages` of them can be requested with {@link Format.picture}. */
export class NeedsOcr extends FormatError {
  readonly pages: number
  constructor(what: string, pages: number) {
    super('needs_ocr', `${what} has no text layer and needs OCR`, {
      hint: 'Run apt-get install tesseract-ocr tesseract-ocr-chi-sim and ingest it again, or ingest the original.',
    })
    this.pages = pages
  }
}

/** The port. A format is recognised by content first; the extension only decides between plain texts. */
export type Format = {
  readonly name: string
  /** @param name lower case, for its extension */
  matches(bytes: Uint8Array, name: string): boolean
  /** @throws FormatError */
  read(bytes: Uint8Array, name: string): Promise<Reading>
  /**
   * The picture of a page (from 1) as a file tesseract can read, for a format whose `read` may throw {@link NeedsOcr} or name
   * pictured pages; empty when blank.
   */
  picture?(bytes: Uint8Array, page: number): Promise<Uint8Array>
}

export function line(text: string, page: number | null = null, level: number | null = null): Line {
  return { text, page, level }
}
