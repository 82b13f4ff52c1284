import type { ClientBase, Pool } from 'pg'
import type { People } from '../handoff/people.ts'
import { addressOf } from './address.ts'
import { deskSecret, signer } from './secret.ts'
import { type Sessions, sessions } from './sessions.ts'

export const signInPath = '/desk/sign-in/'

/** What opening the door needs of the settings; the command line and the running service make the same links. */
export type DoorSettings = {
  readonly DESK_SECRET?: string | undefined
  readonly YUANQIAO_HOME: string
  readonly PUBLIC_URL?: string | undefined
  readonly HOST: string
  readonly PORT: number
}

/** @returns the whole address of a fresh one-time link that signs this person in */
export type LinkMaker = (person: string, minutes: number, db?: Pool | ClientBase) => Promise<string>

export type Door = { readonly sessions: Sessions; readonly linkFor: LinkMaker }

/** @param url where the server listens, or null in another process: then what a running one told, or what the settings say */
export function deskDoor(needs: {
  pool: Pool
  people: Pick<People, 'byId'>
  settings: DoorSettings
  url: () => string | null
}): Door {
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

/** A server that listens everywhere is reached here. */
function reachable(url: string): string {
  return url.replace(/^http:\/\/(?:0\.0\.0\.0|\[::\])(?=[:/])/, 'http://127.0.0.1')
}

function fromSettings({ HOST, PORT }: DoorSettings): string {
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}/`
}
