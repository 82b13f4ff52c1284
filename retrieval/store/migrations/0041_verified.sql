-- Who an account really is, as far as staff have seen papers; and which passages an answer rested on.

create table verified_account (
  account     text primary key,
  enterprise  text not null,
  verified_by text not null,
  verified_at timestamptz not null default now(),
  revoked_at  timestamptz
);
comment on table verified_account is 'Platform accounts of enterprises that staff or a broker verified: they may see what is for verified enterprises (L2). Writer: bot/control/verified.ts';
comment on column verified_account.account is 'as channels give it: telegram:42';

create table answer_passage (
  answer  bigint not null references answer (id) on delete cascade,
  passage text not null,
  primary key (answer, passage)
);
create index answer_passage_passage on answer_passage (passage);
comment on table answer_passage is 'The passages an answer that was given rests on, so that a recall finds it. Writer: bot/records/answers.ts';
insert into answer_passage (answer, passage)
select a.id, c ->> 'passage_id' from answer a cross join jsonb_array_elements(a.citations) c
 where a.decision = 'answer' and c ->> 'passage_id' is not null on conflict do nothing;
