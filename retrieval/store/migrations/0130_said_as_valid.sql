-- What was shown with the word that it is over, or of a day that is over, was never said to hold: nobody has to be told that it does not.

alter table answer_passage add column as_valid boolean not null default true;
comment on column answer_passage.as_valid is 'false: shown as superseded, expired, a draft or not yet in force, or as the rule of an earlier day; a recall leaves it out';
update answer_passage r set as_valid = false
  from answer a cross join jsonb_array_elements(a.citations) c
 where a.id = r.answer and c ->> 'passage_id' = r.passage
   and c ->> 'status' in ('draft', 'scheduled', 'expired', 'superseded', 'repealed');
