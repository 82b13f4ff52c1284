-- The desk: what happened to a ticket, who is on duty, and what a closed one came to.

alter table ticket
  add column priority       smallint not null default 2 check (priority between 1 and 3),
  add column excluded       bigint[] not null default '{}',
  add column follow_up_at   timestamptz,
  add column escalated_at   timestamptz,
  add column reopened_at    timestamptz,
  add column closed_by      bigint references person (id),
  add column outcome_detail jsonb not null default '{}',
  add column outcome_at     timestamptz,
  add column satisfied_at   timestamptz;
create index ticket_owner on ticket (owner) where state = 'claimed';
create index ticket_waiting on ticket (opened_at) where state = 'waiting';
comment on column ticket.priority is '1 high, 2 normal, 3 low: order of the queue';
comment on column ticket.excluded is 'people who must not have it: a conflict of interest';
comment on column ticket.follow_up_at is 'by when the owner promised to be back; told to the person';
comment on column ticket.escalated_at is 'when a lead was asked for help because a promise slipped';
comment on column ticket.outcome is 'what it came to, from a closed list: bot/handoff/desk/action.ts';
comment on column ticket.outcome_detail is 'amounts in yuan and numbers that belong to the outcome, never words of a chat';
comment on column ticket.satisfaction is 'one tap of the person after closing: 5 satisfied, 3 so-so, 1 not';

alter table person
  add column present   boolean not null default true,
  add column languages text[] not null default '{}',
  add column conflicts text[] not null default '{}';
comment on column person.present is 'switched off by hand: no ticket is suggested and nothing is promised in their name';
comment on column person.languages is 'languages they work in, e.g. zh, en; empty = any';
comment on column person.conflicts is 'names of enterprises whose cases they must not have';

create table ticket_event (
  id     bigint generated always as identity primary key,
  ticket bigint not null references ticket (id) on delete cascade,
  kind   text not null,
  person bigint references person (id),
  action text unique,
  detail jsonb not null default '{}',
  at     timestamptz not null default now()
);
create index ticket_event_ticket on ticket_event (ticket, id);
comment on table ticket_event is 'What happened to tickets, in order of commit, so that a reader who remembers the last id misses nothing. Ids and codes, never words. Writer: bot/records/events.ts';
comment on column ticket_event.action is 'the key of the desk action this is the result of: whoever posted it waits for this row';

create table verdict (
  answer  bigint primary key references answer (id) on delete cascade,
  ticket  bigint references ticket (id) on delete set null,
  person  bigint not null references person (id),
  verdict text not null check (verdict in ('right', 'wrong', 'should_have_asked')),
  at      timestamptz not null default now()
);
comment on table verdict is 'What a broker thought of an answer of the bot; calibrate reads it. Writer: bot/records/verdicts.ts';

comment on table message is 'The transcript. Writer: bot/records/messages.ts';
