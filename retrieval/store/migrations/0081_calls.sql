-- Somebody has to be telephoned, because their platform takes no more words until they write.

create table call_task (
  id           bigint generated always as identity primary key,
  conversation bigint not null references conversation (id) on delete cascade,
  outbox       bigint not null unique references outbox (id) on delete cascade,
  person       bigint references person (id),
  created_at   timestamptz not null default now(),
  done_at      timestamptz,
  done_by      bigint references person (id)
);
create index call_task_open on call_task (conversation) where done_at is null;
comment on table call_task is 'Words that wait for a person''s next message, so that a broker telephones meanwhile. Writer: bot/records/calls.ts';
comment on column call_task.outbox is 'the words that wait; once they have been said nobody need call any more';
comment on column call_task.person is 'the broker who was asked; everybody who may see the case may call';
