-- What a call of a chat model reserves ends by itself: a process that was killed gives nothing back.

alter table model_spending add column reserved_before bigint not null default 0;
alter table model_spending add column reserved_span bigint not null default 0;
update model_spending set reserved = 0;
comment on column model_spending.reserved is 'tokens of calls begun in the span of time reserved_span, taken before the call and given back after it: a flood cannot pass a cap by more than one call';
comment on column model_spending.reserved_before is 'the same for the span before it; what was reserved earlier has expired';
comment on column model_spending.reserved_span is 'number of the span of time since 1970, see bot/records/spending.ts; a call never lasts longer than one';
