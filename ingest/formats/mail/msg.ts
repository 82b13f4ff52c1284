import type { Compound } from '../base/compound.ts'
import { decodeText } from '../base/encoding.ts'
import type { Attachment } from '../format.ts'

/**
 * The parts we read of an Outlook message (MS-OXMSG): property streams are named by tag and type, 001F is UTF-16 text, 001E single-byte.
 */
export function readOutlook(file: Compound): {
  subject: string
  body: string
  html: Uint8Array | null
  attachments: Attachment[]
} {
  const text = (folder: string, tag: string) => {
    const wide = file.stream(`${folder}__substg1.0_${tag}001F`)
    if (wide !== undefined) return new TextDecoder('utf-16le').decode(wide)
    const narrow = file.stream(`${folder}__substg1.0_${tag}001E`)
    return narrow === undefined ? '' : (decodeText(narrow) ?? '')
  }
  const folders = new Set(file.paths.flatMap((path) => /^__attach_version1\.0_#[0-9a-f]+\//.exec(path)?.[0] ?? []))
  const attachments = [...folders].flatMap((folder) => {
    const bytes = file.stream(`${folder}__substg1.0_37010102`)
    const name = text(folder, '3707') || text(folder, '3704') || 'attachment'
    return bytes === undefined || bytes.length === 0 ? [] : [{ name, bytes }]
  })
  return { subject: text('', '0037'), body: text('', '1000'), html: file.stream('__substg1.0_10130102') ?? null, attachments }
}
