import { codeOf, toError } from './errors.ts'

export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>
/** One event, one JSON line. Ids and figures only: never message text, names or tokens. */
export type Log = (event: string, fields?: Fields) => void

/** @returns a log that writes JSON lines to standard error, so that standard output stays free for results */
export function jsonLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  return (event, fields = {}) => write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`)
}

/** @returns a log that passes on only what went wrong */
export function problemsOnly(log: Log): Log {
  return (event, fields = {}) => (fields['code'] === undefined ? undefined : log(event, fields))
}

/** For one-shot commands, where a log line would only be noise. */
export const silentLog: Log = () => {}

/** @returns the fields of an error that may be logged: its code and the codes of its causes, no message (it may hold text or a URL) */
export function errorFields(error: unknown): Fields {
  const causes: string[] = []
  for (let each: unknown = toError(error).cause; each !== undefined && causes.length < 5; each = toError(each).cause)
    causes.push(codeOf(each))
  return { code: codeOf(error), error: toError(error).name, cause: causes.join(' < ') || undefined }
}
