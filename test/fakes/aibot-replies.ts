type Body = Readonly<Record<string, unknown>>
export type AibotFrame = { readonly cmd: string; readonly headers: { readonly req_id: string }; readonly body?: Body }
/** A frame of the platform that may be answered. */
export type Id = { readonly kind: string; readonly chat: string; readonly at: number }

export type Shown = {
  readonly chat: string
  readonly kind: 'stream' | 'markdown' | 'template_card' | 'text' | 'file' | 'image'
  /** The media id of a file or picture. */
  readonly file: string | null
  /** As people see it, without markup. */
  text: string
  finished: boolean
  readonly stream: string | null
  readonly feedback: string | null
  readonly buttons: readonly { readonly text: string; readonly key: string }[]
  readonly taskId: string | null
  /** What a click has made of the card. */
  updated: string | null
}

type Limits = { readonly streamMs: number; readonly momentMs: number }

/** What the bot may answer, and what chats show of it. */
export function aibotReplies(
  ids: ReadonlyMap<string, Id>,
  limits: Limits,
  media: ReadonlyMap<string, { readonly kind: string }>,
) {
  const shown: Shown[] = []
  const began = new Map<string, number>()
  const flying = new Set<string>()
  const doubled = new WeakSet<AibotFrame>()
  const known = new Set<string>()
  const times = new Map<string, number[]>()

  function take(frame: AibotFrame): number {
    return act(frame, frame.body ?? {}, ids.get(frame.headers.req_id))
  }

  function act(frame: AibotFrame, body: Body, id: Id | undefined): number {
    switch (frame.cmd) {
      case 'aibot_respond_msg':
        if (id?.kind !== 'message') return 846605
        return doubled.has(frame) ? 6000 : respond(id.chat, body)
      case 'aibot_respond_welcome_msg':
        return inTime(id, 'enter_chat') ? add(String(id?.chat), body) : 846605
      case 'aibot_respond_update_msg':
        return inTime(id, 'template_card_event') ? update(body) : 846605
      case 'aibot_send_msg':
        return push(body)
      default:
        return 40058
    }
  }

  const inTime = (id: Id | undefined, kind: string) => id?.kind === kind && Date.now() - id.at <= limits.momentMs

  function respond(chat: string, body: Body): number {
    const stream = body['stream'] as Body | undefined
    if (body['msgtype'] !== 'stream' || stream === undefined) return add(chat, body)
    const id = String(stream['id'] ?? '')
    const content = stream['content']
    if (id === '' || typeof content !== 'string' || Buffer.byteLength(content) > 20_480) return 40058
    const at = began.get(id) ?? Date.now()
    began.set(id, at)
    if (shown.some((each) => each.stream === id && each.finished) || Date.now() - at > limits.streamMs) return 846608
    show(chat, id, plain(content), stream)
    return count(chat)
  }

  function show(chat: string, id: string, text: string, stream: Body): void {
    const finished = stream['finish'] === true
    const entry = shown.find((each) => each.stream === id)
    if (entry !== undefined) Object.assign(entry, { text, finished })
    else {
      const told = (stream['feedback'] as Body | undefined)?.['id']
      const feedback = typeof told === 'string' ? told : null
      shown.push({ ...blank, chat, kind: 'stream', text, finished, stream: id, feedback })
    }
  }

  function push(body: Body): number {
    const chat = String(body['chatid'] ?? '')
    if (!known.has(chat)) return 93006
    if (![0, 1, 2].includes(Number(body['chat_type'] ?? 0))) return 40058
    return body['msgtype'] === 'text' ? 40008 : add(chat, body)
  }

  function add(chat: string, body: Body): number {
    const kind = String(body['msgtype'])
    const content = body[kind] as Body | undefined
    if (content === undefined || !['text', 'markdown', 'template_card', 'file', 'image'].includes(kind)) return 40008
    const full = count(chat)
    return full === 0 ? addContent(chat, kind, content) : full
  }

  function addContent(chat: string, kind: string, content: Body): number {
    if (kind === 'template_card') return addCard(chat, content)
    if (kind === 'file' || kind === 'image') return addFile(chat, kind, String(content['media_id']))
    const said = String(content['content'] ?? '')
    if (said === '' || Buffer.byteLength(said) > 20_480) return 40058
    shown.push({ ...blank, chat, kind: kind as Shown['kind'], text: kind === 'markdown' ? plain(said) : said, finished: true }) // checked
    return 0
  }

  function addFile(chat: string, kind: 'file' | 'image', file: string): number {
    if (media.get(file)?.kind !== kind) return 40007
    shown.push({ ...blank, chat, kind, text: '', file, finished: true })
    return 0
  }

  function addCard(chat: string, card: Body): number {
    const buttons = card['button_list'] as { text: string; key: string }[] | undefined
    const title = String((card['main_title'] as Body | undefined)?.['title'] ?? '')
    if (!Array.isArray(buttons) || buttons.length < 1 || buttons.length > 6 || !/^[\w@-]{1,128}$/.test(String(card['task_id'])))
      return 42012
    if (
      buttons.some((each) => [...each.text].length > 10) ||
      [...title].length > 26 ||
      [...String(card['sub_title_text'] ?? '')].length > 112
    )
      return 42014
    shown.push({
      ...blank,
      chat,
      kind: 'template_card',
      text: title || String(card['sub_title_text']),
      finished: true,
      buttons,
      taskId: String(card['task_id']),
    })
    return 0
  }

  function update(body: Body): number {
    const card = body['template_card'] as Body | undefined
    const entry = shown.findLast((each) => each.taskId === card?.['task_id'])
    if (body['response_type'] !== 'update_template_card' || entry === undefined) return 42014
    entry.updated = String((card?.['main_title'] as Body | undefined)?.['title'] ?? '')
    return 0
  }

  /** Thirty a minute: replies, frames and pushes together. */
  function count(chat: string): number {
    const now = Date.now()
    const before = (times.get(chat) ?? []).filter((each) => now - each < 60_000)
    if (before.length >= 30) return 45009
    times.set(chat, [...before, now])
    return 0
  }

  return {
    shown,
    take,
    wrote: (chat: string) => void known.add(chat),
    /** Two frames under one id at once are a conflict. @returns a function to call when the frame is answered */
    begin(frame: AibotFrame): () => void {
      const id = frame.headers.req_id
      if (flying.has(id)) doubled.add(frame)
      flying.add(id)
      return () => void flying.delete(id)
    },
  }
}

const blank = {
  text: '',
  finished: false,
  stream: null,
  file: null,
  feedback: null,
  buttons: [],
  taskId: null,
  updated: null,
} as const

/** Markdown as people see it: a sign after a backslash is a sign. */
export function plain(markdown: string): string {
  return markdown
    .replace(/\\([\\*`_~\]#>[<|])/g, (_, sign: string) => String.fromCodePoint(0xe000 + sign.charCodeAt(0)))
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/(?<![\p{L}\p{N}*])[*_]([^*_\n]+)[*_](?![\p{L}\p{N}*])/gu, '$1')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/~~([^~\n]+)~~/g, '$1')
    .replace(/\[([^\]\n]*)\]\(([^)\n]*)\)/g, '$1')
    .replace(/<think>[\s\S]*?<\/think>|<\/?[a-z][^>]*>/gi, '')
    .replace(/^ {0,3}(?:#{1,6} |> )/gm, '')
    .replace(/\u{200b}/gu, '')
    .replace(/[\u{e000}-\u{e0ff}]/gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) - 0xe000))
}
