import type { Language, Texts } from '../../prompts/load.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { DocumentStore } from '../../retrieval/store/document.ts'
import type { Outgoing } from '../channels/outgoing.ts'
import { plainText } from '../channels/plain.ts'
import { said } from '../render.ts'
import type { OutboxDeps } from './sending.ts'

/** Replaces an answer whose rule lapsed or was replaced while it waited: the person is asked to ask again. */
export function lapsedWords(deps: {
  readonly documents: Pick<DocumentStore, 'inForce'>
  readonly texts: Readonly<Record<Language, Texts>>
  readonly log: Log
}): NonNullable<OutboxDeps['lapsed']> {
  return async (row) => {
    if ((row.restsOn ?? []).length === 0 || row.body.kind !== 'text' || (await deps.documents.inForce(row.restsOn ?? [])))
      return null
    deps.log('answer_outdated', { outbox: row.id, conversation: row.conversation })
    const texts = deps.texts[/\p{Script=Han}/u.test(plainText(row.body.blocks)) ? 'zh' : 'en']
    const words: Outgoing = said(texts('answer_outdated'), [[{ label: texts('button_human'), data: 'human' }]])
    return words.kind === 'text' && row.body.replaces !== undefined ? { ...words, replaces: row.body.replaces } : words
  }
}
