-- A scripted clock (YUANQIAO_CLOCK) reaches what happened, so that a report of a scripted year finds it. Leases, queues and sessions
-- go by the real time.

create function park_now() returns timestamptz language sql stable as $$
  select case when coalesce(current_setting('yuanqiao.clock', true), '') = '' then now()
              else (select to_timestamp((each[1]::float8 + (extract(epoch from now())::float8 * 1000 - each[3]::float8) * each[2]::float8) / 1000)
                      from string_to_array(current_setting('yuanqiao.clock', true), ',') as each) end
$$;
comment on function park_now() is 'now() unless the session has a scripted clock: start, rate and origin in ms (retrieval/base/clock.ts)';

alter table answer alter column at set default park_now();
alter table audit alter column at set default park_now();
alter table calibration alter column made_at set default park_now();
alter table call_task alter column created_at set default park_now();
alter table closed_topic alter column closed_at set default park_now();
alter table conversation alter column created_at set default park_now();
alter table conversation alter column seen_at set default park_now();
alter table demand alter column created_at set default park_now();
alter table document alter column created_at set default park_now();
alter table document_action alter column at set default park_now();
alter table faq_candidate alter column created_at set default park_now();
alter table message alter column at set default park_now();
alter table person alter column created_at set default park_now();
alter table recall alter column created_at set default park_now();
alter table recall_notice alter column told_at set default park_now();
alter table ticket alter column opened_at set default park_now();
alter table ticket_event alter column at set default park_now();
alter table verdict alter column at set default park_now();
alter table verified_account alter column verified_at set default park_now();
