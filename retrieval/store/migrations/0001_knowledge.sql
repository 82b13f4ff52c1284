-- What the park knows: documents, their passages, the lexical postings and the vectors.
create extension if not exists vector;

create table document (
  id             text primary key,
  number         int generated always as identity unique,
  family         text not null,
  version        int  not null,
  source         text not null,
  sha256         text not null,
  fingerprint    text not null,
  kind           text not null check (kind in ('policy', 'achievement', 'faq', 'event', 'organisation')),
  title          text not null,
  doc_no         text,
  issuers        text[] not null default '{}',
  genre          text,
  level          text,
  regions        text[] not null default '{}',
  binding        boolean not null default true,
  issued_on      date,
  effective_from date,
  effective_to   date,
  ended_on       date,
  ended_how      text check (ended_how in ('superseded', 'repealed')),
  ended_by       text,
  supersedes     text[] not null default '{}',
  names          text[] not null default '{}',
  ends           text[] not null default '{}',
  passages       int not null default 0,
  length         int not null default 0,
  fields         jsonb not null default '{}',
  doubts         jsonb not null default '[]',
  state          text not null check (state in ('live', 'waiting', 'replaced', 'withdrawn', 'rejected')),
  demo           boolean not null default false,
  uploaded_by    text,
  created_at     timestamptz not null default now(),
  live_from      timestamptz,
  live_to        timestamptz,
  unique (family, version)
);
create unique index document_one_live on document (family) where state = 'live';
create unique index document_one_waiting on document (family) where state = 'waiting';
create index document_source on document (source);
create index document_fingerprint on document (fingerprint);
create index document_names on document using gin (names);
create index document_ends on document (number) where ends <> '{}';
create index document_ended_by on document (ended_by) where ended_by is not null;
comment on table document is 'One row per version of a document. Writer: retrieval/store/documents.ts';
comment on column document.number is 'the compact key of a document in postings and vectors';
comment on column document.fingerprint is 'hash of all that was understood of the file; the id comes from it';
comment on column document.names is 'what other documents may call it: its normalised title and document number';
comment on column document.ends is 'supersedes, normalised like names';
comment on column document.length is 'terms of all its passages';
comment on column document.family is 'what makes two files the same document: its source path, or the upload it was replaced by';
comment on column document.regions is 'jurisdictions it applies in; empty = national';
comment on column document.binding is 'false for drafts for comment, interpretations and news: they never support an answer';
comment on column document.effective_to is 'last day in force, inclusive; may be a proposal (fields.effective_to.confirmed)';
comment on column document.ended_on is 'first day no longer in force because another document took its place';
comment on column document.fields is 'every extracted field with the phrase it came from: {"effective_to": {"value", "phrase", "confirmed"}}';

create table passage (
  id          text primary key,
  number      int generated always as identity unique,
  document_id text not null references document (id) on delete cascade,
  position    int  not null,
  clause      text,
  heading     text,
  text        text not null,
  visibility  smallint not null default 1,
  fields      jsonb not null default '{}',
  terms       int[] not null,
  wrong_since timestamptz,
  unique (document_id, position)
);
create index passage_hidden on passage (number) where visibility > 1 or wrong_since is not null;
comment on table passage is 'What is searched. number is the compact key of postings and vectors. Writer: retrieval/store/passages.ts';
comment on column passage.terms is 'its distinct terms, so that postings can be taken out again without an index of their own for it';
comment on column passage.wrong_since is 'set when staff marked the clause wrong: it no longer supports an answer';

-- No foreign keys: 150 rows per passage, and the check of each would cost more than the row.
create table posting (
  term     int not null,
  passage  int not null,
  document int not null,
  count    smallint not null,
  length   smallint not null,
  primary key (term, passage) include (document, count, length)
);
comment on table posting is 'term is a 32-bit hash of a character uni- or bigram, word or number; count weighs title and heading double. Writer: retrieval/store/passages.ts';
comment on column posting.document is 'document.number, here so that validity, region and kind restrict before ranking without touching the passage';
comment on column posting.length is 'terms of the passage, title and heading double, at most 32767';

create table term_count (
  term     int primary key,
  passages int not null
) with (fillfactor = 70);
comment on table term_count is 'How many passages of live and replaced documents hold a term. Writer: retrieval/store/passages.ts';

create table embedder (
  id         int generated always as identity primary key,
  model      text not null,
  dimensions int  not null,
  chosen     boolean not null default false,
  state      text not null check (state in ('building', 'serving', 'retired')),
  since      timestamptz not null default now(),
  unique (model, dimensions)
);
create unique index embedder_one_serving on embedder (state) where state = 'serving';
comment on table embedder is 'Embedding models seen; the serving one answers while the next is building. Writer: retrieval/store/vectors.ts';

create table passage_vector (
  embedder int not null references embedder (id) on delete cascade,
  passage  int not null references passage (number) on delete cascade,
  document int not null,
  vector   vector not null,
  primary key (embedder, passage)
);
create index passage_vector_passage on passage_vector (passage);
comment on column embedder.chosen is 'the length was asked of the service (EMBEDDING_DIMENSIONS), so it must be asked again';
comment on column embedder.since is 'when it came into its state';
comment on table passage_vector is 'Unit-length vectors. Writer: retrieval/store/vectors.ts';

create table library_state (
  name  text primary key,
  value jsonb not null
);
comment on table library_state is 'Facts about the library as a whole, e.g. demo_retired. Writer: retrieval/store/library-state.ts';
