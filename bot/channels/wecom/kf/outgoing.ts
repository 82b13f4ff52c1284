import type { Block, Button, Outgoing } from '../../outgoing.ts'
import { plainText } from '../../plain.ts'
import { measures, splitBlocks, wordsOfBlock } from '../../split.ts'

/** Bytes of UTF-8, as documented for `kf/send_msg`. */
export const textLimit = 2048
const headLimit = 1024
const itemLimit = 128
const idLimit = 64
const mostItems = 10

export type TextMessage = Extract<Outgoing, { kind: 'text' }>

/** Pure: one thing to say → the messages it takes. Buttons are a menu, whose head holds less than a message: the last words go there. */
export function partsOf(outgoing: TextMessage): TextMessage[] {
  const { buttons, blocks, ...rest } = outgoing
  const items = itemsOf(outgoing)
  const parts = splitBlocks(blocks, textLimit, measures.bytes).filter(saysSomething)
  const plain = (part: readonly Block[]): TextMessage => ({ ...rest, blocks: part })
  const last = parts.at(-1)
  if (items.length === 0 || buttons === undefined || last === undefined) return parts.map(plain)
  const tail = splitBlocks(last, headLimit, measures.bytes)
  const head = tail.at(-1) ?? []
  const before = tail.slice(0, -1).flat()
  return [...parts.slice(0, -1), ...(before.length === 0 ? [] : [before])].map(plain).concat({ ...rest, blocks: head, buttons })
}

/** Pure: several things to say → the same in as few messages as the limits allow; of buttons with the same label only the last is kept. */
export function joinAll(outgoing: readonly Outgoing[]): readonly Outgoing[] {
  const texts = outgoing.filter((each): each is TextMessage => each.kind === 'text')
  const [first] = texts
  if (first === undefined || texts.length < 2 || texts.length !== outgoing.length || texts.some((each) => each.at !== undefined))
    return outgoing
  const buttons = merged(texts.flatMap((each) => each.buttons?.flat() ?? []))
  const whole: TextMessage = {
    kind: 'text',
    blocks: texts.flatMap((each, index) => (index === 0 ? each.blocks : [gap, ...each.blocks])),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map((each) => [each]) }),
    ...(texts.every((each) => each.courtesy === true) ? { courtesy: true as const } : {}),
  }
  const parts = partsOf(whole)
  return parts.length < texts.length ? parts : outgoing
}

const gap: Block = { type: 'paragraph', spans: [''] }

function merged(buttons: readonly Button[]): Button[] {
  return [...new Map(buttons.map((each) => [each.label, each])).values()].slice(-mostItems)
}

/** Pure: one part → the type-specific fields of `send_msg` and `send_msg_on_event`. */
export function payloadOf(part: TextMessage): Readonly<Record<string, unknown>> {
  const items = itemsOf(part)
  const words = plainText(part.blocks)
  if (items.length === 0) return { msgtype: 'text', text: { content: words } }
  return {
    msgtype: 'msgmenu',
    msgmenu: {
      head_content: words,
      list: items.map(({ label, data }) => ({ type: 'click', click: { id: data, content: label } })),
    },
  }
}

/** A button the platform would refuse is left out rather than losing the message. */
function itemsOf({ buttons }: TextMessage): Button[] {
  return (buttons ?? [])
    .flat()
    .filter(({ label, data }) => label.trim() !== '' && data !== '' && Buffer.byteLength(data) <= idLimit)
    .map(({ label, data }) => ({ label: cut(label, itemLimit), data }))
    .slice(0, mostItems)
}

function cut(text: string, bytes: number): string {
  let short = ''
  for (const character of text) {
    if (Buffer.byteLength(short + character) > bytes) break
    short += character
  }
  return short
}

function saysSomething(blocks: readonly Block[]): boolean {
  return blocks.some((block) => wordsOfBlock(block).trim() !== '')
}
