import type { ClientBase, Pool } from 'pg'
import type { People } from '../handoff/people.ts'
import { addressOf } from './address.ts'
import { deskSecret, signer } from './secret.ts'
import { type Sessions, sessions } from './sessions.ts'

export const signInPath = '/desk/sign-in/'

/** The settings that links to the desk need; command line and running service make the same links. */
export type LinkSettings = {
  readonly DESK_SECRET?: string | undefined
  readonly YUANQIAO_HOME: string
  readonly PUBLIC_URL?: string | undefined
  readonly HOST: string
  readonly PORT: number
}

/** @returns the full address of a fresh one-time link that signs this person in */
export type LinkMaker = (person: string, minutes: number, db?: Pool | ClientBase) => Promise<string>

export type DeskLinks = { readonly sessions: Sessions; readonly linkFor: LinkMaker }

/** @param url where the server listens; null in another process: then the address a running service wrote down, or the settings, decide */
export function deskLinks(needs: {
  pool: Pool
  people: Pick<People, 'byId'>
  settings: LinkSettings
  url: () => string | null
}): DeskLinks {
  const { settings } = needs
  const signed = sessions(needs.pool, needs.people, signer(deskSecret(settings)))
  const base = () => settings.PUBLIC_URL ?? reachable(needs.url() ?? addressOf(settings.YUANQIAO_HOME) ?? fromSettings(settings))
  return {
    sessions: signed,
    linkFor: async (person, minutes, db) => {
      const token = await signed.makeLink(person, minutes, db)
      return new URL(`.${signInPath}${token}`, base().replace(/\/?$/, '/')).href
    },
  }
}

/** A server that listens on all interfaces is reached here. */
function reachable(url: string): string {
  return url.replace(/^http:\/\/(?:0\.0\.0\.0|\[::\])(?=[:/])/, 'http://127.0.0.1')
}

function fromSettings({ HOST, PORT }: LinkSettings): string {
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}/`
}
