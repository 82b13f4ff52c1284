-- A question compares tens of thousands of codes and a few dozen whole vectors: each has rows of its own. Whole vectors lie in their rows, at
-- half precision: outside them every one was another look-up and three more pages, and the third digit of a cosine is as it was.
alter table passage_vector rename to passage_vector_before;
create table passage_vector (
  embedder int not null references embedder (id) on delete cascade,
  passage  int not null references passage (number) on delete cascade,
  vector   halfvec not null,
  primary key (passage, embedder)
) with (toast_tuple_target = 8160);
alter table passage_vector alter column vector set storage external;
comment on table passage_vector is 'Unit-length vectors. Writer: retrieval/store/vectors.ts';

create table passage_code (
  embedder int not null,
  passage  int not null,
  document int not null,
  code     bit varying not null,
  primary key (passage, embedder),
  foreign key (passage, embedder) references passage_vector (passage, embedder) on delete cascade
);
comment on table passage_code is 'What a search compares before it reads whole vectors. Writer: retrieval/store/vectors.ts';
comment on column passage_code.document is 'document.number, here so that validity, region and kind restrict before anything is compared';
comment on column passage_code.code is 'sign of every axis; an approximate index over it is made per embedder when the library is large';

insert into passage_vector (embedder, passage, vector) select embedder, passage, vector::halfvec from passage_vector_before order by passage;
insert into passage_code (embedder, passage, document, code) select embedder, passage, document, code from passage_vector_before order by passage;
drop table passage_vector_before;

-- A narrow filter reads the codes of its few documents and nothing else.
create index passage_code_document on passage_code (document, embedder);
alter index passage_vector_pkey1 rename to passage_vector_pkey;
