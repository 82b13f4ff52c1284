import type { Language, Texts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { DocumentStore } from '../../retrieval/store/document.ts'
import type { Outgoing } from '../channels/outgoing.ts'
import { plainText } from '../channels/plain.ts'
import { said } from '../render.ts'
import type { OutboxDeps } from './sending.ts'

/**
 * Replaces an answer whose rule lapsed or was replaced while it waited, and a reminder whose event is over: the person is asked to ask
 * again.
 */
export function lapsedWords(deps: {
  readonly documents: Pick<DocumentStore, 'inForce'>
  readonly texts: Readonly<Record<Language, Texts>>
  readonly clock: Clock
  readonly log: Log
}): NonNullable<OutboxDeps['lapsed']> {
  return async (row) => {
    if (row.body.kind !== 'text') return null
    if (row.body.until !== undefined && Date.parse(row.body.until) < deps.clock().getTime())
      return said(languageOf(row.body, deps.texts)('event_told_late'))
    if ((row.restsOn ?? []).length === 0 || (await deps.documents.inForce(row.restsOn ?? []))) return null
    deps.log('answer_outdated', { outbox: row.id, conversation: row.conversation })
    const texts = languageOf(row.body, deps.texts)
    const words: Outgoing = said(texts('answer_outdated'), [[{ label: texts('button_human'), data: 'human' }]])
    return words.kind === 'text' && row.body.replaces !== undefined ? { ...words, replaces: row.body.replaces } : words
  }
}

/** The texts of the language in which something was to be said. */
function languageOf(body: Extract<Outgoing, { kind: 'text' }>, texts: Readonly<Record<Language, Texts>>): Texts {
  return texts[/\p{Script=Han}/u.test(plainText(body.blocks)) ? 'zh' : 'en']
}
