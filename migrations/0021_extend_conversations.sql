-- What a conversation sets for itself, continued.

-- How much its model thinks. Not sent to a model that cannot be told.
alter table conversation_settings add column thinking text check (thinking in ('off', 'low', 'medium', 'high'));
alter table workspace_settings add column thinking text check (thinking in ('off', 'low', 'medium', 'high'));

-- Whether what an answer has used stands below it; and from which cost on its owner is told, who was when `usage_alerted_at` says so.
alter table conversation add column shows_usage boolean not null default false;
alter table conversation add column usage_alert_nano_usd bigint check (usage_alert_nano_usd > 0);
alter table conversation add column usage_alerted_at timestamptz(3);
-- What a conversation has cost.
create index usage_conversation on usage (conversation_id);
