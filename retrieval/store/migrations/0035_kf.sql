-- Platforms that take only so many messages until the person writes again: what waits for that is held.

alter table outbox
  drop constraint outbox_state_check,
  add constraint outbox_state_check check (state in ('ready', 'sending', 'held', 'sent', 'dead')),
  add column released_at timestamptz,
  add column resent      int not null default 0;
create index outbox_held on outbox (chat) where state = 'held';
create index outbox_conversation on outbox (conversation, id);
comment on column outbox.released_at is 'when the person last wrote while this was held or being sent: it is tried again, and its day begins anew';
comment on column outbox.resent is 'how often the platform took it and then said that it had not arrived; part of the key it is sent with';
