/**
 * Text from outside (people, files, models) made safe to store and send: Postgres refuses NUL, JSON columns refuse lone
 * surrogates, and control characters have no business in a chat. Tab and line breaks stay.
 */
export function sanitise(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g, '')
}

/** {@link sanitise} for every string inside a JSON value. */
export function sanitiseDeep<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? sanitise(each) : each))) as T // same shape: only strings change
}
