-- What a passage gives for each of its terms, beside it: a candidate is scored by one product instead of a look into the postings per term.
alter table passage add column impacts sparsevec;
alter table passage alter column impacts set storage main; -- in the row as long as a page holds it: fetching it from outside costs more than reading it
update passage set impacts = made.impacts
  from (select passage, ('{' || string_agg(place || ':' || impact, ',') || '}/1000000000')::sparsevec as impacts
          from (select passage, (term::bigint & 4294967295) % 1000000000 + 1 as place,
                       max((1.9::float8 * count / (count + 0.36::float8 + 0.00108::float8 * length))::real) as impact
                  from posting group by 1, 2) as placed
         group by passage) as made
 where made.passage = passage.number;
comment on column passage.impacts is 'BM25 impact of every term, at the place its hash gives (retrieval/text/impact.ts); null until its terms are known';

-- A search remembers which documents it lets through for as long as no document changes.
create function document_changed() returns trigger language plpgsql as $$
begin
  insert into library_state (name, value) values ('documents', to_jsonb(pg_current_xact_id()::text))
  on conflict (name) do update set value = excluded.value;
  return null;
end $$;
create trigger document_changed after insert or update or delete or truncate on document
  for each statement execute function document_changed();
insert into library_state (name, value) values ('documents', to_jsonb(pg_current_xact_id()::text)) on conflict do nothing;
