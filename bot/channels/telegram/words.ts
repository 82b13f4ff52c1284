import { type Loose, list, number, object, text } from '../base/loose.ts'
import type { Self } from './incoming.ts'

/** In groups, a bare `/command` is for us only when it is on our menu. */
const menuCommands = ['start', 'help', 'human'] as const
/** Telegram stores at most a hundred entities per message; more did not come from Telegram. */
const mostEntities = 200
/** Far beyond Telegram's limit of 4096 units; longer text was not typed. */
const mostUnits = 16_384

type Words = {
  /** The text without our own name: addressing us is not part of the question. */
  readonly text: string
  /** A mention of us, or a command for us. */
  readonly called: boolean
}

/** Pure. Entity offsets count UTF-16 units, as strings here do. */
export function wordsOf(message: Loose, self: Self): Words {
  const said = (text(message['text']) ?? text(message['caption']) ?? '').slice(0, mostUnits)
  const name = `@${self.username.toLowerCase()}`
  let called = false
  let words = said
  // From last to first, so that a cut does not move the others.
  for (const entity of entitiesOf(message, said).toReversed()) {
    const part = said.slice(entity.offset, entity.offset + entity.length).toLowerCase()
    if (entity.type === 'bot_command' && isForUs(part, name)) {
      called = true
      const at = part.indexOf('@')
      if (at > 0) words = without(words, entity.offset + at, entity.length - at)
    } else if ((entity.type === 'mention' && part === name) || (entity.type === 'text_mention' && entity.user === self.id)) {
      called = true
      words = without(words, entity.offset, entity.length)
    }
  }
  return { text: words.trim(), called }
}

/** A reply to the bot's own words; in a topic opened by the bot not every message is one. */
export function repliesTo(message: Loose, self: Self): boolean {
  const to = object(message['reply_to_message'])
  return to !== null && to['forum_topic_created'] === undefined && number(object(to['from'])?.['id']) === self.id
}

/** @returns the text a person quoted when replying, or null */
export function quotedOf(message: Loose): string | null {
  const to = object(message['reply_to_message'])
  const said = text(object(message['quote'])?.['text']) ?? text(to?.['text']) ?? text(to?.['caption'])
  return said === null || said === '' ? null : said.slice(0, mostUnits)
}

type Entity = { readonly type: string; readonly offset: number; readonly length: number; readonly user: number | null }

function entitiesOf(message: Loose, said: string): Entity[] {
  const marked = typeof message['text'] === 'string' ? message['entities'] : message['caption_entities']
  if (!Array.isArray(marked)) return found(said)
  return list(marked)
    .slice(0, mostEntities)
    .flatMap((each) => {
      const entity = object(each)
      const type = text(entity?.['type'])
      const offset = number(entity?.['offset'])
      const length = number(entity?.['length'])
      if (type === null || offset === null || length === null || offset < 0 || length < 1) return []
      return [{ type, offset, length, user: number(object(entity?.['user'])?.['id']) }]
    })
}

/** Without entities (a gateway that drops them), by the plain signs. */
function found(said: string): Entity[] {
  const of = (type: string, pattern: RegExp): Entity[] =>
    [...said.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length, user: null }))
  return [...of('bot_command', /^\/\w+(?:@\w+)?/g), ...of('mention', /(?<![\w@/])@\w{3,32}/g)]
}

function isForUs(command: string, name: string): boolean {
  const at = command.indexOf('@')
  if (at > 0) return command.slice(at) === name
  return menuCommands.some((each) => command === `/${each}`)
}

function without(said: string, offset: number, length: number): string {
  return said.slice(0, offset) + said.slice(offset + length)
}
