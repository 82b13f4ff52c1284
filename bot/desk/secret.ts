import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../../retrieval/base/errors.ts'
import { makeFolder } from '../../retrieval/base/folder.ts'

/** In YUANQIAO_HOME. */
export const secretFile = 'desk-secret'
const macLength = 22

/** @returns DESK_SECRET, or the one kept in YUANQIAO_HOME (created at the first call, readable by its owner alone) */
export function deskSecret(settings: { readonly DESK_SECRET?: string | undefined; readonly YUANQIAO_HOME: string }): string {
  if (settings.DESK_SECRET !== undefined) return settings.DESK_SECRET
  const file = join(settings.YUANQIAO_HOME, secretFile)
  makeFolder(settings.YUANQIAO_HOME)
  try {
    // `wx` decides between two processes that start at once: the second reads what the first wrote.
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}

export type Purpose = 'link' | 'session'

/** Makes and checks signed random tokens: a guess is refused without a database look-up. */
export type Signer = {
  /** @returns 46 characters fit for a path and a cookie: 144 random bits and a signature */
  make(purpose: Purpose): string
  /** @returns whether this signer made the token for this purpose */
  isOurs(purpose: Purpose, token: string): boolean
}

export function signer(secret: string): Signer {
  const macOf = (purpose: Purpose, value: string) =>
    createHmac('sha256', secret).update(`${purpose}:${value}`).digest('base64url').slice(0, macLength)
  return {
    make(purpose) {
      const value = randomBytes(18).toString('base64url')
      return `${value}${macOf(purpose, value)}`
    },
    isOurs(purpose, token) {
      if (!/^[\w-]{46}$/.test(token)) return false
      const expected = macOf(purpose, token.slice(0, -macLength))
      return timingSafeEqual(Buffer.from(expected), Buffer.from(token.slice(-macLength)))
    },
  }
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
