import type { PastAnswer } from '../records/answers.ts'
import { pastColumns } from '../records/answers.ts'
import type { Conversation, InboxRow, Known, Lane } from './lanes.ts'

/** As the database returns it, see {@link claimedColumns}. */
export type ClaimedRow = Omit<Conversation, 'personName'> & {
  readonly person_name: string | null
  readonly fence: string
  readonly rows: readonly (Omit<InboxRow, 'receivedAt'> & { readonly received_at: string })[]
  readonly fresh: boolean
  readonly ticket: boolean
  readonly past: readonly PastAnswer[]
  readonly enterprise: string | null
  readonly closed_topics: readonly string[]
  readonly answer_id: string
}

/** How many earlier answers a follow-up may use. */
export const pastRead = 5

/** Everything a worker needs before it thinks, read from a leased `lane` and its `due` rows in the same round trip. */
export const claimedColumns = `lane.id::text, lane.chat, lane.person, lane.person_name, lane.language, lane.turn, lane.clarified, lane.memory, lane.fence::text,
       (select coalesce(json_agg(json_build_object('id', id::text, 'channel', channel, 'attempts', attempts, 'received_at', received_at, 'payload', payload) order by id), '[]')
          from due) as rows,
       before.fence = lane.fence - 1 as fresh,
       exists (select from ticket t where t.conversation = lane.id and t.state <> 'closed') as ticket,
       (select v.enterprise from verified_account v where v.account = lane.person and v.revoked_at is null) as enterprise,
       (select coalesce(json_agg(words), '[]') from closed_topic) as closed_topics,
       (select coalesce(json_agg(a order by a.number desc), '[]')
          from (select id as number, ${pastColumns} from answer where conversation = lane.id order by id desc limit ${pastRead}) a) as past,
       nextval(pg_get_serial_sequence('answer', 'id'))::text as answer_id
  from lane join conversation before on before.id = lane.id`

/** A claimed row as the lane a worker gets. */
export function toLane(row: ClaimedRow): Lane {
  const { id, chat, person, language, turn, clarified, memory, fence, ticket, past, enterprise, fresh } = row
  const known: Known = { ticket, past, enterprise, closedTopics: row.closed_topics }
  return {
    conversation: { id, chat, person, personName: row.person_name, language, turn, clarified, memory },
    rows: row.rows.map(({ received_at, ...each }) => ({ ...each, receivedAt: new Date(received_at) })),
    fence,
    known: fresh ? known : null,
    answerId: row.answer_id,
  }
}
