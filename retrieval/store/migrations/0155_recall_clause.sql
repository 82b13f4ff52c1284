-- A document that ends, or a new version of it, is one correction however many of its clauses people were quoted from.

create table recall_clause (
  recall   bigint not null references recall (id) on delete cascade,
  passage  text not null,
  cause    text not null,
  clause   text,
  now_says text,
  primary key (recall, passage),
  unique (passage, cause)
);
comment on table recall_clause is 'The clauses of a recall. Writer: bot/recall/recalls.ts';
comment on column recall_clause.passage is 'the passage answers rested on; it may be gone by now';
comment on column recall_clause.cause is 'of its recall; here too so that the same clause is taken back once for each cause';
comment on column recall_clause.now_says is 'the same clause in the version in force, when it was changed';
insert into recall_clause (recall, passage, cause, clause, now_says) select id, passage, cause, clause, now_says from recall;
alter table recall drop column passage, drop column clause, drop column now_says;
