-- The chain: what became of demands and achievements, step by step, who took each step, when, and what shows it.

create table achievement (
  id         bigint generated always as identity primary key,
  key        text not null unique,
  title      text not null,
  demo       boolean not null default false,
  created_at timestamptz not null default park_now()
);
comment on table achievement is 'One achievement, however many versions of tables hold it. Writer: bot/chain/achievements.ts';
comment on column achievement.id is 'the number people see: A12';
comment on column achievement.key is 'what makes two records the same achievement: its normalised name and owner';
comment on column achievement.demo is 'of the fictional park: in no figure';

create table achievement_record (
  passage     text primary key,
  achievement bigint not null references achievement (id) on delete cascade
);
create index achievement_record_of on achievement_record (achievement);
comment on table achievement_record is 'Which record of the library is which achievement. Writer: bot/chain/achievements.ts';
comment on column achievement_record.passage is 'passage.id; no foreign key, because documents come and go';

alter table demand drop column state;
alter table demand alter column conversation drop not null;
alter table demand add column confidential text[] not null default '{}';
alter table demand add column public_text text;
alter table demand add column public_form text check (public_form in ('open', 'anonymous'));
alter table demand add column board text check (board in ('enterprise', 'park'));
alter table demand add column open_until date;
alter table demand add column matched_to timestamptz;
create index demand_ticket on demand (ticket);
comment on column demand.conversation is 'null once the enterprise had its words erased: the figures stay';
comment on column demand.confidential is 'words of the enterprise that must appear in nothing that is published';
comment on column demand.public_text is 'what everybody may read; null unless it is published now';
comment on column demand.public_form is 'anonymous: nothing in public_text tells who asks';
comment on column demand.board is 'published as 揭榜挂帅: the enterprise''s own list or the park''s; null otherwise';
comment on column demand.open_until is 'last day on which it is listed';
comment on column demand.matched_to is 'documents that went live up to then were compared with it; null: none';

create table chain_step (
  id             bigint generated always as identity primary key,
  key            text not null unique,
  demand         bigint references demand (id) on delete cascade,
  achievement    bigint references achievement (id) on delete cascade,
  ticket         bigint references ticket (id) on delete cascade,
  stage          text not null check (stage in ('collected', 'vetted', 'reviewed', 'published', 'introduced', 'agreed', 'signed', 'registered',
                   'received', 'redeemed', 'coached', 'roadshow', 'financed', 'transferred', 'rejected', 'withdrawn', 'failed')),
  person         bigint references person (id),
  actor          text not null,
  at             timestamptz not null default park_now(),
  evidence       jsonb not null default '{}',
  source         text not null default 'step' check (source in ('step', 'outcome', 'implied', 'rule')),
  taken_back_at  timestamptz,
  taken_back_by  text,
  taken_back_why text,
  check (num_nonnulls(demand, achievement) = 1 or (num_nonnulls(demand, achievement) = 0 and ticket is not null))
);
create unique index chain_step_demand on chain_step (demand, stage) where taken_back_at is null and stage not in ('received', 'redeemed', 'financed');
create unique index chain_step_achievement on chain_step (achievement, stage) where taken_back_at is null and stage not in ('roadshow', 'financed');
create unique index chain_step_case on chain_step (ticket, stage) where taken_back_at is null and demand is null and achievement is null;
create index chain_step_at on chain_step (stage, at);
comment on table chain_step is 'A stage that a demand, an achievement or a case without either has reached; the figures of the park are counted here. Writer: bot/chain/steps.ts';
comment on column chain_step.key is 'of the request that took it: the same request takes it once';
comment on column chain_step.ticket is 'the case in which it was recorded; the subject itself when there is neither demand nor achievement';
comment on column chain_step.person is 'the registered person who took it; null: the enterprise or a rule';
comment on column chain_step.at is 'when it happened, which may be before it was recorded';
comment on column chain_step.evidence is 'ids, figures in yuan and a note: amount, technology_amount, received, reg_no, round, kind, reason, policy, with, note';
comment on column chain_step.source is 'step: taken by itself; outcome: by closing a case; implied: without it the outcome could not be; rule: seen in the library';
comment on column chain_step.taken_back_at is 'a step is never deleted; one that was wrong is taken back, with a reason';

create table demand_match (
  demand      bigint not null references demand (id) on delete cascade,
  achievement bigint not null references achievement (id) on delete cascade,
  passage     text not null,
  why         text not null,
  found_at    timestamptz not null default park_now(),
  primary key (demand, achievement)
);
comment on table demand_match is 'Pairs a broker was told of; the key makes it once. Writer: bot/chain/matches.ts';
comment on column demand_match.why is 'the explanation as told, every line from this one record';

create table demand_offer (
  id           bigint generated always as identity primary key,
  demand       bigint not null references demand (id) on delete cascade,
  conversation bigint not null references conversation (id) on delete cascade,
  ticket       bigint references ticket (id) on delete set null,
  words        text not null,
  at           timestamptz not null default park_now(),
  unique (demand, conversation)
);
comment on table demand_offer is 'Somebody says they can solve a published demand. Writer: bot/chain/offers.ts';
comment on column demand_offer.ticket is 'the case in which a broker talks to whoever offers';

-- What was recorded before there were steps.
insert into chain_step (key, demand, stage, actor, at, source)
select 'demand:' || id || ':collected', id, 'collected', 'enterprise', created_at, 'step' from demand;
insert into chain_step (key, demand, ticket, stage, person, actor, at, evidence, source)
select 'outcome:' || t.id || ':0', d.id, t.id,
       case when t.outcome in ('nda_signed', 'trial') then 'agreed' when t.outcome = 'contract_signed' then 'signed' when t.outcome = 'policy_paid' then 'redeemed' else t.outcome end,
       t.owner, 'migration', coalesce(t.outcome_at, t.closed_at, t.opened_at),
       coalesce(t.outcome_detail, '{}') || case t.outcome when 'nda_signed' then '{"kind": "nda"}' when 'trial' then '{"kind": "trial"}' else '{}' end::jsonb, 'outcome'
  from ticket t left join lateral (select min(id) as id from demand where ticket = t.id) d on true
 where t.outcome in ('introduced', 'nda_signed', 'trial', 'contract_signed', 'registered', 'policy_paid')
union all
select 'outcome:' || t.id || ':0', null, t.id, 'financed', t.owner, 'migration', coalesce(t.outcome_at, t.closed_at, t.opened_at), coalesce(t.outcome_detail, '{}'), 'outcome'
  from ticket t where t.outcome = 'financed';
