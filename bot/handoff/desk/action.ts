import { z } from 'zod'
import type { Excess } from '../../chain/stages.ts'

/**
 * The outcome of a hand-off: a closed list, so that it can be counted. Something came of it, something stood in the way, or there was
 * nothing to do.
 */
export const outcomeGroups = {
  good: [
    'answered',
    'policy_applied',
    'introduced',
    'nda_signed',
    'trial',
    'contract_signed',
    'registered',
    'policy_paid',
    'financed',
    'event_joined',
  ],
  lost: [
    'too_early',
    'benefit_unclear',
    'commercial_unclear',
    'desc_unclear',
    'price',
    'ip_terms',
    'no_response_supply',
    'no_response_demand',
  ],
  ended: ['bypassed', 'solved_elsewhere', 'not_real_demand', 'budget', 'export_control', 'out_of_scope'],
} as const
export const outcomes = [...outcomeGroups.good, ...outcomeGroups.lost, ...outcomeGroups.ended] as const
export type Outcome = (typeof outcomes)[number]

/** Amounts asked for with an outcome: agreed, of it technology, and received are kept apart. */
export const outcomeFigures: Readonly<Partial<Record<Outcome, readonly (keyof OutcomeDetail)[]>>> = {
  contract_signed: ['amount', 'received'],
  registered: ['reg_no', 'amount', 'technology_amount'],
  policy_paid: ['amount'],
  financed: ['round', 'amount'],
}

/** A broker's verdict on an answer of the bot. */
export const verdicts = ['right', 'wrong', 'should_have_asked'] as const
export type Verdict = (typeof verdicts)[number]

const words = z.string().trim().min(1).max(4_000)
const number = z.string().regex(/^\d{1,18}$/)
const yuan = z.number().min(0).max(1e12)

/** Amounts in yuan: agreed, of it technology, and received are three figures. */
const detail = z.strictObject({
  amount: yuan.optional(),
  technology_amount: yuan.optional(),
  received: yuan.optional(),
  reg_no: z.string().max(60).optional(),
  round: z.string().max(40).optional(),
  note: z.string().max(500).optional(),
})
export type OutcomeDetail = z.infer<typeof detail>

const outcome = z.enum(outcomes)

/**
 * An action on a ticket, from whichever surface: a topic, a card, the web desk, 微信客服. Ids are strings of digits. `reply.said`: the words
 * have already reached the person on the platform itself and are only recorded. `faq`: this question and answer may serve the next person
 * too; it waits for approval.
 */
export const ticketAction = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('claim') }),
  z.strictObject({ do: z.literal('transfer'), to: number }),
  z.strictObject({ do: z.literal('return'), conflict: z.boolean().optional() }),
  z.strictObject({ do: z.literal('note'), text: words }),
  z.strictObject({ do: z.literal('reply'), text: words, said: z.boolean().optional() }),
  z.strictObject({ do: z.literal('close'), outcome: outcome.optional(), detail: detail.optional() }),
  z.strictObject({ do: z.literal('record'), outcome, detail: detail.optional() }),
  z.strictObject({ do: z.literal('reopen') }),
  z.strictObject({ do: z.literal('faq'), question: words, answer: words }),
  z.strictObject({ do: z.literal('verdict'), answer: number, verdict: z.enum(verdicts) }),
])
export type TicketAction = z.infer<typeof ticketAction>

/** As it waits in the inbox, in the lane of the person whose ticket it is. */
export type DeskAction = {
  readonly kind: 'desk_action'
  /** Unique for ever; its result is found by it. */
  readonly key: string
  readonly ticket: string
  /** The registered person who acts; their rights are read when it is performed, not when it was requested. */
  readonly by: string
  readonly action: TicketAction
  /** The chat to tell the result in; null when the requester waits for it elsewhere. */
  readonly tell: string | null
}

/**
 * The result of an action. `done` · `taken` (somebody else owns it, see `owner`) · `not_owner` · `closed` · `not_closed` · `other_open`
 * (the person has a newer ticket) · `excluded` (conflict of interest) · `unknown_person` · `not_found` (or not visible to them) · `pending`
 * (stored and will be done, but not within the waiting time) · `failed` (given up after several tries: nothing has happened) ·
 * `technology_over`, `received_over` (part of a contract that is worth more than the contract).
 */
export type ActionCode =
  | Excess
  | 'done'
  | 'taken'
  | 'not_owner'
  | 'closed'
  | 'not_closed'
  | 'other_open'
  | 'excluded'
  | 'unknown_person'
  | 'not_found'
  | 'pending'
  | 'failed'

export type ActionResult = {
  readonly code: ActionCode
  readonly ticket: string
  /** The current owner. */
  readonly owner: { readonly id: string; readonly name: string } | null
}
