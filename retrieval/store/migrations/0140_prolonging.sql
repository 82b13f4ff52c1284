-- A notice may prolong another document: 《…》有效期延长至2027年12月31日.

alter table document
  add column prolongs       text[] not null default '{}',
  add column prolongs_names text[] not null default '{}',
  add column prolongs_to    date;
create index document_prolongs_names on document using gin (prolongs_names) where prolongs_names <> '{}';
comment on column document.prolongs is 'titles and numbers of the documents whose validity it prolongs, as written';
comment on column document.prolongs_names is 'prolongs, normalised like names';
comment on column document.prolongs_to is 'the last day it gives them; null when it names a period or none';
