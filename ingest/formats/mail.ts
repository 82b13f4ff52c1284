import { isCompound, openCompound } from './base/compound.ts'
import { decodeText } from './base/encoding.ts'
import { type Attachment, type Format, FormatError, line, type Reading } from './format.ts'
import { decodeAs, type Part, parameter, parseMessage, words } from './mail/mime.ts'
import { readOutlook } from './mail/msg.ts'

const largest = 50 * 1024 * 1024
const heads =
  /^(?:From|To|Received|Return-Path|MIME-Version|Date|Subject|Message-ID|Delivered-To|Content-Type|Snapshot-Content-Location|X-[\w-]+)(?: |:)/i

/** E-mails (EML, MSG) and pages saved as one file (MHT): the text of the message, and its attachments as parts. */
export const mail: Format = {
  name: 'mail',
  matches(bytes) {
    if (isCompound(bytes)) return openCompound(bytes).paths.includes('__properties_version1.0')
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 16_384))
    return heads.test(head) && /^(?:MIME-Version|Content-Type|Subject|Message-ID):/im.test(head)
  },
  async read(bytes) {
    if (bytes.length > largest)
      throw new FormatError('too_large', 'The e-mail is larger than 50 MB', { hint: 'Save its attachments and ingest those.' })
    return isCompound(bytes) ? outlook(bytes) : message(parseMessage(bytes))
  },
}

function outlook(bytes: Uint8Array): Reading {
  const { subject, body, html, attachments } = readOutlook(openCompound(bytes))
  const inline = body.trim() === '' && html !== null ? [{ name: '', bytes: html }] : []
  return reading(subject, body, [...inline, ...attachments])
}

function message(root: Part): Reading {
  const leaves = leavesOf(root)
  const plain = leaves.find((leaf) => isBody(leaf, 'text/plain'))
  const page = leaves.find((leaf) => isBody(leaf, 'text/html'))
  const text = plain === undefined ? '' : decodeAs(plain.content, parameter(typeOf(plain), 'charset') ?? '')
  // A page says more than the few words some programs put beside it. It gets no name, or it would count as an attachment.
  const inline = page !== undefined && text.trim().length < 20 ? [{ name: '', bytes: asUtf8(page) }] : []
  const attachments = leaves.flatMap((leaf) => attachmentOf(leaf))
  return reading(words(root.headers.get('subject') ?? ''), inline.length > 0 ? '' : text, [...inline, ...attachments])
}

/** An attached message is one attachment; its own attachments are read with it. */
function leavesOf(part: Part): Part[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)
}

function typeOf(part: Part): string {
  return part.headers.get('content-type') ?? 'text/plain'
}

function isBody(part: Part, type: string): boolean {
  return typeOf(part).toLowerCase().startsWith(type) && !/^attachment/i.test(part.headers.get('content-disposition') ?? '')
}

/** The page's charset stands in the header of its part, where the page reader does not look. */
function asUtf8(part: Part): Uint8Array {
  const charset = parameter(typeOf(part), 'charset')
  const text = charset === null ? decodeText(part.content) : decodeAs(part.content, charset)
  return new TextEncoder().encode((text ?? '').replace(/<meta[^>]*charset[^>]*>/gi, ''))
}

/** Pictures inside the text (logos, signatures) are not attachments. */
function attachmentOf(part: Part): Attachment[] {
  const disposition = part.headers.get('content-disposition') ?? ''
  const name = parameter(disposition, 'filename') ?? parameter(typeOf(part), 'name')
  const isPicture = /^image\//i.test(typeOf(part)) && !/^attachment/i.test(disposition)
  const isMessage = /^message\/rfc822/i.test(typeOf(part))
  if (part.content.length === 0 || isPicture || (name === null && !isMessage)) return []
  return [{ name: name ?? 'message.eml', bytes: part.content }]
}

function reading(subject: string, text: string, attachments: readonly Attachment[]): Reading {
  const lines = text.split(/\r?\n/).map((each) => line(each))
  const named = attachments.some((each) => each.name !== '')
  return { kind: 'text', lines, meta: subject === '' || named ? {} : { title: subject }, warnings: [], attachments }
}
