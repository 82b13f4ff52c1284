import { expect, test } from 'vitest'
import { after, type Happening, type Turn } from '../../bot/turn.ts'

const table: readonly (readonly [Turn, Happening, Turn | undefined])[] = [
  ['bot', 'person_wrote', 'bot'],
  ['bot', 'bot_handed_off', 'waiting_for_broker'],
  ['bot', 'broker_claimed', undefined],
  ['bot', 'broker_wrote', undefined],
  ['bot', 'broker_closed', undefined],
  ['bot', 'nobody_took_it', undefined],
  ['waiting_for_broker', 'person_wrote', 'waiting_for_broker'],
  ['waiting_for_broker', 'bot_handed_off', undefined],
  ['waiting_for_broker', 'broker_claimed', 'broker'],
  ['waiting_for_broker', 'broker_wrote', 'broker'],
  ['waiting_for_broker', 'broker_closed', 'bot'],
  ['waiting_for_broker', 'nobody_took_it', 'bot'],
  ['waiting_for_broker', 'person_left', 'bot'],
  ['broker', 'person_wrote', 'broker'],
  ['broker', 'bot_handed_off', undefined],
  ['broker', 'broker_wrote', 'broker'],
  ['broker', 'broker_returned', 'bot'],
  ['broker', 'broker_closed', 'bot'],
  ['broker', 'nobody_took_it', undefined],
]

test.each(table)('%s, %s → %s', (turn, happening, next) => {
  expect(after(turn, happening)).toBe(next)
})
