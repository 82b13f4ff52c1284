import { randomUUID } from 'node:crypto'
import type { Payload, WecomAnswer, WecomServer } from './wecom-server.ts'

/** What a member got: the words as shown, or a card. */
export type AppMessage = {
  readonly to: string
  readonly type: string
  /** As people see it, without markup; of a card its title and text. */
  readonly text: string
  readonly buttons: readonly { readonly text: string; readonly key: string }[]
  readonly taskId: string | null
  readonly file: string | null
  /** What a click has made of the card. */
  replaced: string | null
}

export type AppMessages = {
  /** Messages that arrived, in order. */
  readonly sent: AppMessage[]
  /** Messages WeCom accepted and silently dropped: too many for one member. */
  readonly dropped: AppMessage[]
  /** Who may be written to; `unlicensed` ones get nothing. */
  readonly members: Map<string, 'licensed' | 'unlicensed'>
  readonly limits: { perMinute: number; perHour: number }
  /** A member clicks. @returns the code with which the card may be changed once more */
  clicked(): string
}

const ok = { errcode: 0, errmsg: 'ok' } as const
const no = (errcode: number, errmsg: string) => ({ errcode, errmsg })
const agent = '1000002'

/** `message/send` and `message/update_template_card` of the self-built app, as documented. */
export function appMessages(media: WecomServer['media']) {
  const sent: AppMessage[] = []
  const dropped: AppMessage[] = []
  const members: AppMessages['members'] = new Map([['zhangsan', 'licensed']])
  const limits = { perMinute: 30, perHour: 1000 }
  const times = new Map<string, number[]>()
  const tasks = new Set<string>()
  const codes = new Map<string, AppMessage | null>()
  const repeated = new Map<string, number>()

  function send(caller: string, body: Payload): WecomAnswer {
    const wrong = faultOf(caller, body) ?? contentFault(body, media, tasks)
    if (wrong !== null) return wrong
    const to = String(body['touser'] ?? '')
      .split('|')
      .filter(Boolean)
    const invalid = to.filter((each) => !members.has(each))
    const gone = { invaliduser: invalid.join('|').toLowerCase() }
    if (invalid.length === to.length) return { ...no(81013, 'user & party & tag all invalid'), ...gone }
    const unlicensed = to.filter((each) => members.get(each) === 'unlicensed')
    const code = body['msgtype'] === 'template_card' ? randomUUID() : null
    const licensed = to.filter((each) => members.get(each) === 'licensed')
    for (const each of licensed.filter((one) => !isRepetition(one, body))) deliver(each, body, code)
    const told = { ...gone, unlicenseduser: unlicensed.join('|'), response_code: code ?? '' }
    return { ...ok, msgid: randomUUID(), ...Object.fromEntries(Object.entries(told).filter(([, each]) => each !== '')) }
  }

  function faultOf(caller: string, body: Payload): WecomAnswer | null {
    if (String(body['agentid']) !== caller || caller !== agent)
      return no(301002, 'not allow operate another agent with this accesstoken')
    if (typeof body['touser'] !== 'string' || body['touser'] === '') return no(40035, 'touser missing')
    return null
  }

  function isRepetition(to: string, body: Payload): boolean {
    if (body['enable_duplicate_check'] !== 1) return false
    const key = JSON.stringify([to, body['msgtype'], body[String(body['msgtype'])]])
    const before = repeated.get(key) ?? 0
    repeated.set(key, Date.now())
    return Date.now() - before < Number(body['duplicate_check_interval'] ?? 1800) * 1000
  }

  function deliver(to: string, body: Payload, code: string | null): void {
    const message = shown(to, body)
    if (message.taskId !== null) tasks.add(message.taskId)
    const now = Date.now()
    const before = (times.get(to) ?? []).filter((each) => now - each < 3_600_000)
    const full = before.filter((each) => now - each < 60_000).length >= limits.perMinute || before.length >= limits.perHour
    if (full) return void dropped.push(message)
    times.set(to, [...before, now])
    sent.push(message)
    if (code !== null) codes.set(code, message)
  }

  function update(body: Payload): WecomAnswer {
    const code = String(body['response_code'])
    if (!codes.has(code)) return no(42015, 'response_code invalid or used')
    const users = body['userids']
    if (!Array.isArray(users) || users.length === 0) return no(40058, 'userids missing')
    if (String(body['agentid']) !== agent) return no(42017, 'agentid does not match')
    const name = (body['button'] as Payload | undefined)?.['replace_name']
    if (typeof name !== 'string' || name === '') return no(40058, 'replace_name missing')
    const message = codes.get(code) ?? sent.findLast((each) => each.taskId !== null && users.includes(each.to))
    codes.delete(code)
    if (message !== undefined) message.replaced = name
    return { ...ok, invaliduser: [] }
  }

  return {
    sent,
    dropped,
    members,
    limits,
    send,
    update,
    clicked() {
      const code = randomUUID()
      codes.set(code, null)
      return code
    },
  }
}

