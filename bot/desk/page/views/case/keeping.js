import { send } from '../../api.js'
import { ask, h, toast } from '../../dom.js'
import { t } from '../../words.js'
import { field } from '../parts.js'

/** What a case leaves for others: an answer worth keeping, a verified enterprise. */
export function caseKeeping({ id, act, ticket }) {
  /** An answer that may serve the next person; it waits for approval. */
  async function keep() {
    const said = [...document.querySelectorAll('.line.broker .bubble')].at(-1)?.textContent ?? ''
    const question = h('textarea', { rows: '2', maxlength: '400', required: true, value: ticket().need })
    const answer = h('textarea', { rows: '6', maxlength: '4000', required: true, value: said })
    const given = await ask(
      t('faq.keep'),
      [field(t('faq.question'), question), field(t('faq.answer'), answer, t('faq.answer_hint'))],
      {
        submit: t('faq.keep'),
        cancel: t('cancel'),
        read: () => ({ question: question.value.trim(), answer: answer.value.trim() }),
      },
    )
    if (given !== null && (await act({ do: 'faq', ...given })) !== null) toast(t('faq.kept'))
  }

  async function verify() {
    const enterprise = h('input', { required: true, minlength: '2', maxlength: '80', autofocus: true })
    const body = [h('p', {}, t('verify.what')), field(t('verified.enterprise'), enterprise)]
    const given = await ask(t('verify.title', { id }), body, {
      submit: t('verify'),
      cancel: t('cancel'),
      read: () => ({ enterprise: enterprise.value.trim() }),
    })
    if (given === null) return
    await send(`cases/${id}/verify`, given)
    toast(t('verified.added'))
  }

  return { keep, verify }
}
