-- What a search reads is ready where it looks: a passage's text in its row, a posting's impact instead of what it is made of.

-- From a quarter of a page on Postgres moves long columns elsewhere, and every one of them is another look-up and two more pages.
alter table passage set (toast_tuple_target = 8160);
update passage set text = text || '';

alter table posting drop constraint posting_pkey;
alter table posting alter column count type real using (1.7 * count / (count + 0.07 + 0.00126 * length));
alter table posting rename column count to impact;
alter table posting drop column length;
alter table posting add primary key (term, passage) include (document, impact);
comment on table posting is 'term is a 32-bit hash of a character uni- or bigram, word or number. Writer: retrieval/store/passages.ts';
comment on column posting.impact is 'as retrieval/text/impact.ts has it for a usual length of 500; in rows from before this column labels count as text, until their document is written anew. It finds candidates, which the impacts of their passages then rank';
