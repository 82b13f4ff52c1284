-- A bit per axis of every vector: what a search compares before it fetches whole vectors, which lie outside their rows.
alter table passage_vector add column code bit varying generated always as (binary_quantize(vector)) stored;
comment on column passage_vector.code is 'sign of every axis; an approximate index over it is made per embedder when the library is large (retrieval/store/vectors.ts)';

-- A narrow filter reads the vectors of its few documents and nothing else.
create index passage_vector_document on passage_vector (document, embedder);

-- What the filter of every search asks of a document, without reading its fields.
create index document_filter on document (number)
  include (passages, kind, state, binding, issued_on, effective_from, effective_to, ended_on, regions)
  where state in ('live', 'replaced');
