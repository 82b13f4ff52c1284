import { AppError, chineseOf } from '../../retrieval/base/errors.ts'
import type { Doubt } from '../../retrieval/store/document.ts'
import type { FieldName, Reviews } from '../../retrieval/store/documents/review.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { Outgoing } from '../channels/outgoing.ts'
import { deskWord } from '../desk/words.ts'
import type { Person } from '../handoff/people.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { said } from '../render.ts'
import { hear, say, textsOf, type Work } from './work.ts'

/** The outcome of a file sent in chat. */
export type Taken = {
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'needs_review' | 'refused' | 'failed'
  readonly document_id: string | null
  readonly title: string | null
  readonly doc_no: string | null
  readonly genre: string | null
  readonly status: string | null
  readonly issued_on: string | null
  readonly effective_from: string | null
  readonly effective_to: string | null
  readonly supersedes: readonly string[] | null
  readonly clauses: number | null
  readonly records: number | null
  readonly doubts: readonly Doubt[]
  readonly error: { readonly code: string } | null
}

/** What the chat needs to ingest documents: the same pipeline and operations as every other way in. */
export type DocumentDesk = {
  /**
   * Fetches and ingests one file, outside any transaction.
   * @throws ChannelError when the channel is down (retry)
   */
  readonly take: (message: IncomingMessage, by: string) => Promise<Taken>
  readonly reviews: Reviews
}

/** The names people use for a field in chat. */
const names: Readonly<Record<string, FieldName>> = {
  ...{
    标题: 'title',
    文号: 'doc_no',
    发文机关: 'issuers',
    文种: 'genre',
    级别: 'level',
    适用地区: 'regions',
    有约束力: 'binding',
  },
  ...{
    印发日期: 'issued_on',
    成文日期: 'issued_on',
    施行日期: 'effective_from',
    失效日期: 'effective_to',
    到期日期: 'effective_to',
  },
  ...{ 废止文件: 'supersedes', 依据: 'based_on', 延长文件: 'prolongs' },
}

/**
 * Staff and leads send, approve and correct documents in their private chat.
 * @returns false when the message is none of these
 */
export async function staffDocument(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const order = orderOf(message)
  if (order === null || message.group) return false
  const person = await work.deps.people.byAccount(message.from.id)
  if (person === null || person.role === 'broker') return false
  hear(work, row, { author: 'person', authorName: person.name, text: message.file?.name ?? message.text })
  const words = await answerTo(order, message, person, work)
  say(work, row, () => words)
  work.outcomes.push(`document_${order.do}`)
  return true
}

type Order =
  | { readonly do: 'take' }
  | { readonly do: 'approve' | 'reject' | 'how'; readonly id: string }
  | { readonly do: 'fix'; readonly id: string; readonly field: string; readonly value: string }

function orderOf(message: IncomingMessage): Order | null {
  if (message.kind === 'file' && message.file !== null) return { do: 'take' }
  const [, id = '', what = ''] =
    /^d:([\w-]{1,40}):(approve|reject|how)$/.exec(message.kind === 'button' ? (message.button ?? '') : '') ?? []
  if (what === 'approve' || what === 'reject' || what === 'how') return { do: what, id }
  const fix = /^[/／]fix\s+([\w-]{1,40})\s+([^=＝\s]{1,20})\s*[=＝]\s*(.*)$/isu.exec(
    message.kind === 'text' ? message.text.trim() : '',
  )
  return fix === null ? null : { do: 'fix', id: fix[1] ?? '', field: fix[2] ?? '', value: fix[3] ?? '' }
}

async function answerTo(order: Order, message: IncomingMessage, person: Person, work: Work): Promise<Outgoing> {
  const texts = textsOf(work)
  const { documents } = work.deps
  const by = `person:${person.id}`
  try {
    if (order.do === 'take') return takenWords(await documents.take(message, by), work)
    if (order.do === 'how') return said(texts('document_how', { id: order.id, fields: Object.keys(names).join('、') }))
    if (order.do === 'fix') {
      const field = names[order.field] ?? order.field
      const page = await documents.reviews.edit(order.id, { [field]: order.value }, by)
      return said(
        texts('document_fixed', { title: page.document.title, field: order.field }),
        buttonsOf(order.id, page.document.state === 'waiting', work),
      )
    }
    if (order.do === 'approve') await documents.reviews.approve(order.id, by)
    else await documents.reviews.reject(order.id, by)
    return said(texts(order.do === 'approve' ? 'document_approved' : 'document_rejected'))
  } catch (error) {
    if (!(error instanceof AppError) || error.retry) throw error
    return said(texts(knownFailures.find((code) => code === `document_${error.code}`) ?? 'document_not_possible'))
  }
}

const knownFailures = ['document_two_person', 'document_bad_field', 'document_not_waiting', 'document_no_such_document'] as const

function takenWords(taken: Taken, work: Work): Outgoing {
  const texts = textsOf(work)
  if (taken.document_id === null) {
    const code = taken.error?.code ?? taken.outcome
    return said(texts('document_refused', { why: (work.language === 'zh' ? chineseOf(code) : null) ?? code }))
  }
  const waits = taken.outcome === 'needs_review'
  const none = texts('document_none')
  const lines = [
    texts(`document_${taken.outcome}` as 'document_added', { title: taken.title ?? '', number: taken.doc_no ?? '' }), // Refused and failed files have no id.
    taken.records === null
      ? texts('document_understood', {
          genre: taken.genre ?? none,
          issued: taken.issued_on ?? none,
          from: taken.effective_from ?? none,
          to: taken.effective_to ?? none,
          ends: taken.supersedes?.join('、') || none,
          clauses: String(taken.clauses ?? 0),
        })
      : texts('document_records', { records: String(taken.records) }),
    ...taken.doubts.slice(0, 5).map(({ code, field, phrase }) =>
      texts('document_doubt', {
        what: [
          deskWord(`doubt.${code}`, work.language) ?? code,
          field === null ? null : (deskWord(`field.${field}`, work.language) ?? field),
          phrase === null ? null : `“${phrase.slice(0, 60)}”`,
        ]
          .filter(Boolean)
          .join(' '),
      }),
    ),
  ]
  return said(lines.join('\n'), buttonsOf(taken.document_id, waits, work))
}

/** A live document can only be corrected; a waiting one can be approved or rejected. */
function buttonsOf(id: string, waits: boolean, work: Work): { label: string; data: string }[][] {
  const texts = textsOf(work)
  const button = (what: 'approve' | 'reject' | 'how') => ({ label: texts(`button_document_${what}`), data: `d:${id}:${what}` })
  return [waits ? [button('approve'), button('reject'), button('how')] : [button('approve'), button('how')]]
}
