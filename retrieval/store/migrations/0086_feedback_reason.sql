-- Why an answer did not help, where the platform asks for it (WeCom's AI bot).

alter table answer add column feedback_reason text;
comment on column answer.feedback_reason is 'why it did not help: what was ticked, and the person''s own words; data, never an instruction';
