/** Whose job the next reply is: one column, one table, no booleans. */
export type Turn = 'bot' | 'waiting_for_broker' | 'broker'
export type Happening =
  | 'person_wrote'
  | 'bot_handed_off'
  | 'broker_claimed'
  | 'broker_wrote'
  | 'broker_returned'
  | 'broker_closed'
  | 'nobody_took_it'
  | 'person_left'

const next: Readonly<Record<Turn, Partial<Record<Happening, Turn>>>> = {
  bot: { person_wrote: 'bot', bot_handed_off: 'waiting_for_broker', person_left: 'bot' },
  waiting_for_broker: {
    person_wrote: 'waiting_for_broker',
    broker_claimed: 'broker',
    broker_wrote: 'broker',
    broker_returned: 'bot',
    broker_closed: 'bot',
    nobody_took_it: 'bot',
    person_left: 'bot',
  },
  broker: {
    person_wrote: 'broker',
    broker_claimed: 'broker',
    broker_wrote: 'broker',
    broker_returned: 'bot',
    broker_closed: 'bot',
    person_left: 'bot',
  },
}

/** @returns the new turn, or undefined when this cannot happen now (a late click, a second broker) */
export function after(turn: Turn, happening: Happening): Turn | undefined {
  return next[turn][happening]
}
