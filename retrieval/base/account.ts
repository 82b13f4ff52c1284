import { userInfo } from 'node:os'

/** @returns the name of the logged-in user; in a container the account may have a number and no name */
export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
