-- A case that waits is measured against the first word given: every renewed promise made a case of two days look half an hour old.
alter table ticket add column first_promised_at timestamptz;
update ticket set first_promised_at = promised_at;
comment on column ticket.first_promised_at is 'the first answer as it was first promised; promised_at moves with every renewal';
