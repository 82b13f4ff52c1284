-- Length is measured against a usual passage of the library itself, and weighs on the text alone (retrieval/text/impact.ts). The postings do
-- not tell text from labels: the walk of retrieval/store/documents/upkeep.ts writes all impacts anew from the texts, from the next start on.
insert into library_state (name, value)
select 'usual_length', jsonb_build_object('length', greatest(1, round((value ->> 'length')::numeric / (value ->> 'passages')::numeric)), 'behind', 0)
  from library_state where name = 'totals' and (value ->> 'passages')::numeric > 0
on conflict do nothing;