function contentFault(body: Payload, media: WecomServer['media'], tasks: ReadonlySet<string>): WecomAnswer | null {
  const type = String(body['msgtype'])
  const content = body[type] as Payload | undefined // the body is checked field by field
  const said = String(content?.['content'] ?? '')
  const file = String(content?.['media_id'])
  const faults: Readonly<Record<string, () => WecomAnswer | null>> = {
    text: () => (said === '' ? no(44004, 'empty content') : null),
    markdown: () => (said === '' ? no(44004, 'empty content') : null),
    file: () => (media.get(file)?.kind === 'file' ? null : no(40007, 'invalid media_id')),
    image: () => (media.get(file)?.kind === 'image' ? null : no(40007, 'invalid media_id')),
    template_card: () => cardFault(content ?? {}, tasks),
  }
  return content === undefined || faults[type] === undefined ? no(40008, 'invalid message type') : faults[type]()
}

function shown(to: string, body: Payload): AppMessage {
  const type = String(body['msgtype'])
  const content = body[type] as Payload
  const title = content['main_title'] as Payload | undefined
  const words = [title?.['title'], title?.['desc'], content['sub_title_text']].filter(
    (each) => typeof each === 'string' && each !== '',
  )
  const text = type === 'template_card' ? words.join('\n') : cut(String(content['content'] ?? ''))
  const buttons = (Array.isArray(content['button_list']) ? content['button_list'] : []) as { text: string; key: string }[] // checked before
  return {
    to,
    type,
    text: type === 'markdown' ? withoutMarkup(text) : text,
    buttons,
    taskId: typeof content['task_id'] === 'string' ? content['task_id'] : null,
    file: type === 'file' || type === 'image' ? String(content['media_id']) : null,
    replaced: null,
  }
}

/** Silently cuts off what is beyond 2048 bytes. */
function cut(text: string): string {
  return Buffer.from(text).subarray(0, 2048).toString()
}

/** Bold, links, colours, quotes and headings as WeCom shows them; what is no markup stays. */
export function withoutMarkup(markdown: string): string {
  return markdown
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/\[([^\]\n]*)\]\((https?:[^)\n]*)\)/g, '$1')
    .replace(/<font color="(?:info|comment|warning)">([\s\S]*?)<\/font>/g, '$1')
    .replace(/^> /gm, '')
    .replace(/^#{1,6} /gm, '')
    .replace(/`([^`\n]+)`/g, '$1')
}

function cardFault(card: Payload, tasks: ReadonlySet<string>): WecomAnswer | null {
  const buttons = card['button_list']
  if (card['card_type'] !== 'button_interaction') return no(42012, 'card_type invalid')
  const title = (card['main_title'] as Payload | undefined)?.['title']
  if (typeof title !== 'string' && typeof card['sub_title_text'] !== 'string') return no(42013, 'title missing')
  if ([...String(title ?? '')].length > 36 || [...String(card['sub_title_text'] ?? '')].length > 160)
    return no(42014, 'text too long')
  if (!/^[\w@-]{1,128}$/.test(String(card['task_id'] ?? ''))) return no(42018, 'task_id invalid')
  if (tasks.has(String(card['task_id']))) return no(42014, 'task_id exists')
  return Array.isArray(buttons) ? buttonFault(buttons as Payload[]) : no(42021, 'button_list missing')
}

function buttonFault(buttons: readonly Payload[]): WecomAnswer | null {
  const keys = new Set(buttons.map((each) => each['key']))
  if (buttons.length < 1 || buttons.length > 6) return no(42022, 'button_list size')
  if (keys.size !== buttons.length) return no(42023, 'keys are not unique')
  for (const each of buttons) {
    if ([...String(each['text'] ?? '')].length > 10 || String(each['text'] ?? '') === '') return no(42024, 'button text')
    if (Buffer.byteLength(String(each['key'] ?? '')) > 1024 || String(each['key'] ?? '') === '') return no(42025, 'button key')
  }
  return null
}
