-- Sign-in to the web desk: one-time links and the sessions they begin. Only hashes are kept; what a browser or a chat holds is signed as well.

create table desk_link (
  token_hash text primary key,
  person     bigint not null references person (id) on delete cascade,
  expires_at timestamptz not null,
  used_at    timestamptz,
  created_at timestamptz not null default now()
);
comment on table desk_link is 'One-time links that sign a registered person in to the web desk. Writer: bot/desk/sessions.ts';
comment on column desk_link.token_hash is 'SHA-256 of the token in the link; the token itself is never stored here';
comment on column desk_link.used_at is 'set by the first confirmed use; every later one is refused';

create table desk_session (
  id_hash    text primary key,
  person     bigint not null references person (id) on delete cascade,
  created_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  ends_at    timestamptz not null,
  ended_at   timestamptz
);
comment on table desk_session is 'Browsers that are signed in to the web desk; who may do what is read from person at every request. Writer: bot/desk/sessions.ts';
comment on column desk_session.id_hash is 'SHA-256 of the id in the cookie';
comment on column desk_session.seen_at is 'last request, to the minute; a session nobody used for long ends';
comment on column desk_session.ends_at is 'ends then at the latest, used or not';
comment on column desk_session.ended_at is 'signed out, or put out by a lead';
create index desk_session_person on desk_session (person) where ended_at is null;
