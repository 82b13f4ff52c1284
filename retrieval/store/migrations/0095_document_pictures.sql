-- What a reviewer compares recognised text with: the pages it was read from.

create table document_picture (
  document_id text not null references document (id) on delete cascade,
  page integer not null,
  type text not null,
  bytes bytea not null,
  primary key (document_id, page)
);
comment on table document_picture is 'Pictures of the pages of a scan, kept while it waits for review. Writer: retrieval/store/documents/pictures.ts';
comment on column document_picture.type is 'image/png or image/jpeg';
