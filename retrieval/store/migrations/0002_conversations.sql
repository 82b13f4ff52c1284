-- What is said: conversations, inbox, messages, answers, tickets, people, outbox, audit.

create table conversation (
  id          bigint generated always as identity primary key,
  chat        text not null unique,
  person      text,
  person_name text,
  language    text,
  turn        text not null default 'bot' check (turn in ('bot', 'waiting_for_broker', 'broker')),
  clarified   int  not null default 0,
  blocked     boolean not null default false,
  memory      jsonb not null default '{}',
  lease_owner text,
  lease_until timestamptz,
  fence       bigint not null default 0,
  created_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now()
);
comment on table conversation is 'One per chat address; also the lane: its lease lets one worker at a time work on it. Writer: bot/inbox.ts';
comment on column conversation.fence is 'grows with every lease; a worker whose fence is old can no longer commit';

create table inbox (
  id           bigint generated always as identity primary key,
  channel      text not null,
  external_id  text not null,
  conversation bigint not null references conversation (id) on delete cascade,
  payload      jsonb not null,
  run_at       timestamptz not null default now(),
  attempts     int not null default 0,
  error        text,
  received_at  timestamptz not null default now(),
  done_at      timestamptz,
  outcome      text,
  unique (channel, external_id)
);
create index inbox_due on inbox (run_at, id) where done_at is null;
create index inbox_lane on inbox (conversation, id) where done_at is null;
comment on table inbox is 'Everything that happened to us, once: messages, clicks, timers. Acknowledged after the commit. Writer: bot/inbox.ts';

create table message (
  id           bigint generated always as identity primary key,
  conversation bigint not null references conversation (id) on delete cascade,
  inbox        bigint references inbox (id) on delete set null,
  author       text not null check (author in ('person', 'bot', 'broker', 'note')),
  author_name  text,
  text         text not null,
  answer       bigint,
  at           timestamptz not null default now()
);
create index message_conversation on message (conversation, id);
comment on table message is 'The transcript. Writer: bot/inbox.ts';

create table answer (
  id           bigint generated always as identity primary key,
  conversation bigint references conversation (id) on delete cascade,
  inbox        bigint references inbox (id) on delete set null,
  question     text not null,
  standalone   text not null,
  as_of        date not null,
  decision     text not null,
  reason       text,
  confidence   real,
  threshold    real,
  text         text,
  citations    jsonb not null default '[]',
  evidence     jsonb not null default '[]',
  options      jsonb not null default '[]',
  prompt       text,
  model        text,
  ms           jsonb not null default '{}',
  feedback     text check (feedback in ('helpful', 'not_helpful')),
  at           timestamptz not null default now()
);
create index answer_conversation on answer (conversation, id);
comment on table answer is 'Every answer with what it rested on. Writer: bot/records/answers.ts';

create table person (
  id         bigint generated always as identity primary key,
  role       text not null check (role in ('broker', 'lead', 'staff')),
  name       text not null,
  telegram   text unique,
  wecom      text unique,
  fields     text[] not null default '{}',
  hours      text,
  capacity   int not null default 5,
  demo       boolean not null default false,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
comment on table person is 'Brokers, leads and staff. Writer: bot/handoff/people.ts';

create table invitation (
  token_hash text primary key,
  person     bigint not null references person (id) on delete cascade,
  expires_at timestamptz not null,
  used_at    timestamptz
);
comment on table invitation is 'One-time links that bind a platform account to a person. Writer: bot/handoff/people.ts';

create table ticket (
  id              bigint generated always as identity primary key,
  conversation    bigint not null references conversation (id) on delete cascade,
  reason          text not null,
  need            text not null,
  packet          jsonb not null default '{}',
  state           text not null default 'waiting' check (state in ('waiting', 'claimed', 'closed')),
  owner           bigint references person (id),
  desk_chat       text unique,
  opened_at       timestamptz not null default now(),
  promised_at     timestamptz,
  claimed_at      timestamptz,
  first_reply_at  timestamptz,
  closed_at       timestamptz,
  closed_how      text,
  outcome         text,
  satisfaction    int
);
create unique index ticket_one_open on ticket (conversation) where state <> 'closed';
comment on table ticket is 'One hand-off. The row decides who owns it. Writer: bot/handoff/tickets.ts';
comment on column ticket.desk_chat is 'where brokers talk about it, e.g. a forum topic: telegram:-100123#55';

create table outbox (
  id           bigint generated always as identity primary key,
  key          text not null unique,
  chat         text not null,
  body         jsonb not null,
  conversation bigint references conversation (id) on delete cascade,
  run_at       timestamptz not null default now(),
  attempts     int not null default 0,
  state        text not null default 'ready' check (state in ('ready', 'sending', 'sent', 'dead')),
  lease_owner  text,
  lease_until  timestamptz,
  receipt      jsonb,
  error        text,
  created_at   timestamptz not null default now(),
  sent_at      timestamptz
);
create index outbox_lane on outbox (chat, id) where state in ('ready', 'sending');
comment on table outbox is 'Everything to be said, in order per chat. key = inbox row + part: the same effect is never stored twice. Writer: bot/outbox.ts';

create table audit (
  id     bigint generated always as identity primary key,
  at     timestamptz not null default now(),
  actor  text not null,
  action text not null,
  about  text not null,
  detail jsonb not null default '{}'
);
comment on table audit is 'Append-only: claims, views of protected text, exports, role changes. Writer: bot/records/audit.ts';
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit is append-only';
end $$;
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function audit_is_append_only();

create table channel_state (
  channel text not null,
  name    text not null,
  value   jsonb not null,
  primary key (channel, name)
);
comment on table channel_state is 'What a channel must remember across restarts, e.g. the next update_id. Writer: bot/channels/state.ts';
