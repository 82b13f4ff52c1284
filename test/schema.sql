create extension vector;
create table achievement (
  id bigint not null generated always as identity,
  key text not null,
  title text not null,
  demo boolean not null default false,
  created_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (key)
);
create table achievement_record (
  passage text not null,
  achievement bigint not null,
  PRIMARY KEY (passage),
  FOREIGN KEY (achievement) REFERENCES achievement(id) ON DELETE CASCADE
);
CREATE INDEX achievement_record_of ON achievement_record USING btree (achievement);
create table answer (
  id bigint not null generated always as identity,
  conversation bigint,
  inbox bigint,
  question text not null,
  standalone text not null,
  as_of date not null,
  decision text not null,
  reason text,
  confidence real,
  threshold real,
  text text,
  citations jsonb not null default '[]'::jsonb,
  evidence jsonb not null default '[]'::jsonb,
  options jsonb not null default '[]'::jsonb,
  prompt text,
  model text,
  ms jsonb not null default '{}'::jsonb,
  feedback text,
  at timestamp with time zone not null default park_now(),
  usage jsonb,
  feedback_reason text,
  PRIMARY KEY (id),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (inbox) REFERENCES inbox(id) ON DELETE SET NULL,
  CHECK ((feedback = ANY (ARRAY['helpful'::text, 'not_helpful'::text])))
);
CREATE INDEX answer_conversation ON answer USING btree (conversation, id);
create table answer_passage (
  answer bigint not null,
  passage text not null,
  as_valid boolean not null default true,
  PRIMARY KEY (answer, passage),
  FOREIGN KEY (answer) REFERENCES answer(id) ON DELETE CASCADE
);
CREATE INDEX answer_passage_passage ON answer_passage USING btree (passage);
create table audit (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default park_now(),
  actor text not null,
  action text not null,
  about text not null,
  detail jsonb not null default '{}'::jsonb,
  PRIMARY KEY (id)
);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
create table calibration (
  id bigint not null generated always as identity,
  made_at timestamp with time zone not null default park_now(),
  made_by text not null,
  data text not null,
  data_sha256 text not null,
  questions integer not null,
  unanswerable integer not null,
  model integer not null,
  content jsonb not null,
  figures jsonb not null,
  taken_back_at timestamp with time zone,
  taken_back_by text,
  PRIMARY KEY (id)
);
create table call_task (
  id bigint not null generated always as identity,
  conversation bigint not null,
  outbox bigint not null,
  person bigint,
  created_at timestamp with time zone not null default park_now(),
  done_at timestamp with time zone,
  done_by bigint,
  PRIMARY KEY (id),
  UNIQUE (outbox),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (done_by) REFERENCES person(id),
  FOREIGN KEY (outbox) REFERENCES outbox(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES person(id)
);
CREATE INDEX call_task_open ON call_task USING btree (conversation) WHERE (done_at IS NULL);
create table chain_step (
  id bigint not null generated always as identity,
  key text not null,
  demand bigint,
  achievement bigint,
  ticket bigint,
  stage text not null,
  person bigint,
  actor text not null,
  at timestamp with time zone not null default park_now(),
  evidence jsonb not null default '{}'::jsonb,
  source text not null default 'step'::text,
  taken_back_at timestamp with time zone,
  taken_back_by text,
  taken_back_why text,
  PRIMARY KEY (id),
  UNIQUE (key),
  FOREIGN KEY (achievement) REFERENCES achievement(id) ON DELETE CASCADE,
  FOREIGN KEY (demand) REFERENCES demand(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES person(id),
  FOREIGN KEY (ticket) REFERENCES ticket(id) ON DELETE CASCADE,
  CHECK (((num_nonnulls(demand, achievement) = 1) OR ((num_nonnulls(demand, achievement) = 0) AND (ticket IS NOT NULL)))),
  CHECK ((source = ANY (ARRAY['step'::text, 'outcome'::text, 'implied'::text, 'rule'::text]))),
  CHECK ((stage = ANY (ARRAY['collected'::text, 'vetted'::text, 'reviewed'::text, 'published'::text, 'introduced'::text, 'agreed'::text, 'signed'::text, 'registered'::text, 'received'::text, 'redeemed'::text, 'coached'::text, 'roadshow'::text, 'financed'::text, 'transferred'::text, 'rejected'::text, 'withdrawn'::text, 'failed'::text])))
);
CREATE INDEX chain_step_at ON chain_step USING btree (stage, at);
CREATE UNIQUE INDEX chain_step_achievement ON chain_step USING btree (achievement, stage) WHERE ((taken_back_at IS NULL) AND (stage <> ALL (ARRAY['roadshow'::text, 'financed'::text])));
CREATE UNIQUE INDEX chain_step_case ON chain_step USING btree (ticket, stage) WHERE ((taken_back_at IS NULL) AND (demand IS NULL) AND (achievement IS NULL));
CREATE UNIQUE INDEX chain_step_demand ON chain_step USING btree (demand, stage) WHERE ((taken_back_at IS NULL) AND (stage <> ALL (ARRAY['received'::text, 'redeemed'::text, 'financed'::text])));
create table channel_state (
  channel text not null,
  name text not null,
  value jsonb not null,
  PRIMARY KEY (channel, name)
);
create table closed_topic (
  id bigint not null generated always as identity,
  words text not null,
  closed_by text not null,
  closed_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (words)
);
create table column_mapping (
  headers text not null,
  mapping jsonb not null,
  set_by text not null,
  set_at timestamp with time zone not null default now(),
  PRIMARY KEY (headers)
);
create table conversation (
  id bigint not null generated always as identity,
  chat text not null,
  person text,
  person_name text,
  language text,
  turn text not null default 'bot'::text,
  clarified integer not null default 0,
  blocked boolean not null default false,
  memory jsonb not null default '{}'::jsonb,
  lease_owner text,
  lease_until timestamp with time zone,
  fence bigint not null default 0,
  created_at timestamp with time zone not null default park_now(),
  seen_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (chat),
  CHECK ((turn = ANY (ARRAY['bot'::text, 'waiting_for_broker'::text, 'broker'::text])))
);
create table demand (
  id bigint not null generated always as identity,
  conversation bigint,
  person text,
  need text not null,
  fields jsonb not null default '{}'::jsonb,
  anonymous boolean not null default false,
  ticket bigint,
  created_at timestamp with time zone not null default park_now(),
  confidential text[] not null default '{}'::text[],
  public_text text,
  public_form text,
  board text,
  open_until date,
  matched_to timestamp with time zone,
  PRIMARY KEY (id),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (ticket) REFERENCES ticket(id) ON DELETE SET NULL,
  CHECK ((board = ANY (ARRAY['enterprise'::text, 'park'::text]))),
  CHECK ((public_form = ANY (ARRAY['open'::text, 'anonymous'::text])))
);
CREATE INDEX demand_conversation ON demand USING btree (conversation, id);
CREATE INDEX demand_ticket ON demand USING btree (ticket);
create table demand_match (
  demand bigint not null,
  achievement bigint not null,
  passage text not null,
  why text not null,
  found_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (demand, achievement),
  FOREIGN KEY (achievement) REFERENCES achievement(id) ON DELETE CASCADE,
  FOREIGN KEY (demand) REFERENCES demand(id) ON DELETE CASCADE
);
create table demand_offer (
  id bigint not null generated always as identity,
  demand bigint not null,
  conversation bigint not null,
  ticket bigint,
  words text not null,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (demand, conversation),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (demand) REFERENCES demand(id) ON DELETE CASCADE,
  FOREIGN KEY (ticket) REFERENCES ticket(id) ON DELETE SET NULL
);
create table desk_link (
  token_hash text not null,
  person bigint not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  PRIMARY KEY (token_hash),
  FOREIGN KEY (person) REFERENCES person(id) ON DELETE CASCADE
);
create table desk_session (
  id_hash text not null,
  person bigint not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  PRIMARY KEY (id_hash),
  FOREIGN KEY (person) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX desk_session_person ON desk_session USING btree (person) WHERE (ended_at IS NULL);
create table document (
  id text not null,
  number integer not null generated always as identity,
  family text not null,
  version integer not null,
  source text not null,
  sha256 text not null,
  fingerprint text not null,
  kind text not null,
  title text not null,
  doc_no text,
  issuers text[] not null default '{}'::text[],
  genre text,
  level text,
  regions text[] not null default '{}'::text[],
  binding boolean not null default true,
  issued_on date,
  effective_from date,
  effective_to date,
  ended_on date,
  ended_how text,
  ended_by text,
  supersedes text[] not null default '{}'::text[],
  names text[] not null default '{}'::text[],
  ends text[] not null default '{}'::text[],
  passages integer not null default 0,
  length integer not null default 0,
  fields jsonb not null default '{}'::jsonb,
  doubts jsonb not null default '[]'::jsonb,
  state text not null,
  demo boolean not null default false,
  uploaded_by text,
  created_at timestamp with time zone not null default park_now(),
  live_from timestamp with time zone,
  live_to timestamp with time zone,
  based_on text[] not null default '{}'::text[],
  based_names text[] not null default '{}'::text[],
  sketch integer[] not null default '{}'::integer[],
  reviewed_by text,
  reviewed_at timestamp with time zone,
  missing_since timestamp with time zone,
  arriving_as text,
  arriving_until timestamp with time zone,
  prolongs text[] not null default '{}'::text[],
  prolongs_names text[] not null default '{}'::text[],
  prolongs_to date,
  PRIMARY KEY (id),
  UNIQUE (family, version),
  UNIQUE (number),
  CHECK ((arriving_as = ANY (ARRAY['live'::text, 'waiting'::text]))),
  CHECK ((ended_how = ANY (ARRAY['superseded'::text, 'repealed'::text]))),
  CHECK ((kind = ANY (ARRAY['policy'::text, 'achievement'::text, 'faq'::text, 'event'::text, 'organisation'::text]))),
  CHECK ((state = ANY (ARRAY['arriving'::text, 'live'::text, 'waiting'::text, 'replaced'::text, 'withdrawn'::text, 'rejected'::text])))
);
CREATE INDEX document_arriving ON document USING btree (arriving_until) WHERE (state = 'arriving'::text);
CREATE INDEX document_based_names ON document USING gin (based_names) WHERE (based_names <> '{}'::text[]);
CREATE INDEX document_ended_by ON document USING btree (ended_by) WHERE (ended_by IS NOT NULL);
CREATE INDEX document_ends ON document USING btree (number) WHERE (ends <> '{}'::text[]);
CREATE INDEX document_filter ON document USING btree (number) INCLUDE (passages, kind, state, binding, issued_on, effective_from, effective_to, ended_on, regions) WHERE (state = ANY (ARRAY['live'::text, 'replaced'::text]));
CREATE INDEX document_fingerprint ON document USING btree (fingerprint);
CREATE INDEX document_names ON document USING gin (names);
CREATE INDEX document_prolongs_names ON document USING gin (prolongs_names) WHERE (prolongs_names <> '{}'::text[]);
CREATE INDEX document_sha256 ON document USING btree (sha256);
CREATE INDEX document_sketch ON document USING gin (sketch) WHERE (state = ANY (ARRAY['live'::text, 'waiting'::text]));
CREATE INDEX document_source ON document USING btree (source);
CREATE UNIQUE INDEX document_one_live ON document USING btree (family) WHERE (state = 'live'::text);
CREATE UNIQUE INDEX document_one_waiting ON document USING btree (family) WHERE (state = 'waiting'::text);
CREATE TRIGGER document_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON document FOR EACH STATEMENT EXECUTE FUNCTION document_changed();
create table document_action (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default park_now(),
  document text not null,
  actor text not null,
  action text not null,
  field text,
  before jsonb,
  after jsonb,
  PRIMARY KEY (id),
  CHECK ((action = ANY (ARRAY['uploaded'::text, 'edited'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text, 'clause_wrong'::text, 'clause_right'::text])))
);
CREATE INDEX document_action_document ON document_action USING btree (document, id);
CREATE TRIGGER document_action_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON document_action FOR EACH STATEMENT EXECUTE FUNCTION document_action_is_append_only();
create table document_picture (
  document_id text not null,
  page integer not null,
  type text not null,
  bytes bytea not null,
  PRIMARY KEY (document_id, page),
  FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE
);
create table embedder (
  id integer not null generated always as identity,
  model text not null,
  dimensions integer not null,
  chosen boolean not null default false,
  state text not null,
  since timestamp with time zone not null default now(),
  PRIMARY KEY (id),
  UNIQUE (model, dimensions),
  CHECK ((state = ANY (ARRAY['building'::text, 'serving'::text, 'retired'::text])))
);
CREATE UNIQUE INDEX embedder_one_serving ON embedder USING btree (state) WHERE (state = 'serving'::text);
create table event (
  id bigint not null generated always as identity,
  family text not null,
  number text,
  title text not null,
  type text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  day_only boolean not null default false,
  place text,
  details jsonb not null default '{}'::jsonb,
  seats integer,
  closes_at timestamp with time zone,
  asks_for text[] not null default '{name,company,people}'::text[],
  passage text,
  demo boolean not null default false,
  state text not null default 'on'::text,
  decided boolean not null default false,
  revision integer not null default 1,
  attendance integer,
  created_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  CHECK ((attendance >= 0)),
  CHECK ((seats > 0)),
  CHECK ((state = ANY (ARRAY['on'::text, 'postponed'::text, 'cancelled'::text, 'held'::text]))),
  CHECK ((type = ANY (ARRAY['roadshow'::text, 'open_day'::text, 'matchmaking'::text, 'contract_training'::text, 'broker_training'::text, 'training'::text, 'briefing'::text, 'contest'::text, 'coaching'::text, 'other'::text])))
);
CREATE INDEX event_coming ON event USING btree (starts_at);
CREATE INDEX event_family ON event USING btree (family);
create table event_signup (
  id bigint not null generated always as identity,
  event bigint not null,
  who text not null,
  conversation bigint,
  name text,
  company text,
  people integer not null default 1,
  phone text,
  position text,
  state text not null,
  attended boolean,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (event, who),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE SET NULL,
  FOREIGN KEY (event) REFERENCES event(id) ON DELETE CASCADE,
  CHECK (((people >= 1) AND (people <= 50))),
  CHECK ((state = ANY (ARRAY['in'::text, 'waiting'::text, 'cancelled'::text])))
);
CREATE INDEX event_signup_conversation ON event_signup USING btree (conversation);
create table event_stage (
  id bigint not null generated always as identity,
  event bigint not null,
  stage text not null,
  by text not null,
  evidence text,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  FOREIGN KEY (event) REFERENCES event(id) ON DELETE CASCADE,
  CHECK ((stage = ANY (ARRAY['announced'::text, 'moved'::text, 'postponed'::text, 'cancelled'::text, 'held'::text, 'attended'::text, 'trained'::text])))
);
CREATE INDEX event_stage_event ON event_stage USING btree (event, id);
create table event_trained (
  event bigint not null,
  person bigint not null,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (event, person),
  FOREIGN KEY (event) REFERENCES event(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX event_trained_person ON event_trained USING btree (person);
create table faq_candidate (
  id bigint not null generated always as identity,
  question text not null,
  answer text not null,
  author bigint,
  ticket bigint,
  terms integer[] not null,
  times integer not null default 1,
  state text not null default 'proposed'::text,
  document text,
  decided_by text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (ticket),
  FOREIGN KEY (author) REFERENCES person(id),
  FOREIGN KEY (ticket) REFERENCES ticket(id) ON DELETE SET NULL,
  CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'dismissed'::text])))
);
CREATE INDEX faq_candidate_state ON faq_candidate USING btree (state, times DESC);
create table inbox (
  id bigint not null generated always as identity,
  channel text not null,
  external_id text not null,
  conversation bigint not null,
  payload jsonb not null,
  run_at timestamp with time zone not null default now(),
  attempts integer not null default 0,
  error text,
  received_at timestamp with time zone not null default now(),
  done_at timestamp with time zone,
  outcome text,
  PRIMARY KEY (id),
  UNIQUE (channel, external_id),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE
);
CREATE INDEX inbox_due ON inbox USING btree (run_at, id) WHERE (done_at IS NULL);
CREATE INDEX inbox_lane ON inbox USING btree (conversation, id) WHERE (done_at IS NULL);
create table invitation (
  token_hash text not null,
  person bigint not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  PRIMARY KEY (token_hash),
  FOREIGN KEY (person) REFERENCES person(id) ON DELETE CASCADE
);
create table library_state (
  name text not null,
  value jsonb not null,
  PRIMARY KEY (name)
);
create table message (
  id bigint not null generated always as identity,
  conversation bigint not null,
  inbox bigint,
  author text not null,
  author_name text,
  text text not null,
  answer bigint,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (inbox) REFERENCES inbox(id) ON DELETE SET NULL,
  CHECK ((author = ANY (ARRAY['person'::text, 'bot'::text, 'broker'::text, 'note'::text])))
);
CREATE INDEX message_conversation ON message USING btree (conversation, id);
create table migration (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);
create table model_spending (
  day date not null,
  who text not null,
  calls integer not null default 0,
  input bigint not null default 0,
  output bigint not null default 0,
  reserved bigint not null default 0,
  cost numeric(14,6) not null default 0,
  reserved_before bigint not null default 0,
  reserved_span bigint not null default 0,
  PRIMARY KEY (day, who)
);
create table outbox (
  id bigint not null generated always as identity,
  key text not null,
  chat text not null,
  body jsonb not null,
  conversation bigint,
  run_at timestamp with time zone not null default now(),
  attempts integer not null default 0,
  state text not null default 'ready'::text,
  lease_owner text,
  lease_until timestamp with time zone,
  receipt jsonb,
  error text,
  created_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  rests_on text[] not null default '{}'::text[],
  released_at timestamp with time zone,
  resent integer not null default 0,
  PRIMARY KEY (id),
  UNIQUE (key),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  CHECK ((state = ANY (ARRAY['ready'::text, 'sending'::text, 'held'::text, 'sent'::text, 'dead'::text])))
);
CREATE INDEX outbox_conversation ON outbox USING btree (conversation, id);
CREATE INDEX outbox_held ON outbox USING btree (chat) WHERE (state = 'held'::text);
CREATE INDEX outbox_lane ON outbox USING btree (chat, id) WHERE (state = ANY (ARRAY['ready'::text, 'sending'::text]));
create table passage (
  id text not null,
  number integer not null generated always as identity,
  document_id text not null,
  position integer not null,
  clause text,
  heading text,
  text text not null,
  visibility smallint not null default 1,
  fields jsonb not null default '{}'::jsonb,
  terms integer[] not null,
  wrong_since timestamp with time zone,
  impacts sparsevec,
  PRIMARY KEY (id),
  UNIQUE (document_id, "position"),
  UNIQUE (number),
  FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE
) with (toast_tuple_target=8160);
CREATE INDEX passage_hidden ON passage USING btree (number) WHERE ((visibility > 1) OR (wrong_since IS NOT NULL));
create table passage_code (
  embedder integer not null,
  passage integer not null,
  document integer not null,
  code bit varying not null,
  PRIMARY KEY (passage, embedder),
  FOREIGN KEY (passage, embedder) REFERENCES passage_vector(passage, embedder) ON DELETE CASCADE
);
CREATE INDEX passage_code_document ON passage_code USING btree (document, embedder);
create table passage_protected (
  passage text not null,
  visibility smallint not null,
  text text not null,
  fields jsonb not null default '{}'::jsonb,
  PRIMARY KEY (passage),
  FOREIGN KEY (passage) REFERENCES passage(id) ON DELETE CASCADE,
  CHECK ((visibility = ANY (ARRAY[2, 3])))
);
create table passage_vector (
  embedder integer not null,
  passage integer not null,
  vector halfvec not null,
  PRIMARY KEY (passage, embedder),
  FOREIGN KEY (embedder) REFERENCES embedder(id) ON DELETE CASCADE,
  FOREIGN KEY (passage) REFERENCES passage(number) ON DELETE CASCADE
) with (toast_tuple_target=8160);
create table person (
  id bigint not null generated always as identity,
  role text not null,
  name text not null,
  telegram text,
  wecom text,
  fields text[] not null default '{}'::text[],
  hours text,
  capacity integer not null default 5,
  demo boolean not null default false,
  created_at timestamp with time zone not null default park_now(),
  removed_at timestamp with time zone,
  present boolean not null default true,
  languages text[] not null default '{}'::text[],
  conflicts text[] not null default '{}'::text[],
  PRIMARY KEY (id),
  UNIQUE (telegram),
  UNIQUE (wecom),
  CHECK ((role = ANY (ARRAY['broker'::text, 'lead'::text, 'staff'::text])))
);
create table posting (
  term integer not null,
  passage integer not null,
  document integer not null,
  impact real not null,
  PRIMARY KEY (term, passage) INCLUDE (document, impact)
);
create table recall (
  id bigint not null generated always as identity,
  cause text not null,
  title text not null,
  wording text,
  state text not null default 'proposed'::text,
  decided_by text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  CHECK ((cause = ANY (ARRAY['changed'::text, 'expired'::text, 'superseded'::text, 'withdrawn'::text, 'wrong'::text]))),
  CHECK ((state = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'dismissed'::text])))
);
create table recall_clause (
  recall bigint not null,
  passage text not null,
  cause text not null,
  clause text,
  now_says text,
  PRIMARY KEY (recall, passage),
  UNIQUE (passage, cause),
  FOREIGN KEY (recall) REFERENCES recall(id) ON DELETE CASCADE
);
create table recall_notice (
  recall bigint not null,
  conversation bigint not null,
  told_at timestamp with time zone not null default park_now(),
  PRIMARY KEY (recall, conversation),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (recall) REFERENCES recall(id) ON DELETE CASCADE
);
create table term_count (
  term integer not null,
  passages integer not null,
  PRIMARY KEY (term)
) with (fillfactor=70);
create table ticket (
  id bigint not null generated always as identity,
  conversation bigint not null,
  reason text not null,
  need text not null,
  packet jsonb not null default '{}'::jsonb,
  state text not null default 'waiting'::text,
  owner bigint,
  desk_chat text,
  opened_at timestamp with time zone not null default park_now(),
  promised_at timestamp with time zone,
  claimed_at timestamp with time zone,
  first_reply_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_how text,
  outcome text,
  satisfaction integer,
  priority smallint not null default 2,
  excluded bigint[] not null default '{}'::bigint[],
  follow_up_at timestamp with time zone,
  escalated_at timestamp with time zone,
  reopened_at timestamp with time zone,
  closed_by bigint,
  outcome_detail jsonb not null default '{}'::jsonb,
  outcome_at timestamp with time zone,
  satisfied_at timestamp with time zone,
  offered jsonb not null default '[]'::jsonb,
  first_promised_at timestamp with time zone,
  PRIMARY KEY (id),
  UNIQUE (desk_chat),
  FOREIGN KEY (closed_by) REFERENCES person(id),
  FOREIGN KEY (conversation) REFERENCES conversation(id) ON DELETE CASCADE,
  FOREIGN KEY (owner) REFERENCES person(id),
  CHECK (((priority >= 1) AND (priority <= 3))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'closed'::text])))
);
CREATE INDEX ticket_owner ON ticket USING btree (owner) WHERE (state = 'claimed'::text);
CREATE INDEX ticket_waiting ON ticket USING btree (opened_at) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX ticket_one_open ON ticket USING btree (conversation) WHERE (state <> 'closed'::text);
create table ticket_event (
  id bigint not null generated always as identity,
  ticket bigint not null,
  kind text not null,
  person bigint,
  action text,
  detail jsonb not null default '{}'::jsonb,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (id),
  UNIQUE (action),
  FOREIGN KEY (person) REFERENCES person(id),
  FOREIGN KEY (ticket) REFERENCES ticket(id) ON DELETE CASCADE
);
CREATE INDEX ticket_event_ticket ON ticket_event USING btree (ticket, id);
create table upload (
  id bigint not null generated always as identity,
  name text not null,
  bytes bytea,
  size integer not null,
  uploaded_by text not null,
  created_at timestamp with time zone not null default now(),
  taken_at timestamp with time zone,
  outcome jsonb,
  PRIMARY KEY (id)
);
CREATE INDEX upload_id_idx ON upload USING btree (id) WHERE (outcome IS NULL);
create table verdict (
  answer bigint not null,
  ticket bigint,
  person bigint not null,
  verdict text not null,
  at timestamp with time zone not null default park_now(),
  PRIMARY KEY (answer),
  FOREIGN KEY (answer) REFERENCES answer(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES person(id),
  FOREIGN KEY (ticket) REFERENCES ticket(id) ON DELETE SET NULL,
  CHECK ((verdict = ANY (ARRAY['right'::text, 'wrong'::text, 'should_have_asked'::text])))
);
create table verified_account (
  account text not null,
  enterprise text not null,
  verified_by text not null,
  verified_at timestamp with time zone not null default park_now(),
  revoked_at timestamp with time zone,
  PRIMARY KEY (account)
);
CREATE OR REPLACE FUNCTION audit_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'audit is append-only';
end $function$;
CREATE OR REPLACE FUNCTION document_action_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'document_action is append-only';
end $function$;
CREATE OR REPLACE FUNCTION document_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into library_state (name, value) values ('documents', to_jsonb(pg_current_xact_id()::text))
  on conflict (name) do update set value = excluded.value;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION park_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select case when coalesce(current_setting('yuanqiao.clock', true), '') = '' then now()
              else (select to_timestamp((each[1]::float8 + (extract(epoch from now())::float8 * 1000 - each[3]::float8) * each[2]::float8) / 1000)
                      from string_to_array(current_setting('yuanqiao.clock', true), ',') as each) end
$function$;
