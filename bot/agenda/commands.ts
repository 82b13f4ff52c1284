const commands: ReadonlySet<string> = new Set(['events', 'held', 'attended', 'trained', 'cancel_event', 'cancelevent'])

/** Pure: whether a command is one by which registered people record what became of events. */
export function isOfEvents(command: string): boolean {
  return commands.has(command)
}
