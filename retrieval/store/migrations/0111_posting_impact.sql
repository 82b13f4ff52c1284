-- Migration 0110 could not tell text from labels, and the walk of retrieval/store/documents/upkeep.ts leaves postings alone.
comment on column posting.impact is 'as retrieval/text/impact.ts has it for a usual length of 500; in rows from before this column labels count as text, until their document is written anew. It finds candidates, which the impacts of their passages then rank';
