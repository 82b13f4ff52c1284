-- Files staff give to the desk: kept first, read afterwards, so that nothing is lost in between.

create table upload (
  id bigint generated always as identity primary key,
  name text not null,
  bytes bytea,
  size integer not null,
  uploaded_by text not null,
  created_at timestamptz not null default now(),
  taken_at timestamptz,
  outcome jsonb
);
create index on upload (id) where outcome is null;
comment on table upload is 'Files given to the desk by staff, in the order they came. Writer: bot/desk/uploads.ts';
comment on column upload.bytes is 'the file, until it has been read';
comment on column upload.uploaded_by is 'person:ID, compared by two-person review';
comment on column upload.taken_at is 'when a process began to read it; after ten minutes another may';
comment on column upload.outcome is 'what ingest said of it; null until then';
