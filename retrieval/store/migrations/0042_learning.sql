-- What a park learns from its hand-offs, what it takes back, and what it keeps the bot from speaking of.

create table faq_candidate (
  id         bigint generated always as identity primary key,
  question   text not null,
  answer     text not null,
  author     bigint references person (id),
  ticket     bigint unique references ticket (id) on delete set null,
  terms      int[] not null,
  times      int not null default 1,
  state      text not null default 'proposed' check (state in ('proposed', 'approved', 'dismissed')),
  document   text,
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null default now()
);
create index faq_candidate_state on faq_candidate (state, times desc);
comment on table faq_candidate is 'A broker''s answer that may answer the next person too. Writer: bot/learn/faq.ts';
comment on column faq_candidate.times is 'how many hand-offs asked this: the more, the sooner it is worth approving';
comment on column faq_candidate.terms is 'hashed terms of the question; two that share most of them are one';
comment on column faq_candidate.document is 'the live document it became; no foreign key, because documents come and go';

create table recall (
  id         bigint generated always as identity primary key,
  passage    text not null,
  cause      text not null check (cause in ('changed', 'expired', 'superseded', 'withdrawn', 'wrong')),
  title      text not null,
  clause     text,
  now_says   text,
  wording    text,
  state      text not null default 'proposed' check (state in ('proposed', 'confirmed', 'dismissed')),
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  unique (passage, cause)
);
comment on table recall is 'A clause that no longer says what people were told. Told to nobody before a person has confirmed it. Writer: bot/recall/recalls.ts';
comment on column recall.now_says is 'the text of the same clause in the version in force, when there is one';
comment on column recall.wording is 'what whoever confirmed it wants said; null = the standing words in the language of each chat';

create table recall_notice (
  recall       bigint not null references recall (id) on delete cascade,
  conversation bigint not null references conversation (id) on delete cascade,
  told_at      timestamptz not null default now(),
  primary key (recall, conversation)
);
comment on table recall_notice is 'Who was told of a recall; the key makes it once. Writer: bot/recall/recalls.ts';

create table closed_topic (
  id        bigint generated always as identity primary key,
  words     text not null unique,
  closed_by text not null,
  closed_at timestamptz not null default now()
);
comment on table closed_topic is 'Topics the bot does not speak of: people who ask get a person. Writer: bot/control/topics.ts';
comment on column closed_topic.words is 'normalised words, separated by spaces; all of them in a question or in what would be cited close it';
