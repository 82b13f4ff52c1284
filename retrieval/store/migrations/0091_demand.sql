-- What enterprises need: asked for in a few short questions, stored as they said it.

create table demand (
  id           bigint generated always as identity primary key,
  conversation bigint not null references conversation (id) on delete cascade,
  person       text,
  need         text not null,
  fields       jsonb not null default '{}',
  anonymous    boolean not null default false,
  state        text not null default 'collected' check (state in ('collected')),
  ticket       bigint references ticket (id) on delete set null,
  created_at   timestamptz not null default now()
);
create index demand_conversation on demand (conversation, id);
comment on table demand is 'One technology need of an enterprise, in its own words. Writer: bot/records/demands.ts';
comment on column demand.person is 'platform account of who said it, as channels give it';
comment on column demand.fields is 'material, method, efficacy, product, application, budget, time: words of the person; what was not told is not there';
comment on column demand.anonymous is 'they asked not to be named to others';
comment on column demand.ticket is 'the case in which a broker looks after it';
