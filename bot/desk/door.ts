import type { ClientBase, Pool } from 'pg'
import type { People } from '../handoff/people.ts'
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

/** @param url where the server listens, or null where it is not known (another process): then what the settings say */
export function deskDoor(needs: {
  pool: Pool
  people: Pick<People, 'byId'>
  settings: DoorSettings
  url: () => string | null
}): Door {
  const { settings } = needs
  const signed = sessions(needs.pool, needs.people, signer(deskSecret(settings)))
  const base = () => settings.PUBLIC_URL ?? needs.url() ?? `http://${reachable(settings.HOST)}:${settings.PORT}/`
  return {
    sessions: signed,
    linkFor: async (person, minutes, db) => {
      const token = await signed.makeLink(person, minutes, db)
      return new URL(`.${signInPath}${token}`, base().replace(/\/?$/, '/')).href
    },
  }
}

/** A server that listens everywhere is reached here. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
