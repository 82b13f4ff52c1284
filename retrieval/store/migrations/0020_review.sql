-- What people do to documents, what is like what, and what is kept apart from what is searched.
alter table document add column based_on text[] not null default '{}';
alter table document add column based_names text[] not null default '{}';
alter table document add column sketch int[] not null default '{}';
alter table document add column reviewed_by text;
alter table document add column reviewed_at timestamptz;
alter table document add column missing_since timestamptz;
create index document_sha256 on document (sha256);
create index document_sketch on document using gin (sketch) where state in ('live', 'waiting');
create index document_based_names on document using gin (based_names) where based_names <> '{}';
comment on table document is 'One row per version of a document. Writer: retrieval/store/documents.ts, retrieval/store/documents/live.ts, retrieval/store/documents/edit.ts, retrieval/store/documents/reviews.ts';
comment on column document.based_on is 'titles and numbers of the documents it is made under, as written; when one of them ends, this one is flagged';
comment on column document.based_names is 'based_on, normalised like names';
comment on column document.sketch is 'the smallest hashes of its text; how many two documents share estimates how alike they are';
comment on column document.reviewed_by is 'who approved it, or confirmed what rules proposed';
comment on column document.missing_since is 'its file was no longer where it had been found';

create table document_action (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default now(),
  document text not null,
  actor    text not null,
  action   text not null check (action in ('uploaded', 'edited', 'approved', 'rejected', 'withdrawn', 'clause_wrong', 'clause_right')),
  field    text,
  before   jsonb,
  after    jsonb
);
create index document_action_document on document_action (document, id);
comment on table document_action is 'Append-only: who uploaded, corrected, approved, rejected or withdrew a document. Writer: retrieval/store/documents/actions.ts';
comment on column document_action.actor is 'os:NAME at a command, person:ID for somebody registered, demo or system otherwise';
comment on column document_action.document is 'id of the version; no foreign key, because the act stays when a version goes';
create function document_action_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'document_action is append-only';
end $$;
create trigger document_action_append_only before update or delete or truncate on document_action for each statement execute function document_action_is_append_only();

create table passage_protected (
  passage    text primary key references passage (id) on delete cascade,
  visibility smallint not null check (visibility in (2, 3)),
  text       text not null,
  fields     jsonb not null default '{}'
);
comment on table passage_protected is 'What of an achievement is not public: never indexed, never embedded, read only by those who may. Writer: retrieval/store/passages.ts';

create table column_mapping (
  headers text primary key,
  mapping jsonb not null,
  set_by  text not null,
  set_at  timestamptz not null default now()
);
comment on table column_mapping is 'Which column of an achievement table means what, as a person corrected it, remembered per set of headers. Writer: retrieval/store/documents/mappings.ts';
comment on column column_mapping.headers is 'hash of the header row';
