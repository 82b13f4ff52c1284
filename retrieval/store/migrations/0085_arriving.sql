-- A large document is written in pieces, each a short transaction, so that nobody waits for the whole of it.

alter table document drop constraint document_state_check;
alter table document add constraint document_state_check check (state in ('arriving', 'live', 'waiting', 'replaced', 'withdrawn', 'rejected'));
alter table document add column arriving_as text check (arriving_as in ('live', 'waiting'));
alter table document add column arriving_until timestamptz;
comment on column document.arriving_as is 'while arriving: what it becomes with its last piece; as live the terms of each piece are counted with it';
comment on column document.arriving_until is 'while arriving: after this its writer is dead, and whoever writes next removes what it left';
create index document_arriving on document (arriving_until) where state = 'arriving';
comment on table document is 'One row per version of a document. Writer: retrieval/store/documents.ts, retrieval/store/documents/live.ts, retrieval/store/documents/edit.ts, retrieval/store/documents/reviews.ts, retrieval/store/documents/arrive.ts';
