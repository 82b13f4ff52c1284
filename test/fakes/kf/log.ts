import { randomUUID } from 'node:crypto'
import { type Random, shuffled } from '../random.ts'
import { no, ok, type Payload, type WecomAnswer } from '../wecom-server.ts'

const tokenLivesMs = 600_000
const kept = 3 * 86_400_000

/** Faults of the pages; all off at first. Shares are of 1. */
export type LogChaos = {
  /** Pages that hold nothing although there is more. */
  emptyPages: number
  /** Pages whose messages come out of order, with true times. */
  shuffledPages: number
  /** Pages that repeat the last message of the page before. */
  repeats: number
  /** Most messages of one page, whatever was asked for. */
  largestPage: number
  /** Calls without a token that are allowed per minute. */
  untokenedPerMinute: number
}

/** The events of an account, read page by page with `sync_msg`. Messages sent through the API are not in it. */
export function kfLog(needs: { readonly account: string; readonly random: Random; readonly now: () => number }) {
  const { account, random, now } = needs
  const items: Payload[] = []
  const tokens = new Map<string, number>()
  const chaos: LogChaos = { emptyPages: 0, shuffledPages: 0, repeats: 0, largestPage: 1000, untokenedPerMinute: 60 }
  let untokened: number[] = []
  const calls: { at: number; cursor: string; token: boolean }[] = []

  function sync(body: Payload): WecomAnswer {
    const wrong = faultOf(body)
    if (wrong !== null) return wrong
    const cursor = String(body['cursor'] ?? '')
    const from = cursor === '' ? firstKept() : Number(/^c(\d+)-/.exec(cursor)?.[1])
    if (Number.isNaN(from)) return no(40058, 'invalid cursor')
    calls.push({ at: now(), cursor, token: body['token'] !== undefined })
    if (from < items.length && random() < chaos.emptyPages) return page(from, [], 1)
    return listed(from, Math.min(Number(body['limit'] ?? 1000), Math.ceil(chaos.largestPage * (0.5 + random() / 2))))
  }

  function listed(from: number, limit: number): WecomAnswer {
    const until = Math.min(items.length, from + limit)
    const start = from > 0 && until > from && random() < chaos.repeats ? from - 1 : from
    const list = items.slice(start, until)
    return page(until, random() < chaos.shuffledPages ? shuffled(list, random) : list, until < items.length ? 1 : 0)
  }

  function page(at: number, msg_list: readonly Payload[], has_more: 0 | 1): WecomAnswer {
    return { ...ok, next_cursor: `c${at}-${randomUUID().slice(0, 8)}`, has_more, msg_list }
  }

  function firstKept(): number {
    const oldest = (now() - kept) / 1000
    const found = items.findIndex((item) => Number(item['send_time']) >= oldest)
    return found < 0 ? items.length : found
  }

  function faultOf(body: Payload): WecomAnswer | null {
    if (body['open_kfid'] !== account) return no(95000, 'invalid open_kfid')
    const limit = Number(body['limit'] ?? 1000)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return no(40058, 'invalid limit')
    if (String(body['cursor'] ?? '').length > 64) return no(40058, 'cursor too long')
    return tokenFault(body['token'])
  }

  function tokenFault(token: unknown): WecomAnswer | null {
    if (token !== undefined) return (tokens.get(String(token)) ?? 0) > now() ? null : no(95007, 'invalid msgtoken')
    untokened = untokened.filter((at) => now() - at < 60_000)
    if (untokened.length >= chaos.untokenedPerMinute) return no(45009, 'api freq out of limit')
    untokened.push(now())
    return null
  }

  return {
    items,
    calls,
    chaos,
    sync,
    /** @returns the msgid it got */
    add(item: Payload): string {
      const msgid = typeof item['msgid'] === 'string' ? item['msgid'] : `m_${randomUUID()}`
      items.push({ open_kfid: account, send_time: Math.floor(now() / 1000), ...item, msgid })
      return msgid
    },
    token(): string {
      const token = `ENC${randomUUID()}`
      tokens.set(token, now() + tokenLivesMs)
      return token
    },
  }
}
