-- What chat models were asked and what it cost: per day and person for the caps, per answer for the record.

create table model_spending (
  day      date not null,
  who      text not null,
  calls    int not null default 0,
  input    bigint not null default 0,
  output   bigint not null default 0,
  reserved bigint not null default 0,
  cost     numeric(14, 6) not null default 0,
  primary key (day, who)
);
comment on table model_spending is 'Tokens used of chat models per day in China and person. Writer: bot/records/spending.ts';
comment on column model_spending.who is 'hash of the person''s id, so that an erased person leaves no name; * counts everybody';
comment on column model_spending.reserved is 'tokens of calls under way, taken before the call and given back after it: a flood cannot pass a cap by more than one call';
comment on column model_spending.cost is 'in the currency of CHAT_PRICE; 0 where no price is set';

alter table answer add column usage jsonb;
comment on column answer.usage is 'calls of the chat model made for it: {calls, input, output, cost, models, prompts}; null = none';
