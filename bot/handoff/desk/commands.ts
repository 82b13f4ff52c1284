import { commandIn, wishOf } from '../../converse/wishes.ts'
import type { People } from '../people.ts'
import { type Outcome, outcomes } from './action.ts'
import type { Pressed } from './buttons.ts'

/** Commands in a ticket's topic and in a broker's own chat. */
export const commands: ReadonlySet<string> = new Set(['claim', 'transfer', 'return', 'note', 'outcome', 'reopen', 'close'])

/** On a Chinese keyboard 、 is the slash key. A letter must follow, so that a fraction is no command. */
const begins = /^[\s\u200b-\u200f\u2060\ufeff]*[/／\\＼、][\s/／\\＼、]*(?=\p{L})/u
const note = /^(?:note|ｎｏｔｅ|备注|備註)(?!\p{Script=Latin})(?:@\w+)?[\s\p{Pd}:：,，.。;；、!！=]*/iu

/**
 * Pure: a command of somebody at the desk. Internal notes are recognised more generously than other commands; anything else that begins
 * like a command gets a name that is no command's, and goes nowhere.
 */
export function deskCommandIn(text: string): { readonly name: string; readonly rest: string } | null {
  if (!begins.test(text)) return null
  const plain = text.replace(begins, '')
  const noted = note.exec(plain)?.[0]
  if (noted !== undefined) return { name: 'note', rest: plain.slice(noted.length) }
  return commandIn(`/${plain}`) ?? { name: '', rest: plain }
}

/**
 * Pure but for names of people: `/claim`, `/transfer 王工`, `/return`, `/note …`, `/close`, `/outcome introduced`, `/reopen`, or words.
 * @param words what can be passed on, e.g. with the name of a file
 * @returns null when that is nothing
 */
export async function saidAction(people: People, text: string, words = text): Promise<Pressed['action'] | null> {
  if (wishOf(text, true) === 'close') return { do: 'close' }
  const { name, rest } = deskCommandIn(text) ?? { name: null, rest: '' }
  switch (name) {
    case 'claim':
      return { do: 'claim' }
    case 'transfer':
      return rest.trim() === '' ? { do: 'heirs' } : { do: 'transfer', to: await personMeant(people, rest) }
    case 'return':
      return { do: 'return', conflict: /利益冲突|回避|conflict/.test(rest) }
    case 'note':
      return rest.trim() === '' ? null : { do: 'note', text: rest.trim() }
    case 'close':
      return { do: 'close' }
    case 'reopen':
      return { do: 'reopen' }
    case 'outcome': {
      const outcome = outcomes.find((each): each is Outcome => each === rest.trim())
      return outcome === undefined ? null : { do: 'record', outcome }
    }
    case null:
      return words.trim() === '' ? null : { do: 'reply', text: words.trim() }
    default:
      return null // a mistyped command is not for the enterprise: it may have been meant to stay inside
  }
}

/** By number, or by a name that only one person has; else an id that is nobody's. */
async function personMeant(people: People, words: string): Promise<string> {
  const wanted = words.replace(/^@/, '').trim()
  const found = (await people.list()).filter((person) => person.id === wanted || person.name === wanted)
  return found.length === 1 ? (found[0]?.id ?? '0') : '0'
}
