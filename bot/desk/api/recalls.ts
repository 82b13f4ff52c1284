import { z } from 'zod'
import type { Texts } from '../../../prompts/load.ts'
import type { Recalls } from '../../recall/recalls.ts'
import { standingNotice } from '../../recall/words.ts'
import { type Call, get, notFound, post, type Route } from '../routes.ts'

/** Answers that no longer hold: who got them, and a person's decision whether to tell them. */
export function recallRoutes({
  recalls,
  texts,
}: {
  readonly recalls: Recalls
  readonly texts: Record<'zh' | 'en', Texts>
}): Route[] {
  const known = async ({ id }: Call) => {
    const recall = await recalls.byId(id)
    if (recall === null) throw notFound()
    return recall
  }
  return [
    get('/desk/api/recalls', async () => ({
      proposed: await recalls.list('proposed'),
      confirmed: await recalls.list('confirmed'),
    })),
    get('/desk/api/recalls/:id', async (call) => {
      const recall = await known(call)
      const recipients = await recalls.recipients(call.id)
      const [first] = recipients
      const standing = (language: 'zh' | 'en') => (first === undefined ? null : standingNotice(recall, first, texts[language]))
      return { recall, recipients, standing: { zh: standing('zh'), en: standing('en') } }
    }),
    post(
      '/desk/api/recalls/:id/confirm',
      { wording: z.string().trim().min(1).max(1_000).nullable() },
      async ({ id, person }, { wording }) => ({ chats: await recalls.confirm(id, `person:${person.id}`, wording) }),
      known,
    ),
    post('/desk/api/recalls/:id/dismiss', {}, ({ id, person }) => recalls.dismiss(id, `person:${person.id}`), known),
  ]
}
