-- What takes place in the park: roadshows, open days, training; who signed up, and what became of it. Tables of events come in as
-- documents; these rows follow them (bot/agenda/follow.ts) and keep what the table does not know.

create table event (
  id           bigint generated always as identity primary key,
  family       text not null,
  number       text,
  title        text not null,
  type         text not null check (type in ('roadshow', 'open_day', 'matchmaking', 'contract_training', 'broker_training', 'training',
                 'briefing', 'contest', 'coaching', 'other')),
  starts_at    timestamptz not null,
  ends_at      timestamptz,
  day_only     boolean not null default false,
  place        text,
  details      jsonb not null default '{}',
  seats        int check (seats > 0),
  closes_at    timestamptz,
  asks_for     text[] not null default '{name,company,people}',
  passage      text,
  demo         boolean not null default false,
  state        text not null default 'on' check (state in ('on', 'postponed', 'cancelled', 'held')),
  decided      boolean not null default false,
  revision     int not null default 1,
  attendance   int check (attendance >= 0),
  created_at   timestamptz not null default park_now()
);
create index event_family on event (family);
create index event_coming on event (starts_at);
comment on table event is 'One event of the park. Writer: bot/agenda/store.ts';
comment on column event.family is 'the table (document.family) that names it; stays when the table is withdrawn';
comment on column event.number is 'its number in the table, by which it is recognised when everything else changes; null where the table has none';
comment on column event.day_only is 'the table names no time of day; starts_at is then the midnight in China with which the day begins';
comment on column event.details is 'the other columns in words: link, organiser, contact, audience, field, summary';
comment on column event.seats is 'how many people may come; null = no limit';
comment on column event.closes_at is 'last moment for signing up; null = until it begins';
comment on column event.asks_for is 'what whoever signs up is asked for: name, company, people, phone, position';
comment on column event.passage is 'its row in the version of the table that is in force; null when no such version names it: it is not shown then';
comment on column event.state is 'postponed: its new day is not known';
comment on column event.decided is 'a person cancelled it or recorded it as held, which the table does not undo';
comment on column event.revision is 'grows when it is moved, put off, cancelled or taken up again: what was to be told of the state before is void';
comment on column event.attendance is 'people who came, as a number somebody counted; null = those marked in event_signup';

create table event_signup (
  id           bigint generated always as identity primary key,
  event        bigint not null references event (id) on delete cascade,
  who          text not null,
  conversation bigint references conversation (id) on delete set null,
  name         text,
  company      text,
  people       int not null default 1 check (people between 1 and 50),
  phone        text,
  position     text,
  state        text not null check (state in ('in', 'waiting', 'cancelled')),
  attended     boolean,
  at           timestamptz not null default park_now(),
  unique (event, who)
);
create index event_signup_conversation on event_signup (conversation);
comment on table event_signup is 'Who signed up for an event. Writer: bot/agenda/signups.ts';
comment on column event_signup.who is 'platform account as channels give it, in a chat without one the chat; erased:ID after the person had their data deleted';
comment on column event_signup.state is 'waiting: all places were taken; the first in line who fits gets a place that becomes free';
comment on column event_signup.attended is 'null = not recorded';

create table event_trained (
  event  bigint not null references event (id) on delete cascade,
  person bigint not null references person (id) on delete cascade,
  at     timestamptz not null default park_now(),
  primary key (event, person)
);
create index event_trained_person on event_trained (person);
comment on table event_trained is 'Brokers who were trained at an event. Writer: bot/agenda/store.ts';

create table event_stage (
  id       bigint generated always as identity primary key,
  event    bigint not null references event (id) on delete cascade,
  stage    text not null check (stage in ('announced', 'moved', 'postponed', 'cancelled', 'held', 'attended', 'trained')),
  by       text not null,
  evidence text,
  at       timestamptz not null default park_now()
);
create index event_stage_event on event_stage (event, id);
comment on table event_stage is 'What became of an event, step by step; rows are only added. Writer: bot/agenda/store.ts';
comment on column event_stage.by is 'table:DOCUMENT ID, person:ID or desk:ID: who took the step';
comment on column event_stage.evidence is 'words or an address that prove it; of a move the time before';
