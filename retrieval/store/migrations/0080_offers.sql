-- Cards with a button to claim a ticket, so that they can be settled when somebody has it.

alter table ticket add column offered jsonb not null default '[]';
comment on column ticket.offered is 'cards in private chats of brokers that can still be used to claim it: [{chat, key}], key as in the outbox; emptied when they are settled';
