import { randomUUID } from 'node:crypto'
import { number, object, text } from '../../base/loose.ts'
import { isOver } from '../../base/over.ts'
import type { ChannelState, StateChange } from '../../channel.ts'
import type { Customer } from './address.ts'
import { countSend, saidOf, usedUp } from './quota.ts'

/** A doorbell: something happened in an account. `token` lets it be read without a tight rate limit for ten minutes. */
export type Bell = { readonly id: string; readonly token: string | null; readonly at: number }
/** How far an account has been read. `since`, ms: older messages were there before us and are ignored. */
export type Sync = { readonly cursor: string; readonly bell: string | null; readonly at: number; readonly since: number }

/** What the channel remembers in the database, shared by all processes. Names: `bell:`, `sync:`, `lease:`, `heard:`, `said:`. */
export type Memory = ReturnType<typeof memoryOf>

export function memoryOf(state: ChannelState) {
  return {
    syncName: (account: string) => `sync:${account}`,
    heardName: ({ account, user }: Customer) => `heard:${account}:${user}`,

    /** One statement: the platform waits five seconds, and doorbells come in crowds. */
    ring: (account: string, token: string | null) =>
      state.set(`bell:${account}`, { id: randomUUID(), token, at: Date.now() } satisfies Bell),

    async bell(account: string): Promise<Bell | null> {
      const stored = object(await state.get(`bell:${account}`))
      const id = text(stored?.['id'])
      return id === null ? null : { id, token: text(stored?.['token']), at: number(stored?.['at']) ?? 0 }
    },

    /** Remembers the first start, since older messages are ignored. Until then no doorbell is accepted. */
    begin: (account: string) =>
      state.change(`sync:${account}`, (value, now) => {
        const sync: Sync = { cursor: '', bell: null, at: 0, since: Math.floor(now.getTime() / 1000) * 1000 }
        return object(value) === null ? { value: sync, result: undefined } : { result: undefined }
      }),

    /** @returns the stored value too, unchanged: the next page is stored only while it is still there */
    async sync(account: string): Promise<{ readonly stored: unknown; readonly sync: Sync }> {
      const stored = await state.get(`sync:${account}`)
      const read = object(stored)
      const at = (name: string) => number(read?.[name]) ?? 0
      return {
        stored,
        sync: { cursor: text(read?.['cursor']) ?? '', bell: text(read?.['bell']), at: at('at'), since: at('since') },
      }
    },

    /** One process reads an account at a time. @returns whether it is `owner`, for `ms` from now */
    lease: (account: string, owner: string, ms: number) =>
      state.change(`lease:${account}`, (value, now) => {
        const held = object(value)
        const free = text(held?.['owner']) === owner || isOver(held?.['until'], now, ms)
        return free ? { value: { owner, until: now.getTime() + ms }, result: true } : { result: false }
      }),

    release: (account: string, owner: string) =>
      state.change(`lease:${account}`, (value) =>
        text(object(value)?.['owner']) === owner
          ? { value: { owner: null, until: 0 }, result: undefined }
          : { result: undefined },
      ),

    /** Counts a message before it is sent. @returns whether it may be sent now */
    async count(customer: Customer, key: string, urgent: boolean): Promise<'yes' | 'window_closed' | 'window_full'> {
      const heardAt = number(object(await state.get(this.heardName(customer)))?.['at'])
      return state.change(saidName(customer), (value, now) => {
        const counted = countSend({ said: saidOf(value), heardAt, now: now.getTime(), key, urgent })
        return typeof counted === 'string' ? { result: counted } : { value: { ...object(value), ...counted }, result: 'yes' }
      })
    },

    /** @returns whether an earlier try of the same hand-off, which may have moved the chat, has begun */
    begun: (customer: Customer, msgid: string) =>
      state.change(saidName(customer), (value) => {
        const before = object(value)?.['handOff'] === msgid
        return before ? { result: true } : { value: { ...object(value), handOff: msgid }, result: false }
      }),

    async useUp(customer: Customer): Promise<void> {
      const heardAt = number(object(await state.get(this.heardName(customer)))?.['at'])
      await state.change(saidName(customer), (value, now) => ({
        value: { ...object(value), ...usedUp(heardAt ?? now.getTime()) },
        result: undefined,
      }))
    },

    /**
     * Remembers a code before it is used: each works once, and the process may die before it learns that it did.
     * @param given null when this try has none: then the one of an earlier try counts
     */
    codeFor: (customer: Customer, msgid: string, given: string | null) =>
      state.change(saidName(customer), (value): StateChange<{ code: string | null; wasTried: boolean }> => {
        const last = object(object(value)?.['code'])
        const before = text(last?.['msgid']) === msgid ? text(last?.['code']) : null
        if (before !== null || given === null) return { result: { code: before ?? given, wasTried: before !== null } }
        return { value: { ...object(value), code: { msgid, code: given } }, result: { code: given, wasTried: false } }
      }),

    /** @returns whether a code was tried for this message and has not been refused */
    async codeTried(customer: Customer, msgid: string): Promise<boolean> {
      const last = object(object(await state.get(saidName(customer)))?.['code'])
      return text(last?.['msgid']) === msgid
    },

    /** The platform refused the code at its first try: nothing was sent by it. */
    dropCode: (customer: Customer, msgid: string) =>
      state.change(saidName(customer), (value) => {
        const last = object(object(value)?.['code'])
        return text(last?.['msgid']) === msgid
          ? { value: { ...object(value), code: null }, result: undefined }
          : { result: undefined }
      }),
  }
}

function saidName({ account, user }: Customer): string {
  return `said:${account}:${user}`
}
