-- What words rest on is looked at again when they are sent: a rule may lapse while they wait.
alter table outbox add column rests_on text[] not null default '{}';
comment on column outbox.rests_on is 'passages that must still be in force when this is sent';
