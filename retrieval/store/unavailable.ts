import { AppError, codeOf, toError } from '../base/errors.ts'

/** Why a connection could not be made, by the code of the system or of PostgreSQL, and what to do about it. */
const reasons: Readonly<Record<string, { says: string; hint: string; retry: boolean }>> = {
  '28P01': { says: 'refuses the password', hint: 'Correct user and password in DATABASE_URL.', retry: false },
  '28000': { says: 'refuses this user', hint: 'Correct the user in DATABASE_URL, or allow it in pg_hba.conf.', retry: false },
  '3D000': {
    says: 'has no database of that name',
    hint: 'Create the database, or correct its name in DATABASE_URL.',
    retry: false,
  },
  '53300': {
    says: 'has no connection left',
    hint: 'Raise max_connections, or stop another program that uses it.',
    retry: true,
  },
  '57P03': { says: 'is starting up', hint: 'Try again in a moment.', retry: true },
  ENOTFOUND: { says: 'has a host name nobody knows', hint: 'Correct the host in DATABASE_URL.', retry: false },
  ERR_INVALID_URL: {
    says: 'has an address that cannot be read',
    hint: 'Write postgres://user:password@host:5432/name.',
    retry: false,
  },
}

const otherwise = {
  server: { says: 'cannot be reached', hint: 'Is the server running, and are host and port of DATABASE_URL right?', retry: true },
  embedded: {
    says: 'cannot be reached: the process that held it has ended or is restarting',
    hint: 'Do the same again: the next command opens the database itself.',
    retry: true,
  },
}

/** @returns `cause` as an error a person can act on; it never holds the address, which contains a password */
export function unavailable(kind: 'server' | 'embedded', cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const { says, hint, retry } = reasons[codeOf(cause)] ?? otherwise[kind]
  const what = kind === 'server' ? 'The server of DATABASE_URL' : 'The embedded database'
  const told = codeOf(cause) === 'ERR_INVALID_URL' ? {} : { cause: toError(cause) } // this error keeps the address in a property
  return new AppError('database_unavailable', `${what} ${says} (${codeOf(cause)})`, { hint, retry, ...told })
}
