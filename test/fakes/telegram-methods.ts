import { EntityError, parseTelegramHtml } from './telegram-html.ts'
import { type Answer, ok, refusal, type updateQueue } from './telegram-updates.ts'

type Payload = Readonly<Record<string, unknown>>
type Topic = { name: string; closed: boolean }

export type Chat = {
  readonly type: 'private' | 'group' | 'supergroup'
  /** A refusal for everything sent here. */
  fault: { readonly status: number; readonly description: string; readonly parameters?: Payload } | null
  readonly forum: boolean
  /** Whether the bot may manage topics, and write in closed ones. */
  manages: boolean
  readonly topics: Map<number, Topic>
}

export type Sent = {
  readonly id: number
  readonly chat: number
  readonly thread: number | null
  readonly text: string
  readonly entities: readonly string[]
  readonly payload: Payload
}

const mostUnits = 4096

/** What each method of the Bot API does, and its words of refusal. */
export function apiMethods(world: {
  readonly self: { readonly id: number; readonly username: string }
  readonly knobs: { readonly canReadAllGroupMessages: boolean }
  readonly updates: ReturnType<typeof updateQueue>
  readonly files: ReadonlyMap<string, { readonly path: string; readonly bytes: Uint8Array }>
}) {
  const chats = new Map<number, Chat>()
  const sent: Sent[] = []
  const queries = new Set<string>()
  const menus: Payload[] = []
  let nextMessage = 1000

  const methods: Readonly<Record<string, (payload: Payload) => Answer>> = {
    getMe: () =>
      ok({ ...world.self, is_bot: true, first_name: 'B', can_read_all_group_messages: world.knobs.canReadAllGroupMessages }),
    getChat(payload) {
      const chat = chats.get(Number(payload['chat_id']))
      return chat === undefined
        ? refusal(400, 'Bad Request: chat not found')
        : ok({ id: payload['chat_id'], type: chat.type, title: 'desk', is_forum: chat.forum })
    },
    getChatMember(payload) {
      const chat = chats.get(Number(payload['chat_id']))
      return ok({ status: 'administrator', can_manage_topics: chat?.manages === true })
    },
    setWebhook(payload) {
      const secret = String(payload['secret_token'] ?? '')
      if (!/^[\w-]{0,256}$/.test(secret)) return refusal(400, 'Bad Request: secret token contains unallowed characters')
      if (!URL.canParse(String(payload['url'] ?? ''))) return refusal(400, 'Bad Request: bad webhook: invalid URL')
      world.updates.setWebhook(String(payload['url']), secret, payload['allowed_updates'])
      return ok(true)
    },
    deleteWebhook() {
      world.updates.setWebhook('', '', undefined)
      return ok(true)
    },
    setMyCommands(payload) {
      const list = payload['commands']
      const good = Array.isArray(list) && list.every((each) => /^[a-z0-9_]{1,32}$/.test(each?.command) && each?.description)
      if (!good) return refusal(400, 'Bad Request: BOT_COMMAND_INVALID')
      menus.push(payload)
      return ok(true)
    },
    sendMessage,
    editMessageText(payload) {
      const before = sent.findIndex((each) => each.id === payload['message_id'] && each.chat === payload['chat_id'])
      if (before < 0) return refusal(400, 'Bad Request: message to edit not found')
      const read = textOf(payload)
      if ('status' in read) return read
      if (sent[before]?.text === read.text) return refusal(400, 'Bad Request: message is not modified')
      sent[before] = { ...sent[before], ...read, payload } as Sent // found above
      return ok({ message_id: payload['message_id'] })
    },
    sendMessageDraft(payload) {
      const refused = refusedIn(payload)
      if (refused !== null) return refused
      if (Number(payload['chat_id']) < 0) return refusal(400, 'Bad Request: DRAFT_PEER_INVALID')
      if (payload['draft_id'] === 0) return refusal(400, 'Bad Request: DRAFT_ID_INVALID')
      const read = textOf(payload)
      return 'status' in read ? read : ok(true)
    },
    sendChatAction: (payload) => refusedIn(payload) ?? ok(true),
    answerCallbackQuery(payload) {
      if (!queries.delete(String(payload['callback_query_id'])))
        return refusal(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid')
      return ok(true)
    },
    createForumTopic(payload) {
      const chat = chats.get(Number(payload['chat_id']))
      if (chat === undefined) return refusal(400, 'Bad Request: chat not found')
      if (!chat.forum) return refusal(400, 'Bad Request: the chat is not a forum')
      if (!chat.manages) return refusal(400, 'Bad Request: not enough rights to create a topic')
      const name = String(payload['name'] ?? '')
      if (name.trim() === '' || name.length > 128) return refusal(400, 'Bad Request: topic name is invalid')
      const id = nextMessage++
      chat.topics.set(id, { name, closed: false })
      return ok({ message_thread_id: id, name, icon_color: 7322096 })
    },
    closeForumTopic: (payload) => onTopic(payload, (topic) => change(topic, true)),
    reopenForumTopic: (payload) => onTopic(payload, (topic) => change(topic, false)),
    editForumTopic: (payload) =>
      onTopic(payload, (topic) => {
        topic.name = String(payload['name'] ?? topic.name)
        return ok(true)
      }),
    getFile(payload) {
      const file = world.files.get(String(payload['file_id']))
      if (file === undefined) return refusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable')
      return ok({ file_id: payload['file_id'], file_path: file.path, file_size: file.bytes.length })
    },
  }

  function onTopic(payload: Payload, act: (topic: Topic) => Answer): Answer {
    const chat = chats.get(Number(payload['chat_id']))
    if (chat === undefined) return refusal(400, 'Bad Request: chat not found')
    if (!chat.manages) return refusal(400, 'Bad Request: not enough rights to manage topics')
    const topic = chat.topics.get(Number(payload['message_thread_id']))
    return topic === undefined ? refusal(400, 'Bad Request: message thread not found') : act(topic)
  }

  /** @returns why nothing may be said here now, or null */
  function refusedIn(payload: Payload): Answer | null {
    if (typeof payload['chat_id'] !== 'number') return refusal(400, 'Bad Request: chat_id is empty')
    const chat = chats.get(payload['chat_id'])
    if (chat === undefined) return refusal(400, 'Bad Request: chat not found')
    if (chat.fault !== null) return refusal(chat.fault.status, chat.fault.description, chat.fault.parameters)
    const thread = payload['message_thread_id']
    if (thread === undefined) return null
    const topic = chat.topics.get(Number(thread))
    if (topic === undefined) return refusal(400, 'Bad Request: message thread not found')
    return topic.closed && !chat.manages ? refusal(400, 'Bad Request: TOPIC_CLOSED') : null
  }

  function sendMessage(payload: Payload): Answer {
    const refused = refusedIn(payload) ?? faultOfReply(payload, sent) ?? faultOfMarkup(payload['reply_markup'])
    if (refused !== null) return refused
    const read = textOf(payload)
    if ('status' in read) return read
    const id = nextMessage++
    const chat = Number(payload['chat_id'])
    const thread = typeof payload['message_thread_id'] === 'number' ? payload['message_thread_id'] : null
    sent.push({ id, chat, thread, ...read, payload })
    return ok({ message_id: id, date: 1_790_000_000, chat: { id: chat }, text: read.text })
  }

  return {
    sent,
    chats,
    menus,
    call: (method: string, payload: Payload): Answer => methods[method]?.(payload) ?? refusal(404, 'Not Found: method not found'),
    /** A writer has a chat, and their press can be answered. */
    see(update: Payload): void {
      const pressed = update['callback_query'] as { id?: string } | undefined // test data
      if (pressed?.id !== undefined) queries.add(pressed.id)
      const place = (update['message'] as { chat?: { id?: number; type?: string } } | undefined)?.chat // test data
      if (typeof place?.id === 'number' && !chats.has(place.id)) chats.set(place.id, newChat(place.type))
    },
    /** The frame of a private message. */
    person: () => ({
      message_id: nextMessage++,
      date: 1_790_000_000,
      from: { id: 42, is_bot: false, first_name: 'Li', language_code: 'zh-hans' },
      chat: { id: 42, first_name: 'Li', type: 'private' },
    }),
  }
}

export function newChat(type: string | undefined, change: Partial<Chat> = {}): Chat {
  const kind = type === 'group' || type === 'supergroup' ? type : 'private'
  return { type: kind, fault: null, forum: false, manages: false, topics: new Map(), ...change }
}

function change(topic: Topic, closed: boolean): Answer {
  if (topic.closed === closed) return refusal(400, 'Bad Request: TOPIC_NOT_MODIFIED')
  topic.closed = closed
  return ok(true)
}

function textOf(payload: Payload): Answer | { text: string; entities: readonly string[] } {
  const raw = payload['text']
  if (typeof raw !== 'string') return refusal(400, 'Bad Request: message text is empty')
  if (raw !== raw.toWellFormed()) return refusal(400, 'Bad Request: strings must be encoded in UTF-8')
  const mode = payload['parse_mode']
  if (mode !== undefined && mode !== 'HTML') return refusal(400, 'Bad Request: unsupported parse_mode')
  try {
    const read = mode === 'HTML' ? parseTelegramHtml(raw) : { text: raw, entities: [] }
    if (read.text.trim() === '') return refusal(400, 'Bad Request: message text is empty')
    return read.text.length > mostUnits ? refusal(400, 'Bad Request: message is too long') : read
  } catch (error) {
    if (error instanceof EntityError) return refusal(400, `Bad Request: can't parse entities: ${error.message}`)
    throw error
  }
}

function faultOfReply(payload: Payload, sent: readonly Sent[]): Answer | null {
  const to = payload['reply_parameters'] as { message_id?: unknown; allow_sending_without_reply?: boolean } | undefined // checked below
  if (to === undefined) return null
  if (!Number.isSafeInteger(to.message_id)) return refusal(400, "Bad Request: can't parse reply parameters")
  if (to.allow_sending_without_reply === true || sent.some((each) => each.id === to.message_id)) return null
  return refusal(400, 'Bad Request: message to be replied not found')
}

function faultOfMarkup(markup: unknown): Answer | null {
  if (markup === undefined) return null
  const rows = (markup as { inline_keyboard?: unknown }).inline_keyboard // checked below
  if (!Array.isArray(rows)) return refusal(400, 'Bad Request: object expected as reply markup')
  for (const button of rows.flat()) {
    const bytes = Buffer.byteLength(String(button?.callback_data ?? ''))
    if (typeof button?.text !== 'string' || button.text === '') return refusal(400, 'Bad Request: text buttons are required')
    if (bytes < 1 || bytes > 64) return refusal(400, 'Bad Request: BUTTON_DATA_INVALID')
  }
  return null
}
