/**
 * The rows of the chain behind the figures, as SQL between two moments ($1 ≤ at < $2). Steps that were taken back count nowhere; what is of
 * the fictional park is no figure.
 */

/** A figure of a step's evidence. */
export const sum = (name: string) => `coalesce((s.evidence->>'${name}')::numeric, 0)`

const about = `coalesce(nullif(d.need, ''), a.title, t.need) as about`
const who = `left join demand d on d.id = s.demand left join achievement a on a.id = s.achievement
    left join ticket t on t.id = coalesce(s.ticket, d.ticket) left join person p on p.id = s.person`
const columns = (
  amount: string,
) => `s.id::text as step, case when s.demand is not null then 'D' || s.demand when s.achievement is not null then 'A' || s.achievement end as number,
    ${about}, t.id::text as ticket, s.stage, s.at, ${amount} as amount, s.evidence->>'reg_no' as reg_no, p.name as broker`
const stands = `s.taken_back_at is null and not coalesce(a.demo, false)`
const within = `s.at >= $1 and s.at < $2`

/** Steps of a kind, one row each. */
export const steps = (where: string, amount = 'null::numeric') =>
  `select ${columns(amount)} from chain_step s ${who} where ${stands} and ${within} and ${where} order by s.id`

export const ofAchievements = (stage: string) => steps(`s.stage = '${stage}' and s.achievement is not null`)

/** What a contract is the contract of. */
const subject = `coalesce('D' || s.demand, 'A' || s.achievement, 'T' || s.ticket)`

/** Demands and cases in which something was agreed: each once, when it first was. */
export const agreed = `select * from (
    select distinct on (${subject}) ${columns('null::numeric')} from chain_step s ${who}
     where ${stands} and s.stage in ('agreed', 'signed', 'registered') and s.achievement is null order by ${subject}, s.at, s.id) s
  where ${within} order by step::bigint`

/**
 * Contracts: signing and registering one is one contract, in the period in which it was first signed, with the figures known by now; so is
 * one number, whatever was registered under it. An achievement that was transferred in a demand's contract is part of that one.
 */
export const contracts = (figure: 'amount' | 'technology_amount') => `
  select * from (
    select distinct on (s.contract) ${columns(`coalesce((s.evidence->>'${figure}')::numeric, max(${sum(figure)}) over of)`)}, min(s.at) over of as signed_at,
           max(s.evidence->>'reg_no') over of as registered_as
      from (select s.*, coalesce('R' || max(upper(btrim(s.evidence->>'reg_no'))) over (partition by ${subject}), ${subject}) as contract
              from chain_step s where s.taken_back_at is null and (s.stage in ('signed', 'registered')
                or s.stage = 'transferred' and (s.evidence ? 'amount' or s.evidence ? 'reg_no') and not s.evidence ? 'demand')) s ${who}
     where ${stands}
    window of as (partition by s.contract)
     order by s.contract, s.stage = 'registered' desc, s.at, s.id) c
   where c.signed_at >= $1 and c.signed_at < $2 order by step::bigint`

/** Money that arrived, when it arrived. Registering a contract says again what had arrived when it was signed. */
export const received = `select ${columns(`case when s.stage = 'received' then ${sum('amount')}
    else greatest(${sum('received')} - coalesce((select max((b.evidence->>'received')::numeric) from chain_step b
      where b.demand = s.demand and s.stage = 'registered' and b.stage = 'signed' and b.taken_back_at is null), 0), 0) end`)} from chain_step s ${who}
  where ${stands} and ${within} and (s.stage = 'received' or s.stage in ('signed', 'registered', 'transferred') and s.evidence ? 'received') order by s.id`

const ends = `('registered', 'rejected', 'withdrawn', 'failed')`

/** Collected by the end of the period, not ended by then; one that nobody vetted ends with its case. */
export const open = `select d.id::text, d.need, d.ticket::text, d.created_at as at from demand d left join ticket t on t.id = d.ticket
  where d.created_at < $2 and $1::timestamptz < $2
    and not exists (select 1 from chain_step s where s.demand = d.id and s.stage in ${ends} and s.at < $2 and (s.taken_back_at is null or s.taken_back_at >= $2))
    and (t.id is null or t.state <> 'closed' or t.closed_at >= $2
         or exists (select 1 from chain_step s where s.demand = d.id and s.stage = 'vetted' and s.at < $2 and s.taken_back_at is null)) order by d.id`
