import { number, object } from '../base/loose.ts'
import { paced, type Writer } from '../base/paced.ts'
import { ChannelError, type ChannelState, type Stream } from '../channel.ts'
import { type Moves, type Target, targetOf } from './address.ts'
import { alreadySo, type Call, cannotEdit } from './api.ts'
import { textLimit } from './outgoing.ts'

/** Telegram throttles faster edits. */
const privateMs = 1_100
const groupMs = 3_100

/** Nobody waiting for the reply waits long for its preview. */
const soon = { withinMs: 5_000 }

type Needs = { readonly call: Call; readonly moves: Moves; readonly state: ChannelState }

/**
 * Previews of replies: drafts in private chats, which vanish by themselves; where Telegram takes no drafts (groups, older servers), a
 * message that is edited and then replaced by the reply. Its number is remembered, so that a crash in between leaves nothing half-written.
 */
export function previews(needs: Needs): (chat: string, key: string) => Stream {
  let draftsWork = true
  return (chat, key) => {
    const target = needs.moves.today(targetOf(chat))
    const draft = draftNumber(key)
    const edited = editing(needs, chat, key, target)
    const drafts = () => draftsWork && target.chat_id > 0
    return paced(target.chat_id > 0 ? privateMs : groupMs, {
      async show(whole) {
        const text = clipped(whole)
        if (!drafts()) return edited.show(text)
        await needs.call('sendMessageDraft', { ...target, draft_id: draft, text }, soon).catch((error: unknown) => {
          if (!(error instanceof ChannelError) || error.code !== 'refused') throw error
          draftsWork = false
          return edited.show(text)
        })
      },
      end: edited.end,
    })
  }
}

function editing({ call, state }: Needs, chat: string, key: string, target: Target): Writer {
  const memory = `preview:${chat}`
  let id: number | null = null
  const remembered = async () => {
    const kept = object(await state.get(memory))
    return kept?.['key'] === key ? number(kept['message']) : null
  }
  const edit = async (text: string) => {
    await call('editMessageText', { chat_id: target.chat_id, message_id: id, text, ...plain }, soon).catch((error: unknown) => {
      if (cannotEdit(error)) id = null
      else if (!alreadySo(error)) throw error
    })
  }
  return {
    async show(text) {
      id ??= await remembered()
      if (id !== null) await edit(text)
      if (id !== null) return
      id = number(object(await call('sendMessage', { ...target, text, ...plain }, soon))?.['message_id'])
      if (id !== null) await state.set(memory, { key, message: id })
    },
    async end() {
      id ??= await remembered()
      return id === null ? null : String(id)
    },
  }
}

/** No markup before the text is complete: a tag cut in half would be refused. */
const plain = { link_preview_options: { is_disabled: true } }

function clipped(text: string): string {
  return text.length <= textLimit ? text : `${text.slice(0, textLimit - 1).toWellFormed()}…`
}

/** @returns a number other than 0 that is the same for the same reply */
function draftNumber(key: string): number {
  let sum = 7
  for (const each of key) sum = (sum * 31 + (each.codePointAt(0) ?? 0)) % 2_147_483_647
  return sum === 0 ? 1 : sum
}
