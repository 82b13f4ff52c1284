import { agreed, contracts, ofAchievements, open, received, steps, sum } from './chain.ts'

/**
 * The rows behind every figure, as SQL between two moments ($1 ≤ at < $2). A figure is the count of its rows, or the sum of their column
 * `amount`; `--rows NAME` lists them. Brokers who try the bot are not enterprises, and the fictional park has no achievements.
 */
const enterprises = `from conversation c
   where not exists (select 1 from person p where c.person = 'telegram:' || p.telegram or c.person = 'wecom:' || p.wecom)`
const answers = (decision: string) =>
  `select id::text, conversation::text, at, decision, reason, confidence from answer
    where at >= $1 and at < $2 and (${decision}) order by id`
/** Events somebody recorded as held, on the day they were; `amount` is how many came: as counted, else those marked on the list. */
const held = (which = '') =>
  `select e.id::text, e.title, e.type, e.starts_at as at, e.place, coalesce(e.attendance, s.came)::int as amount, g.by, g.evidence
     from event e
     left join lateral (select sum(people) filter (where attended) as came from event_signup where event = e.id) s on true
     left join lateral (select by, evidence from event_stage where event = e.id and stage = 'held' order by id desc limit 1) g on true
    where not e.demo and e.state = 'held' and e.starts_at >= $1 and e.starts_at < $2 ${which} order by e.starts_at, e.id`
/**
 * Beside what events recorded, a case that ended with somebody joining one counts as one person, unless an event of the two months before was
 * recorded: then they are in its number.
 */
const joined = `select 'T' || t.id as id, 'event_joined' as title, null as type, t.outcome_at as at, null as place, 1 as amount, p.name as by, null as evidence
     from ticket t left join person p on p.id = t.owner
    where t.outcome = 'event_joined' and t.outcome_at >= $1 and t.outcome_at < $2
      and not exists (select from event e where not e.demo and e.state = 'held' and e.starts_at <= t.outcome_at and e.starts_at > t.outcome_at - interval '60 days')`

/** Whoever was answered, registered a need or signed up for an event. */
const served = `select conversation, at, id as answer from answer
   union all select conversation, created_at, null from demand where conversation is not null
   union all select conversation, at, null from event_signup where conversation is not null and state <> 'cancelled'`

export const rowsOf = {
  'enterprises.served': `select c.id::text, c.chat, c.person_name as name, min(a.at) as first_at, count(a.answer)::int as answers ${enterprises
    .replace('from conversation c', `from conversation c join (${served}) a on a.conversation = c.id`)
    .concat(' and a.at >= $1 and a.at < $2 group by c.id order by c.id')}`,
  'enterprises.new': `select c.id::text, c.chat, c.person_name as name, c.created_at as at ${enterprises} and c.created_at >= $1 and c.created_at < $2 order by c.id`,
  'demands.collected': steps(`s.stage = 'collected' and s.demand is not null`),
  'demands.vetted': steps(`s.stage = 'vetted'`),
  'demands.published': steps(`s.stage = 'published' and s.demand is not null`),
  'demands.introduced': steps(`s.stage = 'introduced'`),
  'demands.agreed': agreed,
  // What is open at the end of the period, whenever it was created.
  'demands.open': open,
  'achievements.collected': ofAchievements('collected'),
  'achievements.published': ofAchievements('published'),
  'achievements.incubating': ofAchievements('coached'),
  'achievements.transferred': ofAchievements('transferred'),
  'events.held': held(),
  'events.training': held(`and e.type in ('training', 'broker_training', 'contract_training')`),
  'events.attendance': `(${held('and coalesce(e.attendance, s.came) > 0')}) union all (${joined})`,
  'brokers.active': `select p.id::text, p.name, count(distinct e.ticket)::int as tickets from ticket_event e join person p on p.id = e.person
    where e.kind in ('claimed', 'transferred', 'reopened', 'message', 'closed') and e.at >= $1 and e.at < $2 group by p.id order by p.id`,
  'brokers.trained': `select p.id::text, p.name, count(*)::int as events, max(e.starts_at) as at, string_agg(e.title, ', ' order by e.starts_at) as titles
    from event_trained t join event e on e.id = t.event join person p on p.id = t.person
    where not e.demo and e.state = 'held' and e.starts_at >= $1 and e.starts_at < $2 group by p.id order by p.id`,
  agreements: steps(`s.stage = 'agreed' and s.evidence->>'kind' is distinct from 'trial'`),
  'financing.projects': steps(`s.stage = 'financed'`, sum('amount')),
  'contracts.count': contracts('amount'),
  'contracts.technology_amount': contracts('technology_amount'),
  'contracts.received_amount': received,
  'policies_redeemed.count': steps(`s.stage = 'redeemed'`, sum('amount')),
  'questions.asked': answers('true'),
  'questions.answered': answers(`decision = 'answer'`),
  'questions.clarified': answers(`decision = 'clarify'`),
  'questions.declined': answers(`decision = 'decline'`),
  'questions.handed_off': answers(`decision = 'hand_off'`),
  hand_offs: `select t.id::text as ticket, t.reason, t.opened_at as at, t.promised_at, t.first_reply_at,
      extract(epoch from t.first_reply_at - t.opened_at)::float8 as first_response_s, t.closed_how, p.name as broker
    from ticket t left join person p on p.id = t.owner where t.opened_at >= $1 and t.opened_at < $2 order by t.id`,
  'hand_offs.outcomes': `select t.id::text as ticket, t.outcome, t.outcome_at as at, p.name as broker from ticket t left join person p on p.id = t.owner
    where t.outcome is not null and t.outcome_at >= $1 and t.outcome_at < $2 order by t.id`,
  'hand_offs.satisfaction': `select t.id::text as ticket, t.satisfaction, t.satisfied_at as at, p.name as broker from ticket t left join person p on p.id = t.owner
    where t.satisfaction is not null and t.satisfied_at >= $1 and t.satisfied_at < $2 order by t.id`,
  recalls: `select n.recall::text, r.cause, r.title, (select string_agg(rc.clause, '、' order by p.position) from recall_clause rc left join passage p on p.id = rc.passage where rc.recall = r.id) as clause, c.chat, n.told_at as at from recall_notice n join recall r on r.id = n.recall
    join conversation c on c.id = n.conversation where n.told_at >= $1 and n.told_at < $2 order by n.recall, n.conversation`,
  verdicts: `select v.answer::text, v.verdict, v.ticket::text, p.name as broker, v.at from verdict v join person p on p.id = v.person
    where v.at >= $1 and v.at < $2 order by v.answer`,
} as const
export type RowsName = keyof typeof rowsOf | 'gaps'
