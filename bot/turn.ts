/** Who owes the next reply: one column, one state machine, no booleans. */
export type Turn = 'bot' | 'waiting_for_broker' | 'broker'

/** Who has a conversation. There is an owner exactly while the turn is the broker's. */
export type Standing = { readonly turn: Turn; readonly owner: string | null }

/** A registered person; a lead may act on the tickets of others. */
export type Actor = { readonly id: string; readonly lead: boolean }

export type Happening =
  | { readonly is: 'person_wrote' | 'handed_off' | 'person_left' | 'slipped' | 'nobody_took_it' }
  | { readonly is: 'claimed' | 'replied' | 'returned' | 'closed' | 'reopened'; readonly by: Actor }
  | { readonly is: 'transferred'; readonly by: Actor; readonly to: string }
  /** Removed, or off duty for good: what they owned goes back to the queue. */
  | { readonly is: 'broker_left'; readonly who: string }

/** Why it cannot happen now: a late click, a second broker, an outdated timer. */
export type Refusal = 'taken' | 'not_owner' | 'closed' | 'not_closed'

const bot: Standing = { turn: 'bot', owner: null }
const queue: Standing = { turn: 'waiting_for_broker', owner: null }
const owned = (owner: string): Standing => ({ turn: 'broker', owner })

/** Pure: the whole life of a hand-off. @returns the new standing, or why nothing changes */
export function after(standing: Standing, happening: Happening): Standing | Refusal {
  if (happening.is === 'person_wrote') return standing
  if (standing.turn === 'bot') return withBot(happening)
  if (happening.is === 'handed_off' || happening.is === 'reopened') return 'not_closed'
  if (happening.is === 'person_left') return bot
  return standing.turn === 'broker' ? withBroker(standing, happening) : inQueue(happening)
}

function withBot(happening: Happening): Standing | Refusal {
  if (happening.is === 'handed_off') return queue
  if (happening.is === 'reopened') return owned(happening.by.id)
  return happening.is === 'person_left' ? bot : 'closed'
}

/** Nobody has it: the first who claims or answers does. */
function inQueue(happening: Happening): Standing | Refusal {
  switch (happening.is) {
    case 'claimed':
    case 'replied':
      return owned(happening.by.id)
    case 'transferred':
      return happening.by.lead || happening.by.id === happening.to ? owned(happening.to) : 'not_owner'
    case 'closed':
    case 'nobody_took_it':
      return bot
    default:
      return queue
  }
}

/** Somebody has it: only they and leads act on it, and a claim comes too late. */
function withBroker(standing: Standing, happening: Happening): Standing | Refusal {
  const mine = 'by' in happening && (happening.by.id === standing.owner || happening.by.lead)
  switch (happening.is) {
    case 'claimed':
      return happening.by.id === standing.owner ? standing : 'taken'
    case 'replied':
      return mine ? standing : 'not_owner'
    case 'transferred':
      return mine ? owned(happening.to) : 'not_owner'
    case 'returned':
      return mine ? queue : 'not_owner'
    case 'closed':
      return mine ? bot : 'not_owner'
    case 'broker_left':
      return happening.who === standing.owner ? queue : standing
    default:
      return 'taken'
  }
}
