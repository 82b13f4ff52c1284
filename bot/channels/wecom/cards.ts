import { createHash } from 'node:crypto'
import type { Language, Texts } from '../../../prompts/load.ts'
import type { Loose } from '../base/loose.ts'
import type { Button } from '../outgoing.ts'

const mostButtons = 6
export const mostLabel = 10
/** In characters; the AI bot's cards take less than the app's. */
type Caps = { readonly title: number; readonly text: number; readonly line: number }
export const appCaps: Caps = { title: 36, text: 160, line: 30 }
export const aibotCaps: Caps = { title: 26, text: 112, line: 26 }
const mostKeyBytes = 1024

/** Pure: rows of buttons → groups for one card each, since a card takes six. */
export function cardsOf(rows: readonly (readonly Button[])[]): Button[][] {
  const usable = rows.flat().filter((each) => each.label.trim() !== '' && each.data !== '')
  const distinct = usable.filter((each, index) => usable.findIndex((other) => other.data === each.data) === index)
  return Array.from({ length: Math.ceil(distinct.length / mostButtons) }, (_, index) =>
    distinct.slice(index * mostButtons, (index + 1) * mostButtons),
  )
}

/** @returns whether a text is short enough to stand on the card itself */
export function fitsCard(text: string, caps: Caps): boolean {
  return [...text].length <= caps.text
}

/**
 * Pure: a card with buttons. A label longer than a button allows is written out above it, under a number that both carry.
 * @param taskId unique for ever, and the same for the same thing, so that a repetition is recognised
 */
export function cardOf(
  of: { readonly text: string; readonly buttons: readonly Button[]; readonly taskId: string },
  caps: Caps,
): Loose {
  const long = of.buttons.filter((each) => [...each.label].length > mostLabel)
  const numberOf = (button: Button) => (long.includes(button) ? `${long.indexOf(button) + 1}. ` : '')
  const lines = long.map((each) => ({ keyname: `${long.indexOf(each) + 1}`, value: cut(each.label, caps.line) }))
  const short = [...of.text].length <= caps.title && !of.text.includes('\n')
  return {
    card_type: 'button_interaction',
    ...(short ? { main_title: { title: of.text } } : { sub_title_text: cut(of.text, caps.text) }),
    ...(lines.length === 0 ? {} : { horizontal_content_list: lines }),
    task_id: of.taskId,
    button_list: of.buttons.map((button, index) => ({
      text: cut(numberOf(button) + button.label, mostLabel),
      style: index === 0 ? 1 : 2,
      key: keyOf(button),
    })),
  }
}

/** A task's id from the outbox row's key: a retry is the same task. */
export function taskIdOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

/** The label travels with the data, so that the card can show what was chosen without storing it. */
function keyOf({ label, data }: Button): string {
  const key = `${label.replaceAll('#', '＃')}#${data}`
  return Buffer.byteLength(key) <= mostKeyBytes ? key : `#${data}`
}

/** @returns the meaning of a click on one of our cards; for a card somebody else made, its key unchanged */
export function pressedOf(key: string): { readonly label: string; readonly data: string } {
  const at = key.indexOf('#')
  return at < 0 ? { label: '', data: key } : { label: key.slice(0, at), data: key.slice(at + 1) }
}

/** @returns at most `length` characters (code points), cut with an ellipsis */
export function cut(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

/** @returns the text of a card whose own text was sent before it, in the language of its buttons */
export function cardPrompt(texts: Readonly<Record<Language, Texts>>): (buttons: readonly Button[]) => string {
  return (buttons) => texts[buttons.some((each) => /\p{Script=Han}/u.test(each.label)) ? 'zh' : 'en']('card_prompt')
}
