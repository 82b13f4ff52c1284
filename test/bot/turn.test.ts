import { expect, test } from 'vitest'
import { type Actor, after, type Happening, type Standing } from '../../bot/turn.ts'

const wang: Actor = { id: '1', lead: false }
const li: Actor = { id: '2', lead: false }
const lead: Actor = { id: '9', lead: true }
const bot: Standing = { turn: 'bot', owner: null }
const queue: Standing = { turn: 'waiting_for_broker', owner: null }
const of = (owner: string): Standing => ({ turn: 'broker', owner })

const table: readonly (readonly [string, Standing, Happening, Standing | string])[] = [
  ['the bot answers', bot, { is: 'person_wrote' }, bot],
  ['hand-off', bot, { is: 'handed_off' }, queue],
  ['a claim of what is closed', bot, { is: 'claimed', by: wang }, 'closed'],
  ['words into what is closed', bot, { is: 'replied', by: wang }, 'closed'],
  ['closing twice', bot, { is: 'closed', by: wang }, 'closed'],
  ['returning what is closed', bot, { is: 'returned', by: wang }, 'closed'],
  ['transfer of what is closed', bot, { is: 'transferred', by: wang, to: '2' }, 'closed'],
  ['a late timer', bot, { is: 'nobody_took_it' }, 'closed'],
  ['a late slip', bot, { is: 'slipped' }, 'closed'],
  ['a broker leaves who had nothing', bot, { is: 'broker_left', who: '1' }, 'closed'],
  ['reopen', bot, { is: 'reopened', by: wang }, of('1')],
  ['leaving the bot', bot, { is: 'person_left' }, bot],
  ['more words while waiting', queue, { is: 'person_wrote' }, queue],
  ['handing off twice', queue, { is: 'handed_off' }, 'not_closed'],
  ['the first claim wins', queue, { is: 'claimed', by: wang }, of('1')],
  ['the first words claim', queue, { is: 'replied', by: wang }, of('1')],
  ['a lead assigns', queue, { is: 'transferred', by: lead, to: '2' }, of('2')],
  ['a broker cannot assign others', queue, { is: 'transferred', by: wang, to: '2' }, 'not_owner'],
  ['returning what waits', queue, { is: 'returned', by: wang }, queue],
  ['closing what waits', queue, { is: 'closed', by: wang }, bot],
  ['a promise slips', queue, { is: 'slipped' }, queue],
  ['nobody took it', queue, { is: 'nobody_took_it' }, bot],
  ['the person gives up waiting', queue, { is: 'person_left' }, bot],
  ['a broker leaves who had nothing', queue, { is: 'broker_left', who: '1' }, queue],
  ['reopening what is open', queue, { is: 'reopened', by: wang }, 'not_closed'],
  ['words for the broker', of('1'), { is: 'person_wrote' }, of('1')],
  ['the bot hands off what a broker has', of('1'), { is: 'handed_off' }, 'not_closed'],
  ['claiming twice', of('1'), { is: 'claimed', by: wang }, of('1')],
  ['the second claim loses', of('1'), { is: 'claimed', by: li }, 'taken'],
  ['a lead loses too: taking over is a transfer', of('1'), { is: 'claimed', by: lead }, 'taken'],
  ['the owner speaks', of('1'), { is: 'replied', by: wang }, of('1')],
  ['somebody else speaks', of('1'), { is: 'replied', by: li }, 'not_owner'],
  ['a lead speaks', of('1'), { is: 'replied', by: lead }, of('1')],
  ['the owner transfers', of('1'), { is: 'transferred', by: wang, to: '2' }, of('2')],
  ['a lead takes over', of('1'), { is: 'transferred', by: lead, to: '9' }, of('9')],
  ['somebody else transfers', of('1'), { is: 'transferred', by: li, to: '2' }, 'not_owner'],
  ['the owner returns', of('1'), { is: 'returned', by: wang }, queue],
  ['somebody else returns', of('1'), { is: 'returned', by: li }, 'not_owner'],
  ['the owner closes', of('1'), { is: 'closed', by: wang }, bot],
  ['somebody else closes', of('1'), { is: 'closed', by: li }, 'not_owner'],
  ['a lead closes', of('1'), { is: 'closed', by: lead }, bot],
  ['a promise kept in time', of('1'), { is: 'nobody_took_it' }, 'taken'],
  ['a late slip', of('1'), { is: 'slipped' }, 'taken'],
  ['the person leaves', of('1'), { is: 'person_left' }, bot],
  ['the owner is removed', of('1'), { is: 'broker_left', who: '1' }, queue],
  ['another broker is removed', of('1'), { is: 'broker_left', who: '2' }, of('1')],
  ['reopening what is open', of('1'), { is: 'reopened', by: wang }, 'not_closed'],
]

test.each(table)('%s', (_, standing, happening, next) => {
  expect(after(standing, happening)).toEqual(next)
})

test('there is an owner exactly while the turn is the broker’s, whatever happens', () => {
  for (const [, standing, happening] of table) {
    const next = after(standing, happening)
    if (typeof next !== 'string') expect(next.owner !== null).toBe(next.turn === 'broker')
  }
})
