-- Confidence refitted on a park's own labelled questions.

create table calibration (
  id           bigint generated always as identity primary key,
  made_at      timestamptz not null default now(),
  made_by      text not null,
  data         text not null,
  data_sha256  text not null,
  questions    int not null,
  unanswerable int not null,
  model        int not null,
  content      jsonb not null,
  figures      jsonb not null,
  taken_back_at timestamptz,
  taken_back_by text
);
comment on table calibration is 'What a park''s own questions taught about confidence; the newest not taken back holds. Writer: bot/calibrate/store.ts';
comment on column calibration.made_by is 'Who ran the command: the name of the account on the machine';
comment on column calibration.data is 'Folder or source of the labelled questions; never their text';
comment on column calibration.data_sha256 is 'Of the labelled questions, to tell whether two calibrations saw the same';
comment on column calibration.model is 'Version of the shipped model it corrects; void under another';
comment on column calibration.content is 'Correction and thresholds by error budget, as bot/judge/calibration.ts reads them';
comment on column calibration.figures is 'What was measured when it was made, on questions it had not seen';
